"""Claiming a case, giving it back, and what is said in it."""

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.actions.drafts import forget_draft
from forum.actions.notices import give_notice, read_notices
from forum.live import tell_member
from forum.models import Member, Role
from forum.refusals import KeyUsed
from moderation import live
from moderation.actions import running
from moderation.actions.marking import mark_words, speaker_of
from moderation.actions.moving import _move, guard, is_held_by, locked
from moderation.clocks import ANSWER
from moderation.models import Case, Door, Kind, Report, Rewrite, Signpost, State, Word
from moderation.notices import WORD
from moderation.refusals import Missing, NotAllowed
from realtime import log
from realtime.log import NewEvent

__all__ = [
    "answer_word",
    "claim_case",
    "conversations_of",
    "note_case",
    "read_words",
    "release_case",
    "send_word",
]

SAFETY = frozenset({Role.STAFF})  # whose words are about somebody's safety: counted in quiet hours too


def claim_case(case: Case, actor: Member) -> Case:
    """Takes an open case. Twice by the same person is once. Tells the queue and the reporters.

    Raises NotAllowed, and CaseMoved when somebody was quicker.
    """
    with transaction.atomic():
        if is_held_by(locked(case), actor, State.IN_REVIEW):
            return locked(case)
        fresh, now = guard("claim", case, actor), timezone.now()
        events = _move(fresh, "claim", actor, holder=actor, **running.claimed(fresh, now))
        log.append(*events, *read_reports(fresh, actor, fresh.version))
    return fresh


def release_case(case: Case, actor: Member) -> Case:
    """Gives a case back to the queue, no questions asked. Raises NotAllowed, CaseMoved."""
    with transaction.atomic():
        fresh = guard("release", case, actor)
        events = _move(fresh, "release", actor, **running.given_back(fresh, timezone.now()))
        log.append(*events, *_fell_back(fresh))
    return fresh


def note_case(case: Case, actor: Member, words: str) -> Case:
    """Writes a note for colleagues into the case; the member never sees it. Raises Missing, NotAllowed, CaseMoved."""
    if not words.strip():
        raise Missing("note", _("Write the note first."))
    with transaction.atomic():
        fresh = guard("note", case, actor)
        events = _move(fresh, "note", actor, words=words, **running.renewed(fresh, timezone.now()))
        log.append(*events, *read_reports(fresh, actor, case.version))
    return fresh


def send_word(case: Case, actor: Member, body: str, key: UUID, *, lines: Sequence[Signpost] = ()) -> Word:
    """Writes to the member a care case is about, as a person of the team; `lines` (unsaved) go with it, in their order. The
    same key and words again give the first word.

    The member hears of it at once, the reporters' receipts change. Raises Missing, NotAllowed, CaseMoved, and KeyUsed for the
    same key with other words.
    """
    if first := sent_before(actor, key, body, lines):
        return first
    need_words(body)
    action = "signpost" if lines else "word"
    try:
        with transaction.atomic():
            fresh = guard(action, case, actor)
            word = Word.objects.create(case=fresh, author=actor, body=body, from_team=True, key=key)
            _send_along(word, lines)
            events = _move(fresh, action, actor, **running.renewed(fresh, timezone.now()))
            events += read_reports(fresh, actor, case.version, tell=False)
            if fresh.kind == Kind.CARE:  # who reported words is not to learn that their author talks about them
                events += live.tell_reporters(fresh)
            events += give_notice(fresh.subject_id, WORD, fresh.pk, pressing=actor.role in SAFETY)
            log.append(*events, tell_member(fresh.subject_id, "word.sent", fresh.pk, fresh.version))
    except IntegrityError:
        # The same key arrived twice at once and the other was first: its row is there now.
        if first := sent_before(actor, key, body, lines):
            return first
        raise
    return word


def answer_word(case: Case, member: Member, body: str, key: UUID, **how: bool) -> Word:
    """The member writes back, from the small room too. Pulls the case's clock forward and tells whoever holds it.

    On a closed case the answer goes to the member's live care case, or reopens this one: it never waits unread. The same key
    and words again give the first word. `how` it came: by_mail, left_out. Raises NotAllowed where there is no conversation with
    this member, Missing, and KeyUsed for the same key with other words.
    """
    if first := sent_before(member, key, body):
        return first
    if not conversations_of(member).filter(pk=case.pk).exists():
        raise NotAllowed(_("There is nothing here, or nothing you can see."))
    need_words(body)
    try:
        with transaction.atomic():
            fresh = where_it_is_read(locked(case))
            due = timezone.now() + ANSWER[fresh.severity]
            word = Word.objects.create(
                case=fresh, author=member, body=body, from_team=False, key=key, answer_due_at=due, **how
            )
            forget_draft(member, f"word-{case.pk}")
            log.append(*answered(fresh, member), *tell_listeners(fresh))
    except IntegrityError:
        # The same key arrived twice at once and the other was first: its row is there now.
        if first := sent_before(member, key, body):
            return first
        raise
    return word


def conversations_of(member: Member):  # type: ignore[no-untyped-def]  # QuerySet[Case], latest first
    """The cases in which this member talks with the team. One they know nothing of is not among them."""
    spoken = Q(Exists(Word.objects.filter(case=OuterRef("pk")))) | Q(
        Exists(Report.objects.filter(case=OuterRef("pk"), door=Door.SELF))
    )
    sent = Q(Exists(Rewrite.objects.filter(case=OuterRef("pk"))))
    return Case.objects.filter(spoken | sent, subject=member).order_by("-opened_at")


def read_words(case: Case, reader: Member) -> None:
    """Marks what the other side wrote as read: for the member by having the page before them, for the team by being the one
    who writes to them. The other side's open pages hear of it.
    """
    mine = reader.pk == case.subject_id
    if mine:
        read_notices(reader, kind=WORD, ref=case.pk)
    if mine or reader.pk == speaker_of(case):
        mark_words(case, from_team=mine, reader=reader)


def read_reports(case: Case, actor: Member, seen_version: int, *, tell: bool = True) -> list[NewEvent]:
    """A person has read what had joined by the version they saw: the receipts follow. Returns events to append."""
    unread = case.reports.filter(read_at=None, case_version__lte=seen_version)
    if not unread.update(read_at=timezone.now(), read_by=actor):
        return []
    return live.tell_reporters(case) if tell else []


def sent_before(author: Member, key: UUID, body: str, lines: Sequence[Signpost] = ()) -> Word | None:
    """What this author sent under this key. Raises KeyUsed when it said something else."""
    first = Word.objects.filter(author=author, key=key).first()
    if first is None:
        return None
    went_along = list(first.signposts.values_list("helpline_id", "group_id"))
    if first.body != body or went_along != [(line.helpline_id, line.group_id) for line in lines]:
        raise KeyUsed(first.pk)
    return first


def _send_along(word: Word, lines: Sequence[Signpost]) -> None:
    for place, line in enumerate(lines):
        line.word, line.place = word, place
    Signpost.objects.bulk_create(lines)


def need_words(body: str) -> None:
    if not body.strip():
        raise Missing("body", _("Write something first."))


def where_it_is_read(case: Case) -> Case:
    """This case while it is live, else the live one about the same, else this one, which is opened again."""
    if case.is_live:
        return case
    same = Case.objects.filter(subject=case.subject_id, kind=case.kind, post=case.post_id).exclude(state=State.CLOSED)
    return same.select_for_update().first() or case


def answered(case: Case, member: Member) -> list[NewEvent]:
    """The member has written: the clock is pulled forward, or the case opened again for whoever knew them first."""
    now, care = timezone.now(), case.kind == Kind.CARE
    if case.is_live:
        return _move(case, "answer" if care else "talk", member, **running.answered(case, now))
    if not care:
        return _move(case, "talk_reopens", member, offered_to=case.closed_by, **running.talked_about(case, now))
    events = _move(case, "answer_reopens", member, offered_to=case.closed_by, **running.begun_again(case, now))
    return events + _fell_back(case)


def _fell_back(case: Case) -> list[NewEvent]:
    from moderation.actions.uncovered import fell_back  # it escalates, which reads reports, which is here

    return fell_back(case)


def tell_listeners(case: Case) -> list[NewEvent]:
    """Whoever holds it, and until staff join, whoever passed it to them."""
    people = sorted({person for person in (case.holder_id, case.escalated_by_id) if person and case.is_live})
    return [tell_member(person, "word.sent", case.pk, case.version) for person in people]

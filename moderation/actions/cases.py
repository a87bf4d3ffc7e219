"""Claiming a case, giving it back, handing it on, and what is said in it."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.live import tell_member
from forum.models import Member
from forum.refusals import KeyUsed
from moderation import live
from moderation.access import case_facts, facts_of
from moderation.actions import running
from moderation.actions.moving import _move, guard, is_held_by, locked
from moderation.models import Case, Door, Kind, State, Word
from moderation.refusals import Missing, NotAllowed
from moderation.workflow import may_see_case
from realtime import log
from realtime.log import NewEvent

__all__ = [
    "answer_word",
    "claim_case",
    "conversations_of",
    "hand_over_case",
    "note_case",
    "read_words",
    "release_case",
    "send_word",
]


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
        log.append(*_move(fresh, "release", actor, **running.given_back(fresh, timezone.now())))
    return fresh


def hand_over_case(case: Case, actor: Member, to: Member) -> Case:
    """Gives a case to a colleague, who is told. Raises NotAllowed also where the colleague may not handle it."""
    with transaction.atomic():
        fresh = guard("hand_over", case, actor)
        facts, colleague = case_facts(fresh), facts_of(to)
        own = facts.reported_by if fresh.kind == Kind.CONDUCT else frozenset()
        if not may_see_case(colleague, facts) or facts.subject in colleague.blocks or to.pk in own or to.pk == actor.pk:
            raise NotAllowed(_("This colleague cannot take this case."))
        events = _move(fresh, "hand_over", actor, holder=to, **running.claimed(fresh, timezone.now()))
        log.append(*events, tell_member(to.pk, "notice.changed", fresh.pk, fresh.version))
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


def send_word(case: Case, actor: Member, body: str, key: UUID) -> Word:
    """Writes to the member a care case is about, as a person of the team. The same key and words again give the first
    word.

    The member hears of it at once, the reporters' receipts change. Raises Missing, NotAllowed, CaseMoved, and KeyUsed for the
    same key with other words.
    """
    if first := _sent_before(actor, key, body):
        return first
    _need_words(body)
    try:
        with transaction.atomic():
            fresh = guard("word", case, actor)
            word = Word.objects.create(case=fresh, author=actor, body=body, from_team=True, key=key)
            events = _move(fresh, "word", actor, **running.renewed(fresh, timezone.now()))
            events += [tell_member(fresh.subject_id, "word.sent", fresh.pk, fresh.version), *live.tell_reporters(fresh)]
            log.append(*events, *read_reports(fresh, actor, case.version, tell=False))
    except IntegrityError:
        # The same key arrived twice at once and the other was first: its row is there now.
        if first := _sent_before(actor, key, body):
            return first
        raise
    return word


def answer_word(case: Case, member: Member, body: str, key: UUID) -> Word:
    """The member writes back, from the small room too. Pulls the case's clock forward and tells whoever holds it.

    On a closed case the answer goes to the member's live care case, or reopens this one: it never waits unread. The same key
    and words again give the first word. Raises NotAllowed where there is no conversation with this member, Missing, and KeyUsed
    for the same key with other words.
    """
    if first := _sent_before(member, key, body):
        return first
    if not conversations_of(member).filter(pk=case.pk).exists():
        raise NotAllowed(_("There is nothing here, or nothing you can see."))
    _need_words(body)
    try:
        with transaction.atomic():
            fresh = _where_it_is_read(locked(case))
            word = Word.objects.create(case=fresh, author=member, body=body, from_team=False, key=key)
            events = _answered(fresh, member)
            told = [tell_member(person, "word.sent", fresh.pk, fresh.version) for person in _listening(fresh)]
            log.append(*events, *told)
    except IntegrityError:
        # The same key arrived twice at once and the other was first: its row is there now.
        if first := _sent_before(member, key, body):
            return first
        raise
    return word


def conversations_of(member: Member):  # type: ignore[no-untyped-def]  # QuerySet[Case], latest first
    """The care cases in which this member talks with the team. One they know nothing of is not among them."""
    spoken = Case.objects.filter(words__from_team=True) | Case.objects.filter(reports__door=Door.SELF)
    return spoken.filter(subject=member, kind=Kind.CARE).distinct().order_by("-opened_at")


def read_words(case: Case, reader: Member) -> None:
    """Marks what the other side wrote as read: for the member by opening the page, for the team by holding the case."""
    mine = reader.pk == case.subject_id
    if mine or reader.pk == case.holder_id:
        case.words.filter(from_team=mine, read_at=None).update(read_at=timezone.now())


def read_reports(case: Case, actor: Member, seen_version: int, *, tell: bool = True) -> list[NewEvent]:
    """A person has read what had joined by the version they saw: the receipts follow. Returns events to append."""
    unread = case.reports.filter(read_at=None, case_version__lte=seen_version)
    if not unread.update(read_at=timezone.now(), read_by=actor):
        return []
    return live.tell_reporters(case) if tell else []


def _sent_before(author: Member, key: UUID, body: str) -> Word | None:
    first = Word.objects.filter(author=author, key=key).first()
    if first is not None and first.body != body:
        raise KeyUsed(first.pk)
    return first


def _need_words(body: str) -> None:
    if not body.strip():
        raise Missing("body", _("Write something first."))


def _where_it_is_read(case: Case) -> Case:
    if case.is_live:
        return case
    living = (
        Case.objects.select_for_update().filter(subject=case.subject_id, kind=Kind.CARE).exclude(state=State.CLOSED)
    )
    return living.first() or case


def _answered(case: Case, member: Member) -> list[NewEvent]:
    now = timezone.now()
    if case.is_live:
        return _move(case, "answer", member, **running.answered(case, now))
    return _move(case, "answer_reopens", member, offered_to=case.closed_by, **running.begun_again(case, now))


def _listening(case: Case) -> list[int]:
    """Whoever holds it, and until staff join, whoever passed it to them."""
    return sorted({person for person in (case.holder_id, case.escalated_by_id) if person and case.is_live})

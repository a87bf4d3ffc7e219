"""Break-glass: contact details are asked for in a case, agreed to by a second person or reviewed by one, and opened for thirty
minutes. Every step stands in the case's audit; the privacy lead hears of each opening."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.models import Member, Post
from moderation import disclosure_mail, disclosures, outside_requests
from moderation.actions.moving import _move, guard
from moderation.clocks import DISCLOSURE_REVIEW
from moderation.disclosures import ALONE, APPROVED, ASKED, Opened, open_now
from moderation.models import Basis, Case, Disclosure, DisclosureOpening, DisclosureStage, Purpose
from moderation.refusals import Answered, Missing, NotAllowed
from realtime import log


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see, why, and what lets us. `request` is the number of a lawful request in its register."""

    reason: str
    basis: str
    mail: bool = False
    card: bool = False
    sign_ins: bool = False
    post: Post | None = None
    request: str = ""

    @property
    def columns(self) -> dict[str, Any]:
        return {
            "reason": self.reason.strip(),
            "basis": self.basis,
            "wants_mail": self.mail,
            "wants_card": self.card,
            "wants_sign_ins": self.sign_ins,
            "post": self.post,
            "request": self.request.strip(),
            "purpose": Purpose.REQUEST if self.request.strip() else Purpose.DANGER,
        }


def ask_disclosure(case: Case, actor: Member, asked: Asked) -> Disclosure:
    """Asks to see contact details of the person a case is about: in a care case at urgent or above, or, with the number of a
    lawful request, in any case. The same again while it waits is once; other wishes take its place.

    The others of the staff are mailed. Raises Missing (no reason, no basis, nothing asked for, somebody else's post),
    NotAllowed (also for a request that is not decided, or is about somebody else), CaseMoved.
    """
    _check(case, asked)
    if asked.request.strip() and not outside_requests.decided_about(asked.request.strip(), case.subject_id):
        raise NotAllowed(_("Two people have to decide the request first, and it has to be about this person."))
    action = "request_disclosure" if asked.request.strip() else "ask_disclosure"
    with transaction.atomic():
        fresh = guard(action, case, actor)
        waiting = Disclosure.objects.select_for_update().filter(case=fresh, asked_by=actor, stage=ASKED).first()
        if waiting and all(getattr(waiting, name) == value for name, value in asked.columns.items()):
            return waiting
        if waiting:
            Disclosure.objects.filter(pk=waiting.pk).update(stage=DisclosureStage.LAPSED)
        made = Disclosure.objects.create(case=fresh, asked_by=actor, **asked.columns)
        disclosure_mail.tell_of_wish(made)
        log.append(*_move(fresh, action, actor, words=made.reason))
    return made


def approve_disclosure(disclosure: Disclosure, actor: Member) -> Disclosure:
    """A second person agrees; whoever asked may open it within a week, and is mailed. Twice is once.

    Raises NotAllowed (their own; the danger is over), Answered (somebody was quicker).
    """
    with _answering("approve_disclosure", disclosure, actor) as (case, row, repeated):
        if repeated:
            return row
        if reason := disclosures.why_over(row, case):
            raise NotAllowed(reason)
        row.stage, row.answered_by, row.answered_at = APPROVED, actor, timezone.now()
        row.save(update_fields=["stage", "answered_by", "answered_at"])
        disclosure_mail.tell_asker(row)
        log.append(*_move(case, "approve_disclosure", actor))
    return row


def refuse_disclosure(disclosure: Disclosure, actor: Member, words: str) -> Disclosure:
    """A second person says why not. Raises Missing, NotAllowed, Answered."""
    if not words.strip():
        raise Missing("words", _("Write why not, for whoever asked."))
    with _answering("refuse_disclosure", disclosure, actor) as (case, row, repeated):
        if repeated:
            return row
        row.stage, row.answered_by, row.answered_at = DisclosureStage.REFUSED, actor, timezone.now()
        row.answer = words.strip()
        row.save(update_fields=["stage", "answered_by", "answered_at", "answer"])
        disclosure_mail.tell_asker(row)
        log.append(*_move(case, "refuse_disclosure", actor, words=row.answer))
    return row


def open_disclosure(disclosure: Disclosure, actor: Member) -> DisclosureOpening:
    """Opens what was asked for, for thirty minutes. Before a second person has agreed only in an emergency; then another
    reviews it within 72 hours. The page asks for a fresh sign-in first. Open already is open.

    The privacy lead hears at once by day, in the morning by night. Raises NotAllowed, CaseMoved.
    """
    with transaction.atomic():
        case, row = _locked("open_disclosure", disclosure, actor)
        if running := open_now(row):
            return _own(running, actor)
        if reason := disclosures.why_not_open(row, case, actor.pk):
            raise NotAllowed(reason)
        now = timezone.now()
        if row.stage == ASKED:
            row.stage, row.review_due_at = ALONE, now + DISCLOSURE_REVIEW
            row.save(update_fields=["stage", "review_due_at"])
            disclosure_mail.tell_of_review(row)
        opening = DisclosureOpening.objects.create(disclosure=row, by=actor, opened_at=now)
        disclosure_mail.tell_privacy_lead(opening)
        log.append(*_move(case, "open_disclosure", actor))
    return opening


def reopen_disclosure(disclosure: Disclosure, actor: Member) -> DisclosureOpening:
    """Once more with one press, for whoever opened it, while the case is at emergency. The privacy lead hears of it too.

    Raises NotAllowed, CaseMoved.
    """
    with transaction.atomic():
        case, row = _locked("reopen_disclosure", disclosure, actor)
        if running := open_now(row):
            return _own(running, actor)
        if reason := disclosures.why_not_again(row, case, actor.pk):
            raise NotAllowed(reason)
        opening = DisclosureOpening.objects.create(disclosure=row, by=actor, again=True)
        disclosure_mail.tell_privacy_lead(opening)
        log.append(*_move(case, "reopen_disclosure", actor))
    return opening


def view_disclosure(disclosure: Disclosure, actor: Member) -> Opened:
    """The details, for whoever opened them, while that lasts; each look is in the audit. Raises NotAllowed once it has closed."""
    with transaction.atomic():
        case, row = _locked("view_disclosure", disclosure, actor)
        running = open_now(row)
        if running is None:
            raise NotAllowed(_("It has closed."))
        _own(running, actor)
        opened = disclosures.read_opened(row)
        log.append(*_move(case, "view_disclosure", actor))
    return opened


def shut_disclosure(disclosure: Disclosure, actor: Member) -> None:
    """Closes it before its time. Shut already is shut. Raises NotAllowed."""
    with transaction.atomic():
        case, row = _locked("shut_disclosure", disclosure, actor)
        if running := open_now(row):
            _own(running, actor)
            DisclosureOpening.objects.filter(pk=running.pk).update(shut_at=timezone.now())
            log.append(*_move(case, "shut_disclosure", actor))


def review_disclosure(disclosure: Disclosure, actor: Member, *, right: bool, words: str) -> Disclosure:
    """A second person says afterwards whether going alone was right, and why. Not right: it is shut and stays so.

    Raises Missing, NotAllowed (their own; nobody went alone), Answered.
    """
    if not words.strip():
        raise Missing("words", _("Write what you found. A sentence is enough."))
    with transaction.atomic():
        case, row = _locked("review_disclosure", disclosure, actor)
        _refuse_own(row, actor)
        if row.reviewed_by_id == actor.pk:
            return row
        if row.reviewed_by and row.reviewed_at:
            raise Answered(row.reviewed_by, row.reviewed_at)
        if row.stage != ALONE:
            raise NotAllowed(_("Nobody opened this alone, so there is nothing to review."))
        row.reviewed_by, row.reviewed_at, row.was_right, row.review = actor, timezone.now(), right, words.strip()
        row.save(update_fields=["reviewed_by", "reviewed_at", "was_right", "review"])
        if not right and (running := open_now(row)):
            DisclosureOpening.objects.filter(pk=running.pk).update(shut_at=timezone.now())
        disclosure_mail.tell_asker(row)
        log.append(*_move(case, "review_disclosure", actor, words=row.review))
    return row


@contextmanager
def _answering(action: str, disclosure: Disclosure, actor: Member) -> Iterator[tuple[Case, Disclosure, bool]]:
    """The case and the row, locked, and whether this person has answered already. Raises Answered when another has."""
    with transaction.atomic():
        case, row = _locked(action, disclosure, actor)
        _refuse_own(row, actor)
        repeated = row.answered_by_id == actor.pk
        if row.stage != ASKED and not repeated:
            if row.answered_at:
                raise Answered(row.answered_by, row.answered_at)
            raise NotAllowed(_("There is nothing to answer any more: it was opened in an emergency, or has lapsed."))
        yield case, row, repeated


def _locked(action: str, disclosure: Disclosure, actor: Member) -> tuple[Case, Disclosure]:
    """The case first, as everywhere, then the row of this case."""
    case = guard(action, Case.objects.get(pk=disclosure.case_id), actor)
    return case, Disclosure.objects.select_for_update().get(pk=disclosure.pk, case=case)


def _refuse_own(row: Disclosure, actor: Member) -> None:
    if row.asked_by_id == actor.pk:
        raise NotAllowed(_("You asked for this yourself, so somebody else answers."))


def _own(opening: DisclosureOpening, actor: Member) -> DisclosureOpening:
    if opening.by_id != actor.pk:
        raise NotAllowed(_("Only whoever asked opens it."))
    return opening


def _check(case: Case, asked: Asked) -> None:
    if not asked.reason.strip():
        raise Missing(
            "reason", _("Write why, in your own words. Whoever agrees reads it, and so may the person themself.")
        )
    if asked.basis not in Basis.values:
        raise Missing("basis", _("Pick what lets us do this."))
    if not (asked.mail or asked.card or asked.sign_ins or asked.post):
        raise Missing("fields_wanted", _("Tick what you need to see, and nothing else."))
    if asked.post is not None and asked.post.author_id != case.subject_id:
        raise Missing("fields_wanted", _("That is not a post of theirs."))

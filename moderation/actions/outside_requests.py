"""What is done with a request from outside: written down, called back, decided by two, given or refused, told, closed.

Each step is a guarded write on the row as it was seen, a line in the register that is never changed, and, where there is a
case, an event in its time line and in the audit chain.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.access import facts_of
from forum.actions.notices import give_notice
from forum.models import Member
from moderation import letters
from moderation.actions.moving import _move, locked
from moderation.actions.register_mail import tell_staff
from moderation.case_export.fields import FIELDS
from moderation.models import (
    BEFORE_DECISION,
    Case,
    OutsideRequest,
    RequestEvent,
    RequestField,
    RequestStep,
    Stage,
)
from moderation.outside_requests import cases_about, may, seen_by, text_for_journalists, why_not_close
from moderation.refusals import Missing, NotAllowed
from moderation.refusals_register import RegisterMoved
from realtime import log
from realtime.log import NewEvent

NUMBER = re.compile(r"\d[\d\s().\-/]*")
SAME_DIGITS = 9
WHAT_THEY_SAID = ("reach", "name", "organisation", "reference", "power", "asked", "about_words")
ASKED_ABOUT = "asked_about"  # the notice: its `ref` is a request


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came."""

    asker: str
    name: str
    organisation: str
    reference: str
    reach: str
    power: str
    asked: str
    about_words: str
    asked_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class CallBack:
    """Who was called back, on a number that we found ourselves."""

    called_number: str
    number_found: str
    spoke_with: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one decider puts before the other. `fields`: a key of FIELDS and why just this one is given."""

    give: bool
    why: str
    basis: str = ""
    leave_out: str = ""
    will_tell: bool = True
    why_not_told: str = ""
    review_on: date | None = None


def log_request(actor: Member, asked: Asked) -> OutsideRequest:
    """Writes a request down. Whom it is about is found by the handle; else it stays in their words.

    Raises NotAllowed where it is about whoever writes it down.
    """
    whom = letters.find_whom(asked.about_words)
    about = whom.member if whom else None
    if about == actor:
        raise NotAllowed(_("This is about you, so somebody else writes it down."))
    case = next(iter(cases_about(about.pk if about else None, facts_of(actor))), None)
    with transaction.atomic():
        request = OutsideRequest.objects.create(**asdict(asked), about=about, case=case, logged_by=actor)
        log.append(*_step(request, RequestStep.LOGGED, actor))
    return request


def call_back(request: OutsideRequest, actor: Member, call: CallBack) -> OutsideRequest:
    """Somebody was called back on a number found independently: from now on something may be given.

    Raises Missing where it is no number, or one they gave, in whichever field and however it is written; NotAllowed, and
    RegisterMoved when somebody was quicker.
    """
    if not _digits(call.called_number):
        raise Missing("called_number", _("This is no telephone number. Ring them; a mail can come from anybody."))
    if any(is_same_number(call.called_number, getattr(request, said)) for said in WHAT_THEY_SAID):
        raise Missing("called_number", _("This is the number they gave. Find one yourself, and call that."))
    with transaction.atomic():
        fresh = _guard(request, actor, "call")
        changes = asdict(call) | {"called_by": actor, "called_at": timezone.now(), "stage": Stage.VERIFIED}
        log.append(*_write(fresh, RequestStep.CALLED, actor, **changes))
    return fresh


def propose(
    request: OutsideRequest, actor: Member, proposal: Proposal, *, case: Case | None, fields: Mapping[str, str]
) -> OutsideRequest:
    """One person proposes to give these fields of this case, or nothing; another decides. Staff are told at once.

    Raises Missing for what must be there, NotAllowed (also to give without a call back), RegisterMoved.
    """
    with transaction.atomic():
        fresh = _guard(request, actor, "propose")
        if proposal.give and not may(fresh, actor).give:
            raise NotAllowed(_("Nobody has called them back yet, and without that nothing is given."))
        _judge(fresh, proposal, case, fields)
        if case is not None and case not in cases_about(fresh.about_id, facts_of(actor)):
            raise NotAllowed(_("There is nothing here, or nothing you can see."))
        changes = asdict(proposal) | {"proposed_by": actor, "proposed_at": timezone.now(), "case": case or fresh.case}
        events = _write(fresh, RequestStep.PROPOSED, actor, **changes)
        fresh.fields.all().delete()
        chosen = fields if proposal.give else {}
        RequestField.objects.bulk_create(
            RequestField(request=fresh, key=key, reason=why) for key, why in chosen.items()
        )
        tell_staff(
            f"request:{fresh.pk}:{fresh.version}",
            gettext_lazy("A request waits for a second person"),
            fresh,
            besides=actor,
        )
        log.append(*events)
    return fresh


def agree(request: OutsideRequest, actor: Member) -> OutsideRequest:
    """A second person agrees, and it is decided. Twice by the same person is once. Raises NotAllowed, RegisterMoved."""
    with transaction.atomic():
        if _locked(request, actor).confirmed_by_id == actor.pk:
            return _locked(request, actor)
        fresh = _guard(request, actor, "answer", strict=True)
        changes = {"confirmed_by": actor, "decided_at": timezone.now(), "stage": Stage.DECIDED}
        log.append(*_write(fresh, RequestStep.DECIDED, actor, **changes))
    return fresh


def turn_down(request: OutsideRequest, actor: Member) -> OutsideRequest:
    """The second person does not agree, or the first takes it back: it can be proposed anew. Raises as `agree`."""
    with transaction.atomic():
        mine = may(_locked(request, actor), actor).take_back
        fresh = _guard(request, actor, "take_back" if mine else "answer", strict=True)
        log.append(*_write(fresh, RequestStep.TURNED_DOWN, actor, **NOTHING_PROPOSED))
    return fresh


def hand_over(request: OutsideRequest, actor: Member, how: str) -> OutsideRequest:
    """It was given: to whom, and how. Raises Missing, NotAllowed, RegisterMoved."""
    return _answered(request, actor, how, "hand_over", Stage.GIVEN, RequestStep.GIVEN)


def say_no(request: OutsideRequest, actor: Member, how: str) -> OutsideRequest:
    """Whoever asked was told that they get nothing, and how. Raises Missing, NotAllowed, RegisterMoved."""
    return _answered(request, actor, how, "say_no", Stage.REFUSED, RequestStep.REFUSED)


def send_standing_text(request: OutsideRequest, actor: Member) -> OutsideRequest:
    """A journalist was sent the standing text, and nothing else. Raises NotAllowed, RegisterMoved."""
    return _answered(request, actor, text_for_journalists(), "text", Stage.REFUSED, RequestStep.REFUSED)


def tell_member(request: OutsideRequest, actor: Member, words: str) -> OutsideRequest:
    """The person it is about reads these words, as from a person, under /me/requests/. Raises Missing, NotAllowed."""
    if not words.strip():
        raise Missing("told_words", _("Write what they are to read."))
    with transaction.atomic():
        fresh = _guard(request, actor, "tell")
        changes = {"told_words": words.strip(), "told_by": actor, "told_at": timezone.now(), "will_tell": True}
        events = _write(fresh, RequestStep.TOLD, actor, **changes)
        assert fresh.about_id is not None
        log.append(*events, *give_notice(fresh.about_id, ASKED_ABOUT, fresh.pk))
    return fresh


def put_off_telling(request: OutsideRequest, actor: Member, why: str, review_on: date) -> OutsideRequest:
    """They cannot be told yet: why, and the day on which that is asked again. Raises Missing, NotAllowed."""
    if not why.strip():
        raise Missing("why_not_told", _("Write why not."))
    if review_on <= timezone.localdate():
        raise Missing("review_on", _("Choose a day that is still to come."))
    with transaction.atomic():
        fresh = _guard(request, actor, "tell")
        changes = {"will_tell": False, "why_not_told": why.strip(), "review_on": review_on}
        log.append(*_write(fresh, RequestStep.PUT_OFF, actor, **changes))
    return fresh


def close_request(request: OutsideRequest, actor: Member, outcome: str) -> OutsideRequest:
    """It is over, and what came of it. Raises Missing, NotAllowed (also while the member has to be told), RegisterMoved."""
    if not outcome.strip():
        raise Missing("outcome", _("Write what came of it."))
    with transaction.atomic():
        fresh = _guard(request, actor, "close")
        if reason := why_not_close(fresh):
            raise NotAllowed(reason)
        changes = {"outcome": outcome.strip(), "closed_by": actor, "closed_at": timezone.now(), "stage": Stage.CLOSED}
        log.append(*_write(fresh, RequestStep.CLOSED, actor, **changes))
    return fresh


NOTHING_PROPOSED: Mapping[str, Any] = {"proposed_by": None, "proposed_at": None, "give": None}


def is_same_number(words: str, others: str) -> bool:
    """Whether a telephone number stands in both: its last nine digits, which are the same with and without the code of a
    country. Short ones, such as 101, are nobody's own."""
    return any(
        number[-SAME_DIGITS:] in _digits(there)
        for here, there in ((words, others), (others, words))
        for number in map(_digits, NUMBER.findall(here))
        if len(number) >= SAME_DIGITS
    )


def _digits(words: str) -> str:
    return "".join(each for each in words if each.isdigit())


def note_step(request: OutsideRequest, what: RequestStep, actor: Member | None) -> list[NewEvent]:
    """A line in the register and, where there is a case, in its time line. Returns events for the outermost action."""
    return _step(request, what, actor)


def _answered(
    request: OutsideRequest, actor: Member, how: str, act: str, stage: Stage, step: RequestStep
) -> OutsideRequest:
    if not how.strip():
        raise Missing("answered_how", _("Write to whom, and how."))
    with transaction.atomic():
        fresh = _guard(request, actor, act)
        changes = {"answered_how": how.strip(), "answered_by": actor, "answered_at": timezone.now(), "stage": stage}
        log.append(*_write(fresh, step, actor, **changes))
    return fresh


def _judge(request: OutsideRequest, proposal: Proposal, case: Case | None, fields: Mapping[str, str]) -> None:
    if not proposal.why.strip():
        raise Missing("why", _("Write why."))
    if request.about_id and not proposal.will_tell:
        if not proposal.why_not_told.strip():
            raise Missing("why_not_told", _("Write why they are not told."))
        if proposal.review_on is None or proposal.review_on <= timezone.localdate():
            raise Missing("review_on", _("Choose the day on which you ask yourselves again."))
    if proposal.give:
        _judge_giving(proposal, case, fields)


def _judge_giving(proposal: Proposal, case: Case | None, fields: Mapping[str, str]) -> None:
    if not proposal.basis.strip():
        raise Missing("basis", _("Write on what basis it is given, in plain words."))
    if case is None:
        raise Missing("case", _("Choose the case."))
    if not fields:
        raise Missing("fields", _("Choose at least one thing to give, each with its reason."))
    for key, why in fields.items():
        if key not in FIELDS:
            raise Missing("fields", _("Please pick one of these."))
        if not why.strip():
            raise Missing(f"reason_{key}", _("Write why just this is given."))


def _locked(request: OutsideRequest, actor: Member) -> OutsideRequest:
    fresh = OutsideRequest.objects.select_for_update().get(pk=request.pk)
    if not seen_by(facts_of(actor)).filter(pk=fresh.pk).exists():
        raise NotAllowed(_("There is nothing here, or nothing you can see."))
    return fresh


def _guard(request: OutsideRequest, actor: Member, act: str, *, strict: bool = False) -> OutsideRequest:
    """The row as it is now, locked. A `strict` act is refused when anything at all has happened since it was seen."""
    fresh = _locked(request, actor)
    allowed = getattr(may(fresh, actor), act)
    if fresh.version != request.version and (strict or not allowed):
        raise RegisterMoved(fresh)
    if not allowed:
        raise NotAllowed(_("This cannot be done as the request stands now."))
    return fresh


def _write(request: OutsideRequest, step: RequestStep, actor: Member | None, **changes: Any) -> list[NewEvent]:
    for name, value in changes.items():
        setattr(request, name, value.strip() if isinstance(value, str) else value)
    request.version += 1
    request.save()
    return _step(request, step, actor)


def _step(request: OutsideRequest, what: RequestStep, actor: Member | None) -> list[NewEvent]:
    events: list[NewEvent] = []
    if request.case is not None:
        events = _move(locked(request.case), "register", actor, words=f"request {request.pk}: {what.value}")
    RequestEvent.objects.create(request=request, what=what, by=actor)
    return events


def lapse_proposal(request: OutsideRequest) -> bool:
    """For the clock: nobody answered the proposal in time. Whether this clock was the one that ended it."""
    with transaction.atomic():
        fresh = OutsideRequest.objects.select_for_update().get(pk=request.pk)
        if fresh.version != request.version or fresh.stage not in BEFORE_DECISION:
            return False
        log.append(*_write(fresh, RequestStep.LAPSED, None, **NOTHING_PROPOSED))
    return True

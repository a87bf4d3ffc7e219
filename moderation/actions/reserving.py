"""What goes past those who would handle it: a case is kept for staff, or for the independent contacts, and never given back."""

from typing import Any

from django.utils import timezone

from moderation import access, live, workflow
from moderation.actions import running
from moderation.actions.escalation import call_for_staff, escalated
from moderation.actions.moving import _move
from moderation.models import Case, EscalationSource, Kind, Reserved, State
from realtime.log import NewEvent


def kept_for(case: Case, reserved: str) -> Reserved:
    """What a case's reservation becomes: only ever the higher one. A case of care is never the independent contacts'."""
    wanted = Reserved.STAFF if case.kind == Kind.CARE and reserved == Reserved.INDEPENDENT else Reserved(reserved)
    return max(wanted, Reserved(case.reserved_for), key=list(Reserved).index)


def reserve_case(case: Case, reserved: str, source: EscalationSource) -> list[NewEvent]:
    """Takes a live case from those who handled it so far, and passes it to those it is kept for. Returns events.

    Whoever held it, was offered it or stayed with the person has no part in it any more, and their boards lose it.
    """
    kept = kept_for(case, reserved)
    if kept == case.reserved_for:
        return []
    before, was = access.roles_that_handle(case), case.state
    goes = workflow.narrowed(before, kept) != before
    to, changes = _passed(case, kept, source) if goes else (None, {})
    if goes:
        case.stays.filter(ended_at=None).update(ended_at=timezone.now())
    events = _move(case, "reserve", None, to=to, reserved_for=kept, **changes)
    return events + live.announce_gone(case, before, was)


def call_staff_at_once(case: Case, source: EscalationSource) -> list[NewEvent]:
    """A new case that is kept for staff stands on their board at once. Whom it rouses is called; the morning's mail has it."""
    if case.state != State.OPEN or case.reserved_for != Reserved.STAFF:
        return []
    return call_for_staff(case, source) if access.roles_that_handle(case) == workflow.STAFF_ONLY else []


def _passed(case: Case, kept: Reserved, source: EscalationSource) -> tuple[State | None, dict[str, Any]]:
    apart: dict[str, Any] = {"escalated_by": None, "offered_to": None}
    if kept == Reserved.INDEPENDENT:
        return State.OPEN, running.begun_again(case, timezone.now()) | apart
    if case.state in (State.ESCALATED, State.WITH_STAFF):
        return None, apart
    return State.ESCALATED, escalated(case, source, None) | apart

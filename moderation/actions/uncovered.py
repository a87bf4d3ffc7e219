"""What does not wait and has nobody left on shift who could look at it."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from forum.models import Member
from moderation import access, aside, calls, duty, workflow
from moderation.actions.escalation import call_for_staff
from moderation.models import Case, EscalationSource, Kind, Report, Source, State
from moderation.vocabulary import ROUSING
from realtime.log import NewEvent


def somebody_can_look(case: Case) -> bool:
    """Whether anybody on shift could take it now: nothing forbids them to, and it is not put aside for them."""
    facts = access.case_facts(case)
    return any(
        not workflow.why_not("claim", facts, access.facts_of(person)) for person in aside.willing(case, duty.on_shift())
    )


def waits_awake(now: datetime) -> Q:
    """Open at urgent or above, and not at rest until a time that was agreed on. A condition on Case."""
    rests = Q(asks_again_at__isnull=False, asks_again_at__gt=now)
    return Q(state=State.OPEN, severity__in=ROUSING) & ~rests


def leave_nobody_waiting(cases: Iterable[Case], gone: Member) -> list[NewEvent]:
    """Of these cases, locked by the caller: care goes to staff at once where nobody on shift is left for it, and about the
    rest whoever is on call hears. Returns events for the outermost action; call once `gone` is off shift.
    """
    events = list[NewEvent]()
    for case in cases:
        if case.kind == Kind.CARE:
            events += fell_back(case)
        elif _waits_alone(case):
            calls.ring_for(case, besides=gone)
    return events


def fell_back(case: Case) -> list[NewEvent]:
    """For care that has just come back to the queue, however it did: where it does not wait and nobody on shift could look, it
    goes to staff now, as it would have when it was told. Returns events for the outermost action.
    """
    if case.kind != Kind.CARE or not _waits_alone(case):
        return []
    return call_for_staff(case, _raised_by(case))


def _waits_alone(case: Case) -> bool:
    rests = case.asks_again_at is not None and case.asks_again_at > timezone.now()
    return case.state == State.OPEN and case.severity in ROUSING and not rests and not somebody_can_look(case)


def _raised_by(case: Case) -> EscalationSource:
    """Screening alone: nobody reported it, nobody raised it and nobody has looked."""
    told = case.reports.exclude(source=Source.SCREENING).exclude(Report.WAKES_NOBODY).exists()
    people = told or case.events.filter(action="raise").exists() or case.first_looked_at is not None
    return EscalationSource.HUMAN if people else EscalationSource.SCREENING

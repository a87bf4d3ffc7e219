"""Staying with a person whose case waits for staff, until staff are there."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from forum.actions.notices import give_notice
from forum.models import Member
from moderation import calls
from moderation.actions.moving import _move, guard
from moderation.models import Case, State, Stay
from moderation.notices_care import STAYING, TAKEN
from moderation.staying import going_on
from realtime import log
from realtime.log import NewEvent


def stay_with(case: Case, actor: Member) -> Stay:
    """Whoever escalated it says that they stay with the person until staff take it. Twice is once; the boards show it.

    Raises NotAllowed (also in a case about conduct), and CaseMoved when staff were quicker.
    """
    with transaction.atomic():
        fresh = guard("stay", case, actor)
        stay = Stay.objects.filter(case=fresh, episode=fresh.episode).first()
        if stay is not None and stay.ended_at is None:
            return stay
        begun = {"member": actor, "since": timezone.now(), "reminded_at": None, "ended_at": None}
        stay, _made = Stay.objects.update_or_create(case=fresh, episode=fresh.episode, defaults=begun)
        log.append(*_move(fresh, "stay", actor))
    return stay


def stop_staying(case: Case, actor: Member) -> None:
    """They cannot stay any longer. Staff see it on the case at once, and who is called about it is written to; nobody asks
    why. Twice is once. Raises NotAllowed, CaseMoved.
    """
    with transaction.atomic():
        fresh = guard("stop_staying", case, actor)
        log.append(*_ended(fresh, actor))


def end_stays_of(member: Member) -> list[NewEvent]:
    """All that this member stays with, for when they have to stop. Returns events for the caller to append; their case rows
    are locked here.
    """
    cases = Case.objects.select_for_update().filter(pk__in=stays_in_force(member).values("case")).order_by("pk")
    events: list[NewEvent] = []
    for case in list(cases):
        events += _ended(case, member)
    return events


def stay_on(case: Case) -> None:
    """The ladder begins anew while the case still waits: whoever stays with the person goes on staying."""
    Stay.objects.filter(case=case, episode=case.episode, ended_at=None).update(episode=case.episode + 1)


def stays_in_force(member: Member) -> QuerySet[Stay]:
    """What this member said they stay with and has not ended: of the escalation that waits now."""
    return going_on().filter(member=member)


def tell_who_stayed(case: Case, by: Member) -> list[NewEvent]:
    """Staff have taken it: whoever stayed can let go. Call once the case is taken. Returns events to append."""
    going_on = Stay.objects.filter(case=case, episode=case.episode, ended_at=None).exclude(member=by)
    events: list[NewEvent] = []
    for stay in going_on:
        events += give_notice(stay.member_id, STAYING, case.pk, state=TAKEN, pressing=True)
    return events


def _ended(case: Case, actor: Member) -> list[NewEvent]:
    """Call with the case locked."""
    ended = Stay.objects.filter(case=case, episode=case.episode, member=actor, ended_at=None)
    if case.state != State.ESCALATED or not ended.update(ended_at=timezone.now()):
        return []
    events = _move(case, "stop_staying", actor)
    calls.tell_left_alone(case)
    return events

"""Having to stop, and asking for somebody else. Neither asks why, and neither keeps a reason."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from forum.models import Member
from moderation import calls
from moderation.actions import running
from moderation.actions.duty import end_duties
from moderation.actions.escalation import escalated
from moderation.actions.moving import _move, guard, locked
from moderation.actions.staying import end_stays_of, stays_in_force
from moderation.actions.uncovered import leave_nobody_waiting, somebody_can_look, waits_awake
from moderation.models import Case, EscalationSource, PutAside, State
from moderation.vocabulary import ROUSING
from realtime import log
from realtime.log import NewEvent


def have_to_stop(member: Member) -> int:
    """Signed off from everything, at once: what was claimed is back in the queue, what staff held waits for staff again, and
    whoever is on call hears of what does not wait, also where nobody held it. Twice is once. Returns how many cases went back.
    """
    now, events = timezone.now(), list[NewEvent]()
    with transaction.atomic():
        end_duties(member, now)
        theirs = Q(holder=member) | Q(pk__in=stays_in_force(member).values("case"))
        found = list(Case.objects.select_for_update().filter(theirs | waits_awake(now)).order_by("pk"))
        held = [case for case in found if case.holder_id == member.pk]
        for case in held:
            events += _given_back(case, member, "release" if case.state == State.IN_REVIEW else "let_go")
            if case.state == State.OPEN and case.severity in ROUSING and somebody_can_look(case):
                calls.ring_for(case, besides=member)
        events += end_stays_of(member) + leave_nobody_waiting(found, member)
        log.append(*events)
    return len(held)


def ask_somebody_else(case: Case, actor: Member) -> Case:
    """Back to the queue, or to staff, and not offered to this person again. Twice is once.

    For an urgent one the people on duty hear of it at once. Raises NotAllowed, CaseMoved.
    """
    with transaction.atomic():
        now_is = locked(case)
        if now_is.holder_id != actor.pk and PutAside.objects.filter(case=case, member=actor).exists():
            return now_is
        fresh = guard("someone_else", case, actor)
        PutAside.objects.get_or_create(case=fresh, member=actor)
        events = _given_back(fresh, actor, "someone_else")
        if fresh.state == State.OPEN and fresh.severity in ROUSING:
            Case.objects.filter(pk=fresh.pk).update(nudged_at=timezone.now())  # half of the clock need not do it again
            calls.nudge_people(fresh)
        log.append(*events)
    return fresh


def _given_back(case: Case, member: Member, action: str) -> list[NewEvent]:
    """What moderators hold goes to the queue. What staff hold waits for staff, with a ladder of its own."""
    if case.state == State.IN_REVIEW:
        return _move(case, action, member, to=State.OPEN, **running.given_back(case, timezone.now()))
    waits = escalated(case, EscalationSource.HUMAN, None) | {"escalated_by": case.escalated_by}
    return _move(case, action, member, to=State.ESCALATED, **waits)

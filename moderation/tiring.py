"""What the clock does with a shift on which nobody has acted for a quarter of an hour: what was claimed on it goes back."""

import logging

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from moderation import duty
from moderation.actions import running
from moderation.actions.moving import _move
from moderation.actions.uncovered import leave_nobody_waiting, waits_awake
from moderation.models import Case, Duty, State
from realtime import log
from realtime.log import NewEvent

logger = logging.getLogger(__name__)


def end_tired_shifts() -> int:
    """Once for each silence, however many clocks run. Returns how many shifts this clock found."""
    tired = duty.nobody_there(timezone.now()).filter(tired_at=None)
    return sum(_tire(shift) for shift in list(tired))


def _tire(shift: Duty) -> bool:
    """The shift goes on with its person's next act. What rests until a time that was agreed on stays theirs till then."""
    now, events = timezone.now(), list[NewEvent]()
    with transaction.atomic():
        held = Q(holder=shift.member_id, state=State.IN_REVIEW) & ~Q(asks_again_at__isnull=False, asks_again_at__gt=now)
        waiting = list(Case.objects.select_for_update().filter(held | waits_awake(now)).order_by("pk"))
        if not duty.nobody_there(now).filter(pk=shift.pk, tired_at=None).update(tired_at=now):
            return False  # they have acted meanwhile, or another clock was quicker
        for case in waiting:
            if case.state == State.IN_REVIEW:
                events += _move(case, "lapse", None, **running.given_back(case, now))
        log.append(*events, *leave_nobody_waiting(waiting, shift.member))
    return True

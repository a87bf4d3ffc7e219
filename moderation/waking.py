"""What the clock does for care: wakes what rested, and reminds whoever stays with somebody and has fallen silent."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from forum.actions.notices import give_notice
from moderation.actions import running
from moderation.actions.moving import _move
from moderation.clocks import STAY_SILENCE
from moderation.models import Case, Stay
from moderation.notices_care import ASK_AGAIN, STAYING
from moderation.staying import Staying, going_on, with_words
from moderation.turns import take_turns
from realtime import log


def wake_resting() -> int:
    """Brings back the cases whose time has come; whoever kept one is told. Each once, however many clocks run."""
    now = timezone.now()
    due = Case.objects.filter(asks_again_at__lte=now).order_by("asks_again_at")
    return take_turns("waking", due, lambda case: _wake(case, now))


def _wake(case: Case, now: datetime) -> int:
    with transaction.atomic():
        events = _move(case, "time_to_ask", None, **running.woken(case, now))
        if case.holder_id:
            events += give_notice(case.holder_id, ASK_AGAIN, case.pk, pressing=True)
        log.append(*events)
    return 1


def remind_of_silence() -> int:
    """Whoever said that they stay and has not written for a while hears of it, once for each silence."""
    now = timezone.now()
    return sum(_remind(Staying(stay, stay.wrote_at), now) for stay in with_words(going_on()))  # type: ignore[attr-defined]


def _remind(staying: Staying, now: datetime) -> bool:
    stay = staying.stay
    told = stay.reminded_at is not None and stay.reminded_at >= staying.heard_at
    if told or now < staying.heard_at + STAY_SILENCE:
        return False
    with transaction.atomic():
        # As it was read: another clock may remind them, and they may say just now that they cannot stay.
        mine = Stay.objects.filter(pk=stay.pk, reminded_at=stay.reminded_at, ended_at=None).update(reminded_at=now)
        if mine:
            log.append(*give_notice(stay.member_id, STAYING, stay.case_id, pressing=True))
    return bool(mine)

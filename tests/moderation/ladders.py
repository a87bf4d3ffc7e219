"""What the tests of the ladder share: the clock at a moment, who was called, and the link that was sent to somebody."""

import re
from datetime import datetime, timedelta

import time_machine

from moderation import deadlines
from moderation.models import Case, LadderCall
from realtime.models import Delivery

LINK = re.compile(r"/up/([\w-]+)/")


def clock_at(moment: datetime) -> None:
    """One look of one clock at that moment."""
    with time_machine.travel(moment, tick=False):
        deadlines.run_deadlines()


def since(case: Case, **ahead: float) -> datetime:
    """So long after the case was passed to staff."""
    case.refresh_from_db()
    assert case.escalated_at is not None
    return case.escalated_at + timedelta(**ahead)


def called(case: Case) -> list[tuple[int, str]]:
    """(step, handle) of everybody who was called, "" for the emergency contact."""
    calls = LadderCall.objects.filter(step__case=case).order_by("step__step", "member")
    return [(call.step.step, call.member.handle if call.member else "") for call in calls]


def link_to(member, **which) -> str:
    """The newest link that was sent to this person."""
    sent = Delivery.objects.filter(address=member.email, dedupe__startswith="ladder:", **which).order_by("-pk")
    found = LINK.search(sent[0].body)
    assert found, "the page that was sent holds a link"
    return found[0]

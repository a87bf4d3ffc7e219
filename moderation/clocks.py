"""Every number of minutes in moderation, each with where it comes from. Nothing else holds one."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from moderation.models import EscalationSource, Severity

EMERGENCY, URGENT, SOON, ROUTINE = Severity


def _minutes(emergency: int, urgent: int, soon: int, routine: int) -> Mapping[str, timedelta]:
    return {
        severity: timedelta(minutes=count)
        for severity, count in zip(Severity, (emergency, urgent, soon, routine), strict=True)
    }


FIRST_LOOK = _minutes(5, 60, 12 * 60, 24 * 60)  # the design's table of severities
DECISION = _minutes(30, 4 * 60, 24 * 60, 72 * 60)  # ours: the next-action clock's pace, then a day and three
CLAIM = _minutes(5, 15, 30, 60)  # the design: a claim without an act lapses
ANSWER = _minutes(5, 30, 12 * 60, 24 * 60)  # ours: somebody who writes back is read as soon as a new report would be
NEXT_ACTION = {
    EMERGENCY: timedelta(minutes=30),
    URGENT: timedelta(hours=4),
}  # the design; else the next staffed morning
NUDGE_AT = 0.5  # of the running clock: the design

STAFFED_DAYS = frozenset({0, 1, 2, 3, 4})  # Monday to Friday: ours
STAFFED_FROM = time(9)  # ours

ACTIVE_WITHIN = timedelta(minutes=15)  # the design: on shift means signed on and active
SECOND_READER = timedelta(hours=24)  # the design: a short close is read by a second person

# The design's ladder: on call, second, all staff, the organisation's emergency contact; minutes after the escalation.
LADDER: Mapping[tuple[str, str], tuple[int, ...]] = {
    (EscalationSource.HUMAN, EMERGENCY): (0, 2, 5, 10),
    (EscalationSource.SCREENING, EMERGENCY): (0, 5, 15, 30),
    (EscalationSource.HUMAN, URGENT): (0, 10, 30, 60),
}  # what is not named (screening's own urgent, soon, routine) wakes nobody
REPEAT = timedelta(minutes=15)  # the design: then again, marked unanswered, until somebody takes it

LOOK_EVERY = 5  # seconds between the clock's looks at what is due; the promise is 30
AUDIT_LOG_EVERY = 24 * 3600  # seconds: the design logs head and count daily


def next_action_due(severity: str, now: datetime) -> datetime:
    """When staff who hold a case must have acted next."""
    within = NEXT_ACTION.get(Severity(severity))
    return now + within if within else next_staffed_morning(now)


def next_staffed_morning(now: datetime) -> datetime:
    """The next morning at which staff are expected, in the organisation's own time zone, strictly after `now`."""
    here = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    for ahead in range(8):
        day = (here + timedelta(days=ahead)).date()
        morning = datetime.combine(day, STAFFED_FROM, tzinfo=here.tzinfo)
        if day.weekday() in STAFFED_DAYS and morning > now:
            return morning
    raise AssertionError("no staffed day in a week")


def sooner(one: datetime | None, other: datetime) -> datetime:
    return min(one, other) if one else other

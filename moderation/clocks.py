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
STILL_HERE = timedelta(minutes=10)  # the design: then somebody on shift is asked, quietly
NOTES_FOR = timedelta(hours=24)  # ours: what a shift hands over is read by those of the next day
CALM_FOR = timedelta(minutes=10)  # the design: after a hard case, for whoever wants it
CALM_OFFERED = timedelta(minutes=20)  # ours: so long the offer stands
HELLO_FOR = timedelta(days=1)  # ours: after that nobody is asked to say hello any more
SECOND_LOOK = timedelta(hours=24)  # the house's promise: another person looks at every pause, suspension and ban
STRIKES_FOR = timedelta(days=365)  # after that nothing of it counts
STOP_FOR = timedelta(hours=1)  # the design: new posts are stopped for one hour
STOP_AGAIN = timedelta(hours=24)  # ours: more than once a day is staff's to decide
SECOND_READER = timedelta(hours=24)  # the design: a short close is read by a second person

# The design's ladder: on call, second, all staff, the organisation's emergency contact; minutes after the escalation.
LADDER: Mapping[tuple[str, str], tuple[int, ...]] = {
    (EscalationSource.HUMAN, EMERGENCY): (0, 2, 5, 10),
    (EscalationSource.SCREENING, EMERGENCY): (0, 5, 15, 30),
    (EscalationSource.HUMAN, URGENT): (0, 10, 30, 60),
}  # what is not named (screening's own urgent, soon, routine) wakes nobody
REPEAT = timedelta(minutes=15)  # the design: then again, marked unanswered, until somebody takes it

LOOK_IN = _minutes(5, 30, 4 * 60, 12 * 60)  # ours: after the time at which somebody was to look in again
RESTS_AT_MOST = {URGENT: timedelta(hours=24), SOON: timedelta(days=7), ROUTINE: timedelta(days=7)}  # no emergency rests
RESTS_AT_LEAST = timedelta(minutes=10)  # ours: what comes sooner is not put off, it is waited for
MORNING, EVENING = time(10), time(19)  # ours: when somebody is up and can answer
STAY_SILENCE = timedelta(minutes=15)  # ours, as ACTIVE_WITHIN: so long a silence is long for whoever is not alone in it

READ_AGAIN = timedelta(minutes=15)  # ours: whoever loads a case's page again within it is still reading

LOOKING_FOR = timedelta(seconds=60)  # ours: two beats of a page that is open, so that one may be lost
LOOKING_BEAT = 30  # seconds between those beats

APPEAL_WITHIN = timedelta(days=184)  # the design: six months, however many days they have
HEARING = timedelta(days=7)  # the design: an appeal is answered within a week
HEARING_CLAIM = timedelta(days=1)  # ours: somebody who took one to read it after work, and then could not

ASK_HOW_AFTER = timedelta(days=1)  # the design: once, a day later
ASK_HOW_FOR = timedelta(days=7)  # ours: after that nobody is reminded of it any more

BLIND_CHOSEN_WITHIN = timedelta(days=2)  # ours: a clock that stood still for a night misses no case
BLIND_CLAIM = timedelta(days=3)  # ours: whoever took a second reading and did not get to it
BLIND_WAITS = timedelta(days=30)  # ours: one that nobody had the time for is let go
BLIND_WORDS_KEPT = timedelta(days=90)  # ours: what the two wrote to each other

LETTERS_KEPT = timedelta(days=90)  # ours: what was put aside, and who wrote what led to a case that is closed

LOOK_EVERY = 5  # seconds between the clock's looks at what is due; the promise is 30
APPEALS_EVERY = 60  # seconds: what counts in days
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

"""Every number of minutes in moderation, each with where it comes from. Nothing else holds one."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from moderation import opening
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

STAFFED_FROM = time(9)  # ours: when the morning's mails go out. Opening hours are the operator's, HARBOUR_STAFFED_HOURS
ROTA_MAIL_FROM = time(8)  # ours: then the day's gaps in the rota are mailed, before anybody has gone to work
ROTA_MAIL_EVERY = 60  # seconds between the clock's looks whether that hour has come

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
EMERGENCY_READER = timedelta(hours=72)  # the design: so is the record of an emergency
RECORD_SITTING = timedelta(minutes=5)  # ours: saves of one sitting are one line of the time line
PROPOSAL_FOR = timedelta(days=7)  # the house's: what one person proposed and nobody confirmed
WITHHELD_AT_MOST = timedelta(days=90)  # ours: then two people look again at why somebody may not read about themselves

# The design's ladder: on call, second, all staff, the organisation's emergency contact; minutes after the escalation.
LADDER: Mapping[tuple[str, str], tuple[int, ...]] = {
    (EscalationSource.HUMAN, EMERGENCY): (0, 2, 5, 10),
    (EscalationSource.SCREENING, EMERGENCY): (0, 5, 15, 30),
    (EscalationSource.HUMAN, URGENT): (0, 10, 30, 60),
}  # what is not named (screening's own urgent, soon, routine) wakes nobody
REPEAT = timedelta(minutes=15)  # the design: then again, marked unanswered, until somebody takes it
UP_FOR: Mapping[str, timedelta] = {
    EMERGENCY: timedelta(minutes=5),
    URGENT: timedelta(minutes=10),
}  # the design: what "I'm up" buys
# Ours: between how many minutes an operator may set each part of a ladder. Nobody waits longer than this by a mistake.
_PARTS = ("first_after", "second_after", "team_after", "contact_after", "repeat_every", "up_for")


def _bounds(*bounds: tuple[int, int]) -> Mapping[str, tuple[int, int]]:
    return dict(zip(_PARTS, bounds, strict=True))


LADDER_BOUNDS: Mapping[tuple[str, str], Mapping[str, tuple[int, int]]] = {
    (EscalationSource.HUMAN, EMERGENCY): _bounds((0, 0), (1, 5), (2, 15), (5, 30), (5, 30), (2, 10)),
    (EscalationSource.SCREENING, EMERGENCY): _bounds((0, 5), (1, 15), (5, 30), (10, 60), (5, 30), (2, 10)),
    (EscalationSource.HUMAN, URGENT): _bounds((0, 15), (5, 30), (10, 60), (20, 120), (5, 60), (5, 20)),
}
LADDER_WISH = timedelta(days=7)  # ours: a change that nobody answered is let go
UP_LINK = timedelta(hours=12)  # ours: the night's link is over by the day
HAND_OVER = _minutes(10, 30, 4 * 60, 12 * 60)  # ours: so long a colleague has to say whether they take a case over

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

FRESH_SIGN_IN = timedelta(minutes=5)  # as long as allauth trusts a password that was typed again
DISCLOSURE_ASKED_FOR = timedelta(days=7)  # the design's agreement on two names: then a proposal lapses
DISCLOSURE_REVIEW = timedelta(hours=72)  # the promise: who opened alone is reviewed within three days
DISCLOSURE_REMIND = timedelta(hours=24)  # ours: before that, whoever could review it is written to once more
LEAD_FROM, LEAD_UNTIL = time(8), time(20)  # ours: by day the privacy lead hears at once, by night in the morning
HOLD_REMIND = timedelta(days=7)  # ours: before a hold has to be looked at again
KEPT_AFTER_CLOSE = timedelta(hours=72)  # the design: what would help find somebody stays so long after their case

LETTERS_KEPT = timedelta(days=90)  # ours: what was put aside, and who wrote what led to a case that is closed

RINGS_FOR = timedelta(days=30)  # the house: a way that rings counts for so long after it was last tested
WAY_CODE_FOR = timedelta(minutes=15)  # ours: so long a test's code and link can be used
WAY_CODE_TRIES = 5  # ours: then a new test is needed
WAY_TEST_AGAIN = timedelta(seconds=30)  # ours: nobody's telephone is rung again and again
CLOCK_LATE_AFTER = timedelta(seconds=50)  # with the beat below the team's pages say so within the house's two minutes
CLOCK_BEAT = 60  # seconds between the looks of a page that stays open at whether the clock runs

HERE_FOR = timedelta(minutes=5)  # ours: whoever did something in a case within it is said to be here
WORD_MAIL_AFTER = timedelta(minutes=2)  # ours: whoever is reading along needs no mail about it
WORD_MAIL_AGAIN = timedelta(
    hours=1
)  # ours: a conversation that goes on is one mail, unless it is about somebody's safety
WORD_MAIL_UNTIL = timedelta(days=1)  # ours: what was not mailed by then, for quiet hours or a clock that stood, is old
REPLY_ADDRESS_FOR = timedelta(days=30)  # ours: so long after the last mail its reply address is read
DEBRIEF_AGAIN = timedelta(days=3)  # reminded once, for who has not answered or said later
DEBRIEF_WITHIN = timedelta(days=7)  # ours: a clock that stood still for a week offers it all the same
ASK_CARE_AFTER = timedelta(days=14)  # once, a fortnight after a crisis is closed
ASK_CARE_FOR = timedelta(days=14)  # ours: after that nobody is reminded of it any more

LOOK_EVERY = 5  # seconds between the clock's looks at what is due; the promise is 30
APPEALS_EVERY = 60  # seconds: what counts in days
AUDIT_LOG_EVERY = 24 * 3600  # seconds: the design logs head and count daily
AUDIT_NOTED_EVERY = 60  # seconds: what is added and cut again within them is not missed


WALL_ALONE = timedelta(hours=2)  # ours: what one person may begin for the whole wall, until a second has looked
PROPOSED_FOR = timedelta(days=7)  # agreed: what asks for a second person and finds none is let go
PINNED_FOR = timedelta(days=14)  # ours: how long a line above the wall leads to a thread of remembrance


def next_action_due(severity: str, now: datetime) -> datetime:
    """When staff who hold a case must have acted next."""
    within = NEXT_ACTION.get(Severity(severity))
    return now + within if within else next_staffed_morning(now)


def next_staffed_morning(now: datetime) -> datetime:
    """When staff are next in, in the organisation's own time zone, strictly after `now`: opening hours and bank holidays."""
    return opening.next_opening(now)


def sooner(one: datetime | None, other: datetime) -> datetime:
    return min(one, other) if one else other

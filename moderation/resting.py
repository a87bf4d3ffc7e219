"""When somebody looks in again: the times that can be chosen, how far off they may be, and how a rest reads. Writes nothing."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from moderation.clocks import EVENING, MORNING, RESTS_AT_LEAST, RESTS_AT_MOST
from moderation.models import Case, CaseEvent, State

AT = "at"  # the choice of a time of one's own
SPEAKS = ("word", "signpost")  # after which what was to be asked has been asked


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    at: datetime
    label: str


def choices_for(severity: str, now: datetime) -> list[Choice]:
    """The times worth a button now; none that is past or too far off."""
    here = timezone.localtime(now)
    times = (
        ("hours", now + timedelta(hours=2), _("In 2 hours, at %(time)s")),
        ("evening", _on(here, 0, EVENING), _("This evening, at %(time)s")),
        ("tomorrow", _on(here, 1, MORNING), _("Tomorrow, %(day)s at %(time)s")),
        ("days", _on(here, 3, MORNING), _("In 3 days, %(day)s at %(time)s")),
    )
    return [
        Choice(key, at, words % {"time": _time(at), "day": date_format(timezone.localtime(at), "l")})
        for key, at, words in times
        if not why_not_at(severity, at, now) and (key != "evening" or at > now + timedelta(hours=1))
    ]


def why_not_at(severity: str, at: datetime, now: datetime) -> str:
    """Why nobody may wait until then, as a sentence; "" when it may rest so long."""
    if at < now + RESTS_AT_LEAST:
        return _("Choose a time that is at least ten minutes from now.")
    most = RESTS_AT_MOST.get(severity)  # type: ignore[call-overload]
    if most is None:
        return _("An emergency does not rest: somebody stays on it until it is over.")
    if at > now + most:
        if most <= timedelta(days=1):
            return _("What is urgent rests for 24 hours at most.")
        return _("It can rest for 7 days at most.")
    return ""


def rest_words(case: Case) -> str:
    """Until when it rests and who looks in then, as a sentence; "" when it does not rest."""
    if case.asks_again_at is None:
        return ""
    when = {"time": when_words(case.asks_again_at)}
    if case.state == State.OPEN:
        return _("It rests until %(time)s. Then it is back at the top of the queue.") % when
    who = case.holder.handle if case.holder else ""
    return _("It rests until %(time)s. Then %(who)s looks in again.") % {**when, "who": who}


def when_words(at: datetime) -> str:
    """19:00 today, else with its day."""
    here = timezone.localtime(at)
    return date_format(here, "H:i" if here.date() == timezone.localdate() else "l, H:i")


def question_of(case: Case) -> CaseEvent | None:
    """What was to be asked when somebody looks in again, until somebody has written to the member since."""
    actions = ("ask_again", "rest", *SPEAKS)
    events = case.events.filter(action__in=actions).select_related("said", "actor").order_by("-n")
    last = events.first()
    return last if last is not None and last.action not in SPEAKS and case.is_live else None


def _on(here: datetime, days: int, at: time) -> datetime:
    """That time of day in the organisation's own zone, also across the day on which the clocks change."""
    return datetime.combine((here + timedelta(days=days)).date(), at, tzinfo=timezone.get_current_timezone())


def _time(at: datetime) -> str:
    return date_format(timezone.localtime(at), "H:i")

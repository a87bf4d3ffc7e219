"""The team's work, week by week: whole weeks that are over, which do not overlap, and nothing that stands for fewer than eight
cases (P7). Of all of us together, never of one. Cases that only some may know of are in no figure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from moderation.charts import Bar, bars
from moderation.clocks import DECISION, FIRST_LOOK
from moderation.models import Appeal, AppealStage, Case, CaseEvent, Severity, State
from moderation.second_readings import ORDINARY
from moderation.small_cells import rounded
from moderation.statistics import (
    SHARED_FROM,
    SMALL,
    WEEK,
    WEEKS,
    _count,
    _monday,
    _rounded_up,
    _share,
    _span,
)

REOPENS = ("reopen", "answer_reopens", "talk_reopens", "appeal_reopens")
_OF_CASE = {f"case__{key}": value for key, value in ORDINARY.items()}
Waits = Sequence[tuple[timedelta | None, timedelta]]  # how long it took (None: not yet), and how long it may take


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in words, and the number that a chart may draw: the one that the words say."""

    said: str = ""
    drawn: int | None = None


@dataclass(slots=True)
class Work:
    """What is counted of one week; nobody sees this."""

    opened: list[tuple[timedelta | None, timedelta]] = field(default_factory=list)
    looks_due: list[tuple[timedelta | None, timedelta]] = field(default_factory=list)
    closed: int = 0
    decided: list[tuple[timedelta | None, timedelta]] = field(default_factory=list)
    reopened: set[int] = field(default_factory=set)
    appealed: int = 0
    upheld: int = 0


@dataclass(frozen=True, slots=True)
class WeekOfWork:
    """One row, in words that may be shown."""

    first: date
    last: date
    arrivals: Figure
    half_looked: Figure
    looked_in_time: Figure
    closed: Figure
    half_decided: Figure
    decided_in_time: Figure
    reopened: Figure
    appealed: Figure
    upheld: Figure


def weeks_of_work(now: datetime | None = None) -> list[WeekOfWork]:
    """The last weeks that are over, the newest first. Five queries."""
    now = now or timezone.now()
    end = _monday(now)
    mondays = [end - n * WEEK for n in range(1, WEEKS + 1)]
    counted = {monday.date(): Work() for monday in mondays}
    since = _monday(mondays[-1] + timedelta(days=1))
    _count_opened(counted, since, end, now)
    _count_closed(counted, since, end)
    _count_afterwards(counted, since, end)
    return [_row(first, counted[first]) for first in counted]


def charts(weeks: Sequence[WeekOfWork]) -> Mapping[str, SafeString]:
    """The oldest week first, as one reads a story; "" for one without a single bar that may be drawn."""
    few = _("too few to say")
    oldest_first = weeks[::-1]

    def rows(figure: str) -> list[Bar]:
        found = [(week, getattr(week, figure)) for week in oldest_first]
        return [Bar(date_format(week.first, "j M"), each.drawn, each.said or few) for week, each in found]

    cases, share = _("cases, rounded to fives"), _("of a hundred, rounded to fives")
    wait, asked = _("minutes, rounded up"), _("appeals, rounded to fives")
    return {
        "arrivals": bars("arrivals", _("Cases that were opened, week by week"), cases, rows("arrivals")),
        "looked": bars("looked", _("Looked at in time, week by week"), share, rows("looked_in_time"), full=100),
        "closed": bars("closed", _("Cases that were closed, week by week"), cases, rows("closed")),
        "decided": bars("decided", _("Decided in time, week by week"), share, rows("decided_in_time"), full=100),
        "half_looked": bars("half-looked", _("Half were looked at within, week by week"), wait, rows("half_looked")),
        "half_decided": bars("half-decided", _("Half were decided within, week by week"), wait, rows("half_decided")),
        "reopened": bars("reopened", _("Cases that were opened again, week by week"), cases, rows("reopened")),
        "appealed": bars("appealed", _("Another look asked for, week by week"), asked, rows("appealed")),
        "upheld": bars("upheld", _("Undone after another look, week by week"), asked, rows("upheld")),
    }


def _count_opened(counted: Mapping[date, Work], since: datetime, end: datetime, now: datetime) -> None:
    cases = Case.objects.filter(opened_at__gte=since, opened_at__lt=end, **ORDINARY)
    for opened, looked, severity in cases.values_list("opened_at", "first_looked_at", "severity"):
        work, limit = counted.get(_monday(opened).date()), FIRST_LOOK[Severity(severity)]
        if work is None:
            continue
        took = looked - opened if looked else None
        work.opened.append((took, limit))
        if took is not None or opened + limit <= now:  # what still has its time is neither in time nor late
            work.looks_due.append((took, limit))


def _count_closed(counted: Mapping[date, Work], since: datetime, end: datetime) -> None:
    cases = Case.objects.filter(state=State.CLOSED, closed_at__gte=since, closed_at__lt=end, **ORDINARY)
    wanted = ("closed_at", "decide_from", "first_looked_at", "opened_at", "severity", "episode")
    for closed, decide_from, looked, opened, severity, episode in cases.values_list(*wanted):
        if closed is None or (work := counted.get(_monday(closed).date())) is None:
            continue
        work.closed += 1
        if not episode:  # staff have a clock of their own
            work.decided.append(
                (max(closed - (decide_from or looked or opened), timedelta()), DECISION[Severity(severity)])
            )


def _count_afterwards(counted: Mapping[date, Work], since: datetime, end: datetime) -> None:
    opened = CaseEvent.objects.filter(action__in=REOPENS, at__gte=since, at__lt=end, **_OF_CASE)
    for at, case_id in opened.order_by().values_list("at", "case_id"):
        if work := counted.get(_monday(at).date()):
            work.reopened.add(case_id)
    asked = Appeal.objects.filter(made_at__gte=since, made_at__lt=end, **_OF_CASE)
    upheld = Appeal.objects.filter(stage=AppealStage.UPHELD, answered_at__gte=since, answered_at__lt=end, **_OF_CASE)
    for at in asked.order_by().values_list("made_at", flat=True):
        if work := counted.get(_monday(at).date()):
            work.appealed += 1
    for answered in upheld.order_by().values_list("answered_at", flat=True):
        if answered and (work := counted.get(_monday(answered).date())):
            work.upheld += 1


def _row(first: date, work: Work) -> WeekOfWork:
    return WeekOfWork(
        first=first,
        last=first + timedelta(days=6),
        arrivals=_number(len(work.opened)),
        half_looked=_half(work.opened),
        looked_in_time=_in_time(work.looks_due),
        closed=_number(work.closed),
        half_decided=_half(work.decided),
        decided_in_time=_in_time(work.decided),
        reopened=_few(len(work.reopened)),
        appealed=_few(work.appealed),
        upheld=_few(work.upheld),
    )


def _number(count: int) -> Figure:
    return Figure(_count(count), rounded(count)) if count >= SMALL else Figure()


def _few(count: int) -> Figure:
    """As `_number`, where a week with few or none is told in a word, and the same one."""
    return Figure(_count(count), rounded(count) if count >= SMALL else None)


def _half(waits: Waits) -> Figure:
    """Half of them took no longer; what has not ended counts as longer than all that has. A bar is of minutes."""
    if len(waits) < SMALL:
        return Figure()
    ended = sorted(took for took, _limit in waits if took is not None)
    middle = (len(waits) - 1) // 2
    wait = ended[middle] if middle < len(ended) else None
    return Figure(_span(wait), None if wait is None else _rounded_up(wait) // timedelta(minutes=1))


def _in_time(waits: Waits) -> Figure:
    if len(waits) < SMALL:
        return Figure()
    soon, whole = _soon(waits), len(waits)
    if rounded(whole) < SHARED_FROM or min(soon, whole - soon) < SMALL:
        return Figure(_share(soon, whole))
    return Figure(_share(soon, whole), 5 * round(100 * soon / whole / 5))


def _soon(waits: Iterable[tuple[timedelta | None, timedelta]]) -> int:
    return sum(took is not None and took <= limit for took, limit in waits)

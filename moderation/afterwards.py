"""What staff see of what came after: how many debriefs were taken, how people said it was. Totals; never who, never a ranking.

Half-years that are over, one at a time. A window that moved with each day would show, from one day to the next, what the one
who was asked yesterday has answered.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.utils import timezone

from moderation.models import CareChoice, Debrief, DebriefAnswer, HowCareWas
from moderation.small_cells import SMALL, Published, published

__all__ = ["SMALL", "debriefs", "half_year", "said"]


@dataclass(frozen=True, slots=True)
class Debriefs:
    """Rounded; None where it is not said (P7)."""

    offered: int | None
    taken: int | None
    declined: int | None
    waiting: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """How it was for people; empty where fewer than eight have answered, and a choice None where it is not said (P7)."""

    choices: Sequence[tuple[str, int | None]] = ()
    words: Sequence[str] = ()


def half_year(now: datetime | None = None) -> tuple[datetime, datetime]:
    """The first moment of the last half-year that is over, and its end, in the site's own time."""
    local = timezone.localtime(now or timezone.now())
    if local.month > 6:
        return _first(local, local.year, 1), _first(local, local.year, 7)
    return _first(local, local.year - 1, 7), _first(local, local.year, 1)


def last_day(end: datetime) -> date:
    return (end - timedelta(days=1)).date()


def debriefs(now: datetime | None = None) -> Debriefs:
    first, end = half_year(now)
    rows = Debrief.objects.filter(offered_at__gte=first, offered_at__lt=end).order_by().values_list("answer")
    count = Counter(dict(rows.annotate(Count("pk"))))
    waiting = count[DebriefAnswer.NONE] + count[DebriefAnswer.LATER]
    told = published(
        {"taken": count[DebriefAnswer.TAKEN], "declined": count[DebriefAnswer.DECLINED], "waiting": waiting}
    )
    return Debriefs(told.total, **told.cells)


def said(now: datetime | None = None) -> Said:
    first, end = half_year(now)
    rows = list(HowCareWas.objects.filter(said_at__gte=first, said_at__lt=end).values_list("choice", "words"))
    told = _told(Counter(choice for choice, _words in rows))
    if not told.says_something:
        return Said()
    words = sorted(
        (words for _choice, words in rows if words), key=lambda each: (len(each), each)
    )  # says nothing of who
    return Said([(str(choice.label), told.cells[choice.value]) for choice in CareChoice], words)


def _told(count: Mapping[str, int]) -> Published:
    return published({choice: count.get(choice, 0) for choice in CareChoice.values})


def _first(local: datetime, year: int, month: int) -> datetime:
    return datetime(year, month, 1, tzinfo=local.tzinfo)

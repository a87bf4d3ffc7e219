"""When the whole place hurts, as staff see it: what holds for the wall, whether there are more care cases than usual, who is
remembered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from forum.access import ViewerFacts
from forum.models import Member, Role, WallState
from moderation.models import Case, Kind

WINDOW = timedelta(hours=6)  # ours: long enough to hold something, short enough to be news
WEEKS = 8  # the same hours of the past eight weeks: two months have no season and few surprises
FEWEST = 5  # ours: fewer than these say nothing, whatever was usual
FEWEST_JOINED = 15  # ours: a group that joins together after a talk is no news
TIMES = 2  # ours: twice the average of those hours
KNOWN_FROM = timedelta(days=6)  # ours: a place that is younger has nothing that is usual
LATELY = 20  # states that are over, on their page


@dataclass(frozen=True, slots=True)
class Usual:
    """How many came in the last hours (care cases, or people who joined), and in the same hours of each of the past weeks."""

    now: int
    before: tuple[int, ...]
    is_known: bool = True  # whether there was any in the weeks before
    fewest: int = FEWEST

    @property
    def average(self) -> float:
        return round(sum(self.before) / len(self.before), 1) if self.before else 0.0

    @property
    def most(self) -> int:
        return max(self.before, default=0)

    @property
    def is_more(self) -> bool:
        """More than in every one of those weeks, at least twice their average, and not a handful: a rule to argue with."""
        return self.is_known and self.now >= self.fewest and self.now > self.most and self.now >= TIMES * self.average


def read_usual(now: datetime | None = None) -> Usual:
    """Care cases, by when they were opened."""
    return _usual(Case.objects.filter(kind=Kind.CARE), "opened_at", FEWEST, now or timezone.now())


def read_joined(now: datetime | None = None) -> Usual:
    """People, by when they joined."""
    return _usual(Member.objects.filter(role=Role.MEMBER), "joined_at", FEWEST_JOINED, now or timezone.now())


def _usual(rows: QuerySet[Any], column: str, fewest: int, now: datetime) -> Usual:
    """In one query. The same hours are those of the clock on the wall: a change of summer time moves nothing."""
    here = timezone.localtime(now).replace(tzinfo=None)
    zone = timezone.get_default_timezone()
    ends = [now, *((here - timedelta(weeks=week)).replace(tzinfo=zone) for week in range(1, WEEKS + 1))]
    counts = {
        f"of_{n}": Count("pk", filter=Q(**{f"{column}__gt": end - WINDOW, f"{column}__lte": end}))
        for n, end in enumerate(ends)
    }
    found = rows.filter(**{f"{column}__gt": ends[-1] - WINDOW}).aggregate(**counts, first=Min(column))
    first, *before = (found[f"of_{n}"] for n in range(WEEKS + 1))
    is_known = found["first"] is not None and found["first"] < now - KNOWN_FROM
    return Usual(first, tuple(before), is_known, fewest)


def read_wall() -> dict[str, Any]:
    """What holds, what waits, and what was, with who and when."""
    live = list(_states().filter(ended_at=None).order_by("pk"))
    over = _states().filter(ended_at__isnull=False).order_by("-ended_at", "-pk")
    return {
        "holding": [state for state in live if state.starts_at],
        "waiting": [state for state in live if not state.starts_at],
        "over": over[:LATELY],
        "usual": read_usual(),
    }


def for_board(viewer: ViewerFacts) -> dict[str, Any] | None:
    """What the staff board says of the whole place; nothing to the independent contacts."""
    if viewer.role != Role.STAFF:
        return None
    return {"states": list(_states().filter(ended_at=None).order_by("pk")), "usual": read_usual(), "window": 6}


def _states() -> Any:
    return WallState.objects.select_related("proposed_by", "confirmed_by", "end_asked_by", "ended_by")

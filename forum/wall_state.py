"""What holds for the whole wall now, and until when. The one place that says so: `forum.access` reads it for every door.

It is read together with what a member's view depends on, so it costs no query. Times of day are the site's own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Self

from django.db.models import CharField, DateTimeField, QuerySet, TimeField, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.models.wall_state import Pinned, WallKind, WallState

PINNED = "pinned"
WALL = frozenset({WallKind.GENTLE, WallKind.READ_ONLY, WallKind.CLOSED_HOURS})
NO_TIMES = (
    Cast(Value(None), DateTimeField()),
    Cast(Value(None), TimeField()),
    Cast(Value(None), TimeField()),
)  # so that PostgreSQL knows what kind of nothing it is
Row = tuple[int, str, str, datetime | None, time | None, time | None]


@dataclass(frozen=True, slots=True)
class Holding:
    """One thing that holds now: `ref` is the state's or the pinned post's id."""

    ref: int
    kind: str
    word: str
    until: datetime
    closes: time | None = None
    opens: time | None = None

    def rests_until(self, now: datetime) -> datetime | None:
        """When words can be shared again, as far as this one goes; None if they can be now."""
        if self.kind == WallKind.READ_ONLY:
            return self.until if now < self.until else None
        if self.kind != WallKind.CLOSED_HOURS or self.closes is None or self.opens is None:
            return None
        nights = closed_times(self.closes, self.opens, now)
        return next((min(end, self.until) for start, end in nights if start <= now < min(end, self.until)), None)


@dataclass(frozen=True, slots=True)
class WallNow:
    """All that holds for the wall at the moment it was read."""

    holdings: tuple[Holding, ...] = ()

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Self:
        return cls(tuple(Holding(ref, kind, word, *times) for ref, kind, word, *times in rows))  # type: ignore[arg-type]

    def rests_until(self, now: datetime) -> datetime | None:
        """When words can be shared again; None if they can be now. Two that follow one another are one rest."""
        moment, end = now, None
        for _each in range(len(self.holdings) + 1):
            ends = [until for one in self.holdings if (until := one.rests_until(moment))]
            if not ends:
                break
            moment = end = max(ends)
        return end

    def words(self, now: datetime) -> list[str]:
        """What the team says above the wall while it holds, the latest first."""
        said = [one for one in self.holdings if one.kind in WALL and one.word and now < one.until]
        said = [one for one in said if one.kind != WallKind.CLOSED_HOURS or one.rests_until(now)]
        return [one.word for one in sorted(said, key=lambda one: -one.ref)]

    def is_gentle(self, now: datetime) -> bool:
        return any(one.kind == WallKind.GENTLE and now < one.until for one in self.holdings)

    def pinned(self, now: datetime) -> list[Holding]:
        return [one for one in self.holdings if one.kind == PINNED and now < one.until]


OPEN = WallNow()


def closed_times(closes: time, opens: time, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The closed times around a moment. Where an hour happens twice, each begins and ends at its first; none comes twice."""
    today = timezone.localtime(now).date()
    for day in (today - timedelta(days=1), today):
        yield _at(day, closes), _at(day + timedelta(days=opens <= closes), opens)


def in_force(now: datetime) -> QuerySet[WallState]:
    return WallState.objects.filter(starts_at__lte=now, ends_at__gt=now, ended_at=None)


def rows(now: datetime) -> list[QuerySet[Any, Row]]:
    """What holds, in the columns of the query it is read with (`forum.access`)."""
    states = in_force(now).filter(kind__in=WALL).order_by()
    pins = Pinned.objects.filter(until__gt=now, ended_at=None).order_by()
    return [
        states.values_list("pk", "kind", "word", "ends_at", "closes", "opens"),
        pins.values_list("post_id", Value(PINNED, CharField()), "word", "until", *NO_TIMES[1:]),
    ]


def read(now: datetime) -> WallNow:
    """The same on its own, for what has no member (one query)."""
    states, pins = rows(now)
    return WallNow.of(states.union(pins, all=True))


def why_signup_rests() -> str:
    """Why nobody can join just now, or "". A stranger learns no more than that."""
    if not in_force(timezone.now()).filter(kind=WallKind.SIGNUPS).exists():
        return ""
    return _(
        "Joining rests for a little while, so that there is room for everyone who is here. Please look again later."
    )


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=timezone.get_default_timezone())

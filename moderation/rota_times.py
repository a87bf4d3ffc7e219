"""The rota as times: a weekly pattern, what takes its place for a while, and days off, made into stretches without a hole.

Pure: it asks no database and no clock. The pattern is read by the clock on the wall, and stretches are moments. In the night
in which an hour happens twice, whoever has it has it twice; of the hour that is left out in spring nothing is left over.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


class Gap(StrEnum):
    """Why nobody has a time."""

    UNPLANNED = "unplanned"
    NOBODY = "nobody"  # somebody wrote down that nobody has it
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class Weekly:
    """Every week from a day's time for one person. It ends on the next day where `ends` is not after `starts`."""

    day: int  # Monday is 0
    starts: time
    ends: time
    rank: str
    who: int


@dataclass(frozen=True, slots=True)
class Instead:
    """Once, from one moment to another: somebody else, or nobody. What was written down later counts."""

    starts_at: datetime
    ends_at: datetime
    rank: str
    who: int | None
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """A stretch for which the rota says one thing. `who` is None in a gap, and `why` says what kind of gap it is."""

    starts_at: datetime
    ends_at: datetime
    who: int | None
    why: Gap | None


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When the clock on the wall first shows this time. For one that it leaves out: the moment at which it jumps.

    So what ends at a time and what begins at it always meet, and nothing ends before it began.
    """
    wall = datetime.combine(day, at, tzinfo=zone)
    moment = wall.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    return _jump(wall.replace(fold=1).astimezone(UTC), moment, zone)


def plan(
    pattern: Collection[Weekly],
    instead: Collection[Instead],
    days_off: Collection[date],
    rank: str,
    between: tuple[datetime, datetime],
    zone: ZoneInfo,
) -> list[Planned]:
    """Stretches of one rank that fill the time between two moments, in order, without a hole and without an overlap."""
    return list(joined(pieces(pattern, instead, days_off, rank, between, zone)))


def pieces(
    pattern: Collection[Weekly],
    instead: Collection[Instead],
    days_off: Collection[date],
    rank: str,
    between: tuple[datetime, datetime],
    zone: ZoneInfo,
) -> list[Planned]:
    """The same, and cut wherever a time of the pattern or of an exception begins or ends: as people think of their times."""
    start, end = (moment.astimezone(UTC) for moment in between)
    weekly = list(_weekly(pattern, rank, start, end, zone))
    once = sorted((each for each in instead if each.rank == rank), key=lambda each: each.written_at)
    off = [(moment_of(day, time(), zone), moment_of(day + DAY, time(), zone)) for day in sorted(days_off)]
    edges = {start, end}
    for one, other in [*[piece[:2] for piece in weekly], *[(each.starts_at, each.ends_at) for each in once], *off]:
        edges |= {moment for moment in (one.astimezone(UTC), other.astimezone(UTC)) if start < moment < end}
    return [Planned(one, other, *_at(one, weekly, once, off)) for one, other in pairwise(sorted(edges))]


def _weekly(
    pattern: Collection[Weekly], rank: str, start: datetime, end: datetime, zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime, int]]:
    """Each time at which the pattern gives somebody the rank, around these moments."""
    day = start.astimezone(zone).date() - DAY
    while day <= end.astimezone(zone).date():
        for each in pattern:
            if each.rank == rank and each.day == day.weekday():
                last = day if each.ends > each.starts else day + DAY
                yield moment_of(day, each.starts, zone), moment_of(last, each.ends, zone), each.who
        day += DAY


def _at(
    moment: datetime,
    weekly: Sequence[tuple[datetime, datetime, int]],
    once: Sequence[Instead],
    off: Sequence[tuple[datetime, datetime]],
) -> tuple[int | None, Gap | None]:
    if any(starts <= moment < ends for starts, ends in off):
        return None, Gap.HOLIDAY
    written = next((each for each in reversed(once) if each.starts_at <= moment < each.ends_at), None)
    if written is not None:
        return written.who, Gap.NOBODY if written.who is None else None
    who = next((who for starts, ends, who in weekly if starts <= moment < ends), None)
    return who, Gap.UNPLANNED if who is None else None


def joined(found: Iterable[Planned]) -> Iterator[Planned]:
    """One stretch of what says the same and follows on."""
    last: Planned | None = None
    for each in found:
        if last and (last.who, last.why) == (each.who, each.why):
            last = Planned(last.starts_at, each.ends_at, last.who, last.why)
            continue
        if last:
            yield last
        last = each
    if last:
        yield last


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment between these two at which the wall's clock jumps. No zone has jumped within a minute since 1972."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > MINUTE:
        middle = before + (after - before) // 2 // MINUTE * MINUTE
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after

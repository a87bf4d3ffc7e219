"""The rota as its pages draw it: fourteen days with their times, the bank holidays to come, one person's own times."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from forum.models import Member
from moderation import holidays, rota
from moderation.actions.rota import midnight
from moderation.actions.rota_swaps import Span
from moderation.models import Rank, RotaEvent, RotaHoliday, RotaInstead, RotaSwap, RotaWeekly, SwapState
from moderation.rota import Stretch

HOLIDAYS_AHEAD = timedelta(days=60)  # long enough to find somebody for Christmas
TIMES_AHEAD = timedelta(days=28)  # of one's own, and of those that can be swapped
LOG_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Row:
    """From one time of the day to another."""

    when: str
    first: Stretch
    second: Stretch
    now: bool


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    rows: list[Row]
    holiday: str
    long: str  # a word about the night in which the clock is changed


@dataclass(frozen=True, slots=True)
class GapGroup:
    """Gaps of one rank with one reason: the first of them, and how many there are besides."""

    first: Stretch
    more: int


@dataclass(frozen=True, slots=True)
class Holiday:
    day: date
    name: str
    confirmed: RotaHoliday | None
    made: list[RotaInstead]


@dataclass(frozen=True, slots=True)
class Mine:
    """A time of somebody's. `begun` ones cannot be swapped any more; `wish` is a swap of it that waits."""

    span: Span
    begun: bool
    wish: RotaSwap | None
    holiday: str

    @property
    def key(self) -> str:
        return key_of(self.span)

    @property
    def rank_words(self) -> str:
        return str(Rank(self.span.rank).label)


def key_of(span: Span) -> str:
    """Names a time in a form: its rank and the second in which it begins."""
    return f"{span.rank}-{int(span.starts_at.timestamp())}"


def read_days(now: datetime) -> list[Day]:
    """The next 14 days, today from midnight."""
    today = timezone.localdate(now)
    days = list(holidays.days_from(today, rota.AHEAD.days + 1))
    ranks = rota.stretches(midnight(days[0]), midnight(days[-1]), now=now)
    named = holidays.between(days[0], days[-1])
    return [_day(one, other, ranks, named.get(one, ""), now) for one, other in pairwise(days)]


def group_gaps(gaps: Iterable[Stretch]) -> list[GapGroup]:
    """One line for each reason and rank, in the order in which they come first: what mends one mends them all."""
    found: dict[tuple[str, str], list[Stretch]] = {}
    for gap in gaps:
        found.setdefault((gap.rank, str(gap.reason)), []).append(gap)
    return [GapGroup(same[0], len(same) - 1) for same in found.values()]


def read_holidays(now: datetime) -> list[Holiday]:
    """The bank holidays to come, each with who covers it."""
    today = timezone.localdate(now)
    named = holidays.between(today, today + HOLIDAYS_AHEAD)
    rows = RotaHoliday.objects.filter(day__in=named, ended_at=None).select_related("confirmed_by")
    confirmed = {row.day: row for row in rows.prefetch_related("made__member")}
    return [_holiday(day, name, confirmed.get(day)) for day, name in sorted(named.items())]


def list_runs_out(now: datetime) -> date | None:
    """The last day of the list of bank holidays, once it is near."""
    until = holidays.calendar().until
    return until if until <= timezone.localdate(now) + HOLIDAYS_AHEAD else None


def weekly() -> QuerySet[RotaWeekly]:
    return RotaWeekly.objects.filter(ended_at=None).select_related("member")


def exceptions(now: datetime) -> QuerySet[RotaInstead]:
    """Those that are not over, but for what a confirmed holiday made."""
    coming = RotaInstead.objects.filter(ended_at=None, ends_at__gt=now, holiday=None)
    return coming.select_related("member", "made_by", "swap__asked_by")


def log() -> QuerySet[RotaEvent]:
    about = ("weekly__member", "instead__member", "swap__asked_by", "swap__asked", "holiday")
    return RotaEvent.objects.select_related("by", *about)[:LOG_SHOWN]


def times_of(member: Member, now: datetime) -> list[Mine]:
    """What the rota gives them in the next four weeks, in order."""
    wishes = {
        (swap.starts_at, swap.rank): swap
        for swap in RotaSwap.objects.filter(asked_by=member, stage=SwapState.ASKED).select_related("asked")
    }
    named = holidays.between(timezone.localdate(now), timezone.localdate(now + TIMES_AHEAD))
    return [
        Mine(span, span.starts_at <= now, wishes.get((span.starts_at, span.rank)), named.get(_day_of(span), ""))
        for span in spans_of(now).get(member.pk, [])
    ]


def spans_of(now: datetime) -> dict[int, list[Span]]:
    """Everybody's times of the next four weeks, by their id."""
    found: dict[int, list[Span]] = {}
    for rank, pieces in rota.pieces_between(now, now + TIMES_AHEAD).items():
        for piece in pieces:
            if piece.who is not None:
                found.setdefault(piece.who, []).append(Span(piece.starts_at, piece.ends_at, str(rank)))
    return {who: sorted(spans, key=lambda span: (span.starts_at, span.rank)) for who, spans in found.items()}


def swaps_for(member: Member, now: datetime) -> list[RotaSwap]:
    """What colleagues ask of them, and waits for their answer."""
    waiting = RotaSwap.objects.filter(asked=member, stage=SwapState.ASKED, starts_at__gt=now)
    return list(waiting.select_related("asked_by"))


def answered(member: Member, now: datetime) -> list[RotaSwap]:
    """Their swaps of times to come that were answered, either way."""
    theirs = Q(asked_by=member) | Q(asked=member)
    known = RotaSwap.objects.filter(theirs, stage__in=(SwapState.ACCEPTED, SwapState.REFUSED), ends_at__gt=now)
    return list(known.select_related("asked_by", "asked"))


def _day_of(span: Span) -> date:
    return timezone.localdate(span.starts_at)


def _holiday(day: date, name: str, confirmed: RotaHoliday | None) -> Holiday:
    made = [row for row in confirmed.made.all() if row.ended_at is None] if confirmed else []
    return Holiday(day, name, confirmed, made)


def _day(day: date, next_day: date, ranks: dict[Rank, list[Stretch]], holiday: str, now: datetime) -> Day:
    begins, ends = midnight(day), midnight(next_day)
    edges = sorted({begins, ends, *_edges(ranks, begins, ends)})
    rows = [_row(one, other, ranks, (other == ends, now)) for one, other in pairwise(edges)]
    return Day(day, rows, holiday, _long(ends - begins))


def _edges(ranks: dict[Rank, list[Stretch]], begins: datetime, ends: datetime) -> Iterable[datetime]:
    return (each.starts_at for found in ranks.values() for each in found if begins < each.starts_at < ends)


def _row(one: datetime, other: datetime, ranks: dict[Rank, list[Stretch]], last: tuple[bool, datetime]) -> Row:
    to_midnight, now = last
    first, second = (next(each for each in ranks[rank] if each.starts_at <= one < each.ends_at) for rank in Rank)
    until = "24:00" if to_midnight else _clock(other)
    when = _("%(start)s to %(end)s") % {"start": _clock(one), "end": until}
    return Row(when, first, second, one <= now < other)


def _clock(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "H:i")


def _long(length: timedelta) -> str:
    if length == timedelta(days=1):
        return ""
    if length > timedelta(days=1):
        return _("The clocks go back: this night is an hour longer.")
    return _("The clocks go forward: this night is an hour shorter.")

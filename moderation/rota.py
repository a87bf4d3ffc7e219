"""Who is on call, and whether they can be reached: the rota's times, held against the people who are in it.

A time counts only if its person is of the staff, active, not on a break, and has a way that rings, tested within 30 days.
Else it is a gap, and the reason can be said. A standing duty (the demo's) needs no way and fills the gaps of the first.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from forum.access import WALL_OPEN
from forum.models import Member, Role, Standing
from moderation import holidays, opening, rota_times, ways
from moderation.models import Duty, DutyKind, Rank, RotaInstead, RotaWeekly
from moderation.rota_times import Gap, Instead, Planned, Weekly
from moderation.rota_words import Reason

AHEAD = timedelta(days=14)  # so far the rota is drawn, and gaps are looked for


@dataclass(frozen=True, slots=True)
class OnCall:
    """Whom a page reaches at a moment."""

    first: Member | None
    second: Member | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one moment to another: `who` counts, `planned` is whom the rota names, `reason` is why they do not count."""

    starts_at: datetime
    ends_at: datetime
    rank: str
    who: Member | None
    planned: Member | None
    reason: Reason | None

    @property
    def is_gap(self) -> bool:
        """Nobody is first, or somebody is named as second and cannot be reached. No second at all is allowed."""
        return self.who is None and (self.rank == Rank.FIRST or self.planned is not None)


def on_call_at(moment: datetime) -> OnCall:
    """Who is first and second at this moment, None for a gap."""
    ranks = stretches(moment, moment + timedelta(minutes=1), now=moment)
    first, second = (ranks[rank][0].who for rank in (Rank.FIRST, Rank.SECOND))
    return OnCall(first, second)


def named_unconfirmed(moment: datetime) -> list[Member]:
    """On a bank holiday that nobody has confirmed: whom the rota would have at this moment, first and second. Else nobody."""
    day = moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    if not holidays.unconfirmed(day, day):
        return []
    pieces = pieces_between(moment, moment + timedelta(minutes=1), off=())
    named = dict.fromkeys(pieces[rank][0].who for rank in Rank)
    known = Member.objects.in_bulk([who for who in named if who is not None])
    return [known[who] for who in named if who in known]


def expected_at(now: datetime) -> datetime | None:
    """When somebody of staff is next expected, after `now`; None unless the operator has set opening hours.

    Hours that nobody has set are good enough for our own clocks and are promised to nobody.
    """
    return opening.next_opening(now) if settings.STAFFED_HOURS_SAID else None


def gaps(start: datetime, end: datetime, *, now: datetime | None = None) -> list[Stretch]:
    """Where nobody is first, or whoever is second cannot be reached, in order of time."""
    ranks = stretches(start, end, now=now)
    found = [stretch for rank in Rank for stretch in ranks[rank] if stretch.is_gap]
    return sorted(found, key=lambda stretch: (stretch.starts_at, stretch.rank))


def in_use() -> bool:
    """Whether anybody keeps a rota here; else staff go on call by hand."""
    return RotaWeekly.objects.filter(ended_at=None).exists() or _instead(timezone.now(), None).exists()


def stretches(start: datetime, end: datetime, *, now: datetime | None = None) -> dict[Rank, list[Stretch]]:
    """Both ranks from one moment to another, without a hole.

    `now` is when people's ways and breaks are looked at. A time that outlasts its person's last test is cut where that test
    is too old: nobody has tested anew by then, as far as anybody knows.
    """
    people = _People(now or timezone.now())
    planned = planned_between(start, end)
    people.load(each.who for pieces in planned.values() for each in pieces)
    first = [stretch for each in planned[Rank.FIRST] for stretch in people.held(each, Rank.FIRST)]
    return {Rank.FIRST: first, Rank.SECOND: _seconds(first, planned[Rank.SECOND], people)}


def planned_between(start: datetime, end: datetime) -> dict[Rank, list[Planned]]:
    """What the rota says, whether those it names can be reached or not."""
    return {rank: list(rota_times.joined(found)) for rank, found in pieces_between(start, end).items()}


def pieces_between(start: datetime, end: datetime, *, off: Collection[date] | None = None) -> dict[Rank, list[Planned]]:
    """The same, cut where a time of the pattern or of an exception begins or ends. `off`: days that count for nobody; unless
    given, the bank holidays that nobody has confirmed.
    """
    zone = ZoneInfo(settings.TIME_ZONE)
    rows = RotaWeekly.objects.filter(ended_at=None).order_by("made_at", "pk")
    pattern = [Weekly(row.day, row.starts, row.ends, row.rank, row.member_id) for row in rows]
    instead = [
        Instead(row.starts_at, row.ends_at, row.rank, row.member_id, row.made_at)
        for row in _instead(start, end).order_by("made_at", "pk")
    ]
    if off is None:
        off = holidays.unconfirmed(start.astimezone(zone).date(), end.astimezone(zone).date())
    return {rank: rota_times.pieces(pattern, instead, off, rank, (start, end), zone) for rank in Rank}


def staff_to_plan() -> list[Member]:
    """Whom the rota may name."""
    return list(Member.objects.filter(role=Role.STAFF, is_active=True, standing__in=WALL_OPEN).order_by("handle"))


def _instead(start: datetime, end: datetime | None):  # type: ignore[no-untyped-def]  # QuerySet[RotaInstead]
    touching = Q(starts_at__lt=end) if end else Q()
    return RotaInstead.objects.filter(touching, ended_at=None, ends_at__gt=start)


class _People:
    """Those whom some stretches name, and what keeps each from being reached. Asks the database once for each."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        running = Q(ends_at__isnull=True) | Q(ends_at__gt=now)
        rows = Duty.objects.filter(
            running, kind=DutyKind.ON_CALL, standing=True, starts_at__lte=now, member__standing__in=WALL_OPEN
        )
        self.standing = [duty.member for duty in rows.select_related("member").order_by("starts_at", "id")]
        self._known: dict[int, Member] = {}
        self._kept_away: dict[int, Reason | None] = {}
        self._rings_until: dict[int, datetime | None] = {}

    def load(self, ids: Iterable[int | None]) -> None:
        wanted = {each for each in ids if each is not None}
        if wanted:
            self._known = Member.objects.in_bulk(wanted)

    def held(self, each: Planned, rank: Rank) -> list[Stretch]:
        """The stretch with whoever counts in it; two, where it outlasts their last test."""
        planned = self._known.get(each.who) if each.who else None
        if planned is None:
            return [self._stretch(each.starts_at, each.ends_at, rank, None, Reason(str(each.why or Gap.UNPLANNED)))]
        reason, until = self.why_not(planned), self._rings_until.get(planned.pk)
        if reason or until is None or until >= each.ends_at:
            return [self._stretch(each.starts_at, each.ends_at, rank, planned, reason)]
        lapsed = Reason("lapses", planned.handle)
        after = self._stretch(max(each.starts_at, until), each.ends_at, rank, planned, lapsed)
        return [*([self._stretch(each.starts_at, until, rank, planned, None)] if each.starts_at < until else []), after]

    def _stretch(
        self, starts: datetime, ends: datetime, rank: Rank, planned: Member | None, reason: Reason | None
    ) -> Stretch:
        who = planned if reason is None else None
        if who is None and rank == Rank.FIRST and self.standing:
            who = self.standing[0]
        return Stretch(starts, ends, rank, who, planned, reason)

    def why_not(self, member: Member) -> Reason | None:
        if member.pk not in self._kept_away:
            self._kept_away[member.pk] = self._judge(member)
        return self._kept_away[member.pk]

    def _judge(self, member: Member) -> Reason | None:
        if member.role != Role.STAFF or not member.is_active:
            return Reason("left", member.handle)
        if member.standing == Standing.ON_BREAK:
            return Reason("on_break", member.handle)
        if member.standing not in WALL_OPEN:
            return Reason("away", member.handle)
        if any(member.pk == each.pk for each in self.standing):
            return None
        self._rings_until[member.pk] = ways.rings_until(member, self._now)
        return None if self._rings_until[member.pk] else Reason("silent", member.handle)


def _seconds(first: Sequence[Stretch], planned: Sequence[Planned], people: _People) -> list[Stretch]:
    """Whoever is first already is nobody's second."""
    found = []
    for each in planned:
        for stretch in first:
            starts, ends = max(each.starts_at, stretch.starts_at), min(each.ends_at, stretch.ends_at)
            if starts < ends:
                parts = people.held(Planned(starts, ends, each.who, each.why), Rank.SECOND)
                found += [_besides(part, stretch.who) for part in parts]
    return list(_joined(found))


def _besides(held: Stretch, first: Member | None) -> Stretch:
    if held.who is None or held.who != first:
        return held
    reason = Reason("first_too", held.who.handle)
    return Stretch(held.starts_at, held.ends_at, held.rank, None, held.planned, reason)


def _joined(found: Iterable[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for each in found:
        last = joined[-1] if joined else None
        if last and (last.who, last.planned, last.reason) == (each.who, each.planned, each.reason):
            joined[-1] = Stretch(last.starts_at, each.ends_at, each.rank, each.who, each.planned, each.reason)
        else:
            joined.append(each)
    return joined

"""The staff board: beside each case who was called and what came of it, who is up, who is asked to take it over."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from forum.access import ViewerFacts
from moderation import access, answer_clock, called, handovers, ladder_rules, outside_rings, queues, ups
from moderation.called import Called
from moderation.clocks import sooner
from moderation.models import Acknowledgement, Case, CrisisRecord, HandOver, State
from moderation.rows import Row
from moderation.ups import Up
from moderation.workflow import why_not


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One case on the board."""

    row: Row
    called: Sequence[Called]  # at the newest step that called anybody
    up: Up | None
    offer: HandOver | None
    clock: datetime | None  # since when it waits, or until when the next step is due
    face: str  # what that clock shows
    may_take: bool
    may_say_up: bool
    asked: bool  # the viewer is asked to take it over
    offered: bool  # the viewer has asked somebody
    rings_from: datetime | None = None  # it came from outside among several: telephones ring for it from then on

    @property
    def case(self) -> Case:
        return self.row.case

    @property
    def counts_down(self) -> bool:
        return self.case.state == State.WITH_STAFF


@dataclass(frozen=True, slots=True)
class Board:
    waiting: Sequence[BoardRow]
    held: Sequence[BoardRow]
    records: Sequence[CrisisRecord]

    @property
    def stamp(self) -> str:
        """Changes whenever something on the board does that somebody should read."""
        parts = [_stamp(each) for each in (*self.waiting, *self.held)] + [f"r{record.pk}" for record in self.records]
        return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16]


def read_board(viewer: ViewerFacts, now: datetime | None = None) -> Board:
    """What this person may see of what waits for staff and of what they hold, the most urgent first."""
    now = now or timezone.now()
    rows, records = queues.read_staff_board(viewer)
    known = _Known(viewer, now, [row.case for row in rows])
    shown = [known.row(row) for row in rows]
    waiting = [each for each in shown if each.case.holder_id is None]
    return Board(waiting, [each for each in shown if each.case.holder_id is not None], records)


def clock_face(span: timedelta) -> str:
    """A running clock: 4:07, 1:04:07, 2 d 3:04; with a minus when its time is over. The page counts on in the same way."""
    seconds = int(abs(span).total_seconds())
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    sign = "−" if span < timedelta() else ""
    if days:
        return f"{sign}{days} d {hours}:{minutes:02}"
    return f"{sign}{hours}:{minutes:02}:{rest:02}" if hours else f"{sign}{minutes}:{rest:02}"


class _Known:
    """What is read for all the cases of the board together."""

    def __init__(self, viewer: ViewerFacts, now: datetime, cases: Sequence[Case]) -> None:
        self.viewer, self.now = viewer, now
        waiting = [case for case in cases if case.state == State.ESCALATED]
        self.facts = access.cases_facts(cases) if cases else {}
        self.calls = _newest(called.read_calls(waiting))
        self.offers = handovers.by_case(cases) if cases else {}
        self.ladders = ladder_rules.in_force() if waiting else None
        said = Acknowledgement.objects.filter(case__in=waiting).order_by().values_list("case", flat=True)
        self.said = set(said) if waiting else set()
        self.quiet = outside_rings.waiting_until(waiting) if waiting else {}
        held = [case for case in cases if case.state == State.WITH_STAFF]
        self.unread = answer_clock.unread_by(held) if held else {}

    def row(self, row: Row) -> BoardRow:
        case, waits = row.case, row.case.state == State.ESCALATED
        up = ups.up_now(case, self.ladders, self.now) if case.pk in self.said and self.ladders else None
        offer, me = self.offers.get(case.pk), self.viewer.id
        clock = case.escalated_at if waits else self._due(case)
        may_take = not why_not("take", self.facts[case.pk], self.viewer)
        return BoardRow(
            row=row,
            called=self.calls.get(case.pk, ()),
            up=up,
            offer=offer,
            clock=clock,
            face=clock_face((self.now - clock) if waits else (clock - self.now)) if clock else "",
            may_take=may_take,
            may_say_up=may_take and up is None and self._is_called(case) and self._may_still_say(case),
            asked=offer is not None and offer.to_id == me,
            offered=offer is not None and offer.by_id == me,
            rings_from=self.quiet.get(case.pk),
        )

    def _due(self, case: Case) -> datetime | None:
        """The next step; an answer that nobody has read is one, too."""
        unread = self.unread.get(case.pk)
        return sooner(case.next_action_due, unread) if unread else case.next_action_due

    def _may_still_say(self, case: Case) -> bool:
        return case.pk not in self.said or ups.may_still_say(case, self.viewer.id)

    def _is_called(self, case: Case) -> bool:
        return self.ladders is not None and bool(self.ladders.of(case).minutes)


def _newest(calls: Iterable[Called]) -> Mapping[int, Sequence[Called]]:
    by_case: dict[int, list[Called]] = defaultdict(list)
    for each in calls:
        if by_case[each.case_id] and by_case[each.case_id][0].step != each.step:
            by_case[each.case_id].clear()
        by_case[each.case_id].append(each)
    return by_case


def _stamp(each: BoardRow) -> str:
    up = each.up.until.isoformat() if each.up else ""
    ways = ",".join(way.stamp for one in each.called for way in one.ways)
    offer = f"{each.offer.pk}" if each.offer else ""
    return f"{each.case.pk}.{each.case.version}.{up}.{offer}.{ways}"

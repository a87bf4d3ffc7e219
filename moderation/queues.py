"""The queue and the staff board, read in a few queries however many cases there are. Nothing here writes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.access import ViewerFacts
from moderation import categories, wording
from moderation.access import cases_visible_to
from moderation.models import Case, CrisisRecord, Kind, RecordKind, Report, Source, State
from moderation.vocabulary import WITH_STAFFS


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a queue."""

    case: Case
    headline: str
    about: str
    due: str
    late: bool
    held: str
    mine: bool
    offered: bool


@dataclass(frozen=True, slots=True)
class Lens:
    key: str
    label: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class Queue:
    rows: list[Row]
    lenses: list[Lens]
    waiting: int  # for a first look
    oldest: datetime | None
    late: int


def read_queue(viewer: ViewerFacts, lens: str = "") -> Queue:
    """The live cases this person may see, the most urgent first and by due time within a severity."""
    cases = list(_live(viewer).order_by("rank", F("due_at").asc(nulls_last=True), "id"))
    groups = {
        "": cases,
        "worry": [case for case in cases if case.kind == Kind.CARE],
        "rules": [case for case in cases if case.kind == Kind.CONDUCT],
        "mine": [case for case in cases if viewer.id in (case.holder_id, case.offered_to_id)],
    }
    names = {"": _("All"), "worry": _("Worry"), "rules": _("Rules"), "mine": _("Mine")}
    current = lens if lens in groups else ""
    rows = _rows(groups[current], viewer)
    waiting = [case.opened_at for case in groups[current] if case.state in (State.OPEN, State.ESCALATED)]
    lenses = [Lens(key, names[key], len(group), key == current) for key, group in groups.items()]
    to_look_at = sum(case.state == State.OPEN for case in groups[current])
    return Queue(rows, lenses, to_look_at, min(waiting, default=None), sum(row.late for row in rows))


def read_staff_board(viewer: ViewerFacts) -> tuple[list[Row], list[CrisisRecord]]:
    """Cases that wait for staff or are with them, and short closes that a second person has yet to read."""
    cases = (
        _live(viewer)
        .filter(state__in=WITH_STAFFS)
        .order_by("rank", F("next_action_due").asc(nulls_first=True), "escalated_at")
    )
    seen = Case.objects.filter(cases_visible_to(viewer))
    unread = CrisisRecord.objects.filter(kind=RecordKind.SHORT, second_read_at=None, case__in=seen)
    return _rows(list(cases), viewer), list(
        unread.select_related("case__subject", "case__post", "by").order_by("second_due_at")
    )


def count_waiting(viewer: ViewerFacts, *, staff: bool = False) -> int:
    """How many cases wait for somebody like this person: for the header."""
    states = (State.ESCALATED,) if staff else (State.OPEN,)
    return _live(viewer).filter(state__in=states).count()


def _live(viewer: ViewerFacts) -> QuerySet[Case]:
    visible = Case.objects.filter(cases_visible_to(viewer)).exclude(state=State.CLOSED)
    return visible.select_related("subject", "holder", "post", "post__parent", "escalated_by")


def _rows(cases: list[Case], viewer: ViewerFacts) -> list[Row]:
    now = timezone.now()
    reports: dict[int, list[Report]] = defaultdict(list)
    for report in Report.objects.filter(case__in=cases).defer("snapshot", "note").order_by("made_at", "id"):
        reports[report.case_id].append(report)
    return [_row(case, reports[case.pk], viewer, now) for case in cases]


def _row(case: Case, reports: Sequence[Report], viewer: ViewerFacts, now: datetime) -> Row:
    clock = wording.clock_of(case)
    return Row(
        case=case,
        headline=wording.headline(case),
        about=_about(reports),
        due=_waits(case, now) or wording.due_words(clock, now),
        late=clock is not None and clock <= now,
        held=_held(case, viewer),
        mine=case.holder_id == viewer.id,
        offered=case.offered_to_id == viewer.id,
    )


def _waits(case: Case, now: datetime) -> str:
    """An escalated case has no clock of its own: the ladder runs, and how long it has waited is what matters."""
    if case.state != State.ESCALATED or case.escalated_at is None:
        return ""
    return _("waits %(span)s") % {"span": wording.how_long(now - case.escalated_at)}


def _about(reports: Sequence[Report]) -> str:
    """Who told us, and of what: people by number and never by name."""
    people = len(
        {each.reporter_id or f"outside {each.pk}" for each in reports if each.source in (Source.MEMBER, Source.OUTSIDE)}
    )
    parts = [_("%(n)d person") % {"n": people} if people == 1 else _("%(n)d people") % {"n": people}] if people else []
    parts += [str(label) for source, label in _SOURCES.items() if any(each.source == source for each in reports)]
    noticed = wording.noticed_words([reason for each in reports for reason in each.reasons])
    words = dict.fromkeys(
        str(categories.words_for(each.door, each.category)) for each in reports if each.source != Source.SCREENING
    )
    told = [*words, *([_("screening: %(rules)s") % {"rules": noticed}] if noticed else [])]
    return ": ".join(filter(None, [", ".join(parts), " · ".join(told[:3])]))


_SOURCES = {
    Source.SELF: gettext_lazy("they asked themselves"),
    Source.NOTICED: gettext_lazy("noticed by the team"),
    Source.STAFF: gettext_lazy("told to staff"),
}


def _held(case: Case, viewer: ViewerFacts) -> str:
    if case.holder is None:
        return _("nobody yet")
    if case.holder_id == viewer.id:
        return _("you hold it")
    if case.state == State.WITH_STAFF:
        return _("%(handle)s, for staff") % {"handle": case.holder.handle}
    return _("%(handle)s is on it") % {"handle": case.holder.handle}

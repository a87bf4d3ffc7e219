"""The queue and the staff board, read in a few queries however many cases there are. Nothing here writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case as When_
from django.db.models import Count, F, IntegerField, Min, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from forum.access import ViewerFacts
from forum.places import parse_place
from moderation import aside
from moderation.access import cases_visible_to
from moderation.filters import CLOSED_FOR, LANES, Filters, due_by
from moderation.models import Case, CrisisRecord, Severity, State
from moderation.rows import Row, order_of, rows_of
from moderation.vocabulary import WITH_STAFFS
from moderation.wording import how_long

PAGE = 50  # rows of a page


@dataclass(frozen=True, slots=True)
class Tab:
    """One choice, with how many cases it would show. `oldest` is the moment the longest-known of them was opened."""

    key: str
    label: str | Promise
    query: str
    count: int
    current: bool
    oldest: datetime | None = None

    @property
    def waited(self) -> str:
        return how_long(timezone.now() - self.oldest) if self.oldest else ""


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the queue, and the numbers of everything that its choices show, this page and the next ones."""

    rows: list[Row]
    filters: Filters
    lanes: list[Tab]
    mine: Tab
    severities: list[Tab]
    total: int
    waiting: int  # for a first look
    oldest: datetime | None  # since when the longest-waiting of those that nobody has taken waits
    late: int
    next: str  # the end of the next page's address, or ""
    first: bool
    put_aside: int = 0  # for this person alone: others see those as ever

    @property
    def top(self) -> str:
        return self.filters.query()

    @property
    def chosen(self) -> bool:
        """Whether this is a part of the queue: nothing in it does not mean that nothing waits."""
        return self.filters != Filters()

    @property
    def aside_query(self) -> str:
        """What is put aside for this person."""
        return self.filters.query(aside="on")

    @property
    def everything(self) -> str:
        """The same tabs with nothing narrowed down."""
        return self.filters.query(severity="", state="", category="", due="", aside="")


@dataclass(frozen=True, slots=True)
class _Cell:
    """Cases alike in everything that is counted apart."""

    kind: str
    state: str
    severity: str
    own: int
    rests: int
    n: int
    oldest: datetime
    late: int


def read_queue(viewer: ViewerFacts, filters: Filters | None = None, after: str = "") -> Queue:
    """The cases this person may see and has chosen, the most urgent first, and within a severity by what is due.

    Counts come from one aggregate over the same conditions, so they agree with the rows. `after` is where a page ends.
    """
    filters, now = filters or Filters(), timezone.now()
    shown = _shown(viewer, filters).filter(filters.wide(now))
    shown, put_aside = _without_aside(shown, viewer, filters)
    cells = _cells(shown, filters.own(viewer), now)
    rows, more = _page(shown.filter(filters.condition(viewer)), filters, after)
    seen = [cell for cell in cells if _matches(filters, cell)]
    waiting = [cell.oldest for cell in seen if cell.state in (State.OPEN, State.ESCALATED) and not cell.rests]
    return Queue(
        rows=rows_of(rows, viewer),
        filters=filters,
        lanes=_lanes(filters, cells),
        mine=_tab(filters, cells, "mine", "on", _("Mine")),
        severities=[_tab(filters, cells, "severity", each.value, each.label) for each in Severity],
        total=sum(cell.n for cell in seen),
        waiting=sum(cell.n for cell in seen if cell.state == State.OPEN and not cell.rests),
        oldest=min(waiting, default=None),
        late=sum(cell.late for cell in seen),
        next=_next(filters, rows[-1]) if more else "",
        first=not after,
        put_aside=put_aside,
    )


def read_staff_board(viewer: ViewerFacts) -> tuple[list[Row], list[CrisisRecord]]:
    """Cases that wait for staff or are with them, and records that a second person has yet to read."""
    order = ("place", F("next_action_due").asc(nulls_first=True), "escalated_at")
    cases = _live(viewer).filter(state__in=WITH_STAFFS).order_by(*order)
    seen = Case.objects.filter(cases_visible_to(viewer))
    unread = CrisisRecord.objects.filter(second_due_at__isnull=False, second_read_at=None, case__in=seen)
    return rows_of(list(cases), viewer), list(
        unread.select_related("case__subject", "case__post", "by").order_by("second_due_at")
    )


def read_held(viewer: ViewerFacts) -> list[Row]:
    """What this person holds or was offered, in the queue's order."""
    own = Q(holder=viewer.id) | (Q(offered_to=viewer.id) & ~aside.put_aside_for(viewer.id))
    return rows_of(list(_live(viewer).filter(own).order_by("place", "order_at", "id")), viewer)


def waiting(viewer: ViewerFacts, *, staff: bool = False) -> QuerySet[Case]:
    """The cases that wait for somebody like this person: the header counts them."""
    visible = Case.objects.filter(cases_visible_to(viewer), asks_again_at=None).exclude(aside.put_aside_for(viewer.id))
    return visible.filter(state=State.ESCALATED if staff else State.OPEN)


def _live(viewer: ViewerFacts) -> QuerySet[Case]:
    """`place` is the index's first column: closed cases have none, and however many there are, they are not read."""
    live = Case.objects.filter(cases_visible_to(viewer), place__gte=0)
    return live.select_related("subject", "holder", "post")


def _shown(viewer: ViewerFacts, filters: Filters) -> QuerySet[Case]:
    if not filters.closed:
        return _live(viewer)
    since = timezone.now() - CLOSED_FOR
    live = [state for state in State if state != State.CLOSED]
    lately = Case.objects.filter(cases_visible_to(viewer), order_at__gt=since).exclude(state__in=live)
    return lately.select_related("subject", "closed_by", "post")


def _without_aside(shown: QuerySet[Case], viewer: ViewerFacts, filters: Filters) -> tuple[QuerySet[Case], int]:
    """What this person would rather not read is put aside, behind a press; and how many those are."""
    if filters.closed or not aside.has_any(viewer.id):
        return (shown.none() if filters.aside else shown), 0
    away = shown.filter(aside.put_aside_for(viewer.id))
    return (away if filters.aside else shown.exclude(aside.put_aside_for(viewer.id))), away.count()


def _cells(shown: QuerySet[Case], own_ones: Q, now: datetime) -> list[_Cell]:
    own = When_(When(own_ones, then=Value(1)), default=Value(0), output_field=IntegerField())
    rests = When_(When(asks_again_at__isnull=False, then=Value(1)), default=Value(0), output_field=IntegerField())
    counted = (
        shown.select_related(None)
        .order_by()
        .values("kind", "state", "severity", own=own, rests=rests)
        .annotate(n=Count("id"), oldest=Min("opened_at"), late=Count("id", filter=due_by(now)))
    )
    return [_Cell(**cell) for cell in counted]


def _matches(filters: Filters, cell: _Cell, but: str = "") -> bool:
    return filters.matches(kind=cell.kind, mine=bool(cell.own), severity=cell.severity, state=cell.state, but=but)


def _lanes(filters: Filters, cells: list[_Cell]) -> list[Tab]:
    names: Mapping[str, str | Promise] = {"": _("All")} | {key: label for key, (_kind, label) in LANES.items()}
    return [_tab(filters, cells, "lane", key, label) for key, label in names.items()]


def _tab(filters: Filters, cells: list[_Cell], part: str, key: str, label: str | Promise) -> Tab:
    """What choosing this would show, with the other choices as they are; for one chosen, leaving it leads back."""
    would = [cell for cell in cells if _matches(filters, cell, but=part) and _is(part, key, cell)]
    current = getattr(filters, part) == key
    back = current and part != "lane"
    oldest = min((cell.oldest for cell in would), default=None)
    return Tab(key, label, filters.query(**{part: "" if back else key}), sum(cell.n for cell in would), current, oldest)


def _is(part: str, key: str, cell: _Cell) -> bool:
    if part == "mine":
        return bool(cell.own)
    if part == "lane":
        return not key or LANES[key][0] == cell.kind
    return cell.severity == key


def _page(chosen: QuerySet[Case], filters: Filters, after: str) -> tuple[list[Case], bool]:
    """Rows by key, not by number: what comes and goes above moves nothing from one page to the next."""
    newest_first = filters.closed
    order = ("-order_at", "-id") if newest_first else ("place", "order_at", "id")
    rows = list(chosen.filter(_beyond(after, newest_first=newest_first)).order_by(*order)[: PAGE + 1])
    return rows[:PAGE], len(rows) > PAGE


def _beyond(after: str, *, newest_first: bool) -> Q:
    """The rows that come after a place; a strange one is the top."""
    place, _dot, moment = after.partition(".")
    if not (key := parse_place(moment)) or not (len(place) == 1 and place.isascii() and place.isdigit()):
        return Q()
    at, ident = key
    if newest_first:
        return Q(order_at__lte=at) & (Q(order_at__lt=at) | Q(id__lt=ident))
    same = Q(order_at__gt=at) | Q(order_at=at, id__gt=ident)
    return Q(place__gte=int(place)) & (Q(place__gt=int(place)) | same)


def _next(filters: Filters, last: Case) -> str:
    query = filters.query()
    return f"{query}{'&' if query else '?'}after={order_of(last)}"

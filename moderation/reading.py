"""What the pages of moderation show, read in a few queries however much there is. Nothing here writes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.access import ViewerFacts
from forum.models import Post, Status
from moderation import categories, wording
from moderation.access import cases_visible_to
from moderation.models import Case, CaseEvent, CrisisRecord, Kind, RecordKind, Report, Source, State

AROUND = 8  # words shown before and after those in question: enough to read a tone, short enough to read
STAFFS = (State.ESCALATED, State.WITH_STAFF)


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
    oldest: datetime | None
    late: int


@dataclass(slots=True)
class Seen:
    """Words in question: as they are now, and as each reporter saw them."""

    post: Post
    now: SafeString | None  # None: there is nothing to show any more
    stand: str | Promise
    shots: list["Shot"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shot:
    words: SafeString
    version: int | None
    changed: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One report, as the team reads it."""

    report: Report
    category: str | Promise
    noticed: str
    fresh: bool


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
    return Queue(rows, lenses, min(waiting, default=None), sum(row.late for row in rows))


def read_staff_board(viewer: ViewerFacts) -> tuple[list[Row], list[CrisisRecord]]:
    """Cases that wait for staff or are with them, and short closes that a second person has yet to read."""
    cases = (
        _live(viewer)
        .filter(state__in=STAFFS)
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


def read_reports(case: Case) -> list[Told]:
    reports = case.reports.select_related("post", "reporter", "read_by").order_by("made_at", "id")
    return [
        Told(
            each,
            categories.words_for(each.door, each.category),
            wording.noticed_words(each.reasons),
            each.read_at is None,
        )
        for each in reports
    ]


def read_words_in_question(case: Case, told: Sequence[Told]) -> list[Seen]:
    """The posts a case is about, each as it is now and as it was when it was reported."""
    posts = {each.report.post_id: each.report.post for each in told if each.report.post}
    if case.post:
        posts.setdefault(case.post_id, case.post)
    shots: dict[int | None, list[Shot]] = defaultdict(list)
    reasons: dict[int | None, list[Any]] = defaultdict(list)
    for each in told:
        report, post = each.report, posts.get(each.report.post_id)
        if post is None or not report.snapshot:
            continue
        shot = Shot(
            wording.marked(report.snapshot, report.reasons), report.snapshot_version, report.snapshot != post.body
        )
        if report.snapshot_version == post.version or not shot.changed:
            reasons[post.pk] += report.reasons
        if shot not in shots[post.pk]:
            shots[post.pk].append(shot)
    return [_seen(post, shots[post_id], reasons[post_id]) for post_id, post in posts.items() if post]


def read_around(post: Post) -> tuple[Post | None, list[Post]]:
    """The post that words belong to and the replies near them, as far as they stand on the wall."""
    top = post.parent or post
    standing = Post.objects.filter(parent=top, status__in=(Status.VISIBLE, Status.FOLDED, Status.HELD)).select_related(
        "author"
    )
    nearby = Q(placed_at__lte=post.placed_at) if post.parent_id else Q()
    before = list(standing.filter(nearby).exclude(pk=post.pk).order_by("-placed_at", "-pk")[:AROUND])[::-1]
    after = (
        list(standing.filter(placed_at__gt=post.placed_at).order_by("placed_at", "pk")[:AROUND])
        if post.parent_id
        else []
    )
    shown = top if top.pk != post.pk and top.status in (Status.VISIBLE, Status.FOLDED, Status.HELD) else None
    return shown, [*before, *after]


def read_timeline(case: Case) -> list[tuple[CaseEvent, str, str]]:
    """Everything that happened, oldest first: the event, its line, and the words that went with it."""
    events = case.events.select_related("actor", "said").order_by("n")
    return [
        (event, wording.what_happened(event), event.said.words if hasattr(event, "said") else "") for event in events
    ]


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


_STANDS = {
    Status.HELD: gettext_lazy("Waiting for a moderator, not on the wall yet."),
    Status.VISIBLE: gettext_lazy("On the wall."),
    Status.FOLDED: gettext_lazy("Folded on the wall."),
    Status.REMOVED: gettext_lazy("Taken down. Only this page shows it."),
    Status.WITHDRAWN: gettext_lazy(
        "Its author has taken it back. What was reported is kept here while the case is open."
    ),
    Status.ERASED: gettext_lazy("Erased."),
}


def _seen(post: Post, shots: list[Shot], reasons: list[Any]) -> Seen:
    gone = post.status in (Status.WITHDRAWN, Status.ERASED)
    return Seen(post, None if gone else wording.marked(post.body, reasons), _STANDS[Status(post.status)], shots)

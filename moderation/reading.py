"""What a case's page shows, read in a few queries however much there is. Nothing here writes."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Max
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from forum.access import ViewerFacts
from forum.models import Post, Status
from moderation import called_lines, categories, paging, wording
from moderation.differences import differences, drawn, with_marks
from moderation.models import Case, CaseEvent, Report
from moderation.reporters import who_told
from moderation.vocabulary import READ


@dataclass(slots=True)
class Seen:
    """Words in question: as they are now, and as they were reported where that is not the same.

    `then` stands beside `now`, each with what differs marked; `earlier` are the versions reported before that one.
    """

    post: Post
    now: SafeString | None  # None: there is nothing to show any more
    stand: str | Promise
    then: "Shot | None" = None
    earlier: Sequence["Shot"] = ()
    reported: bool = False  # as they are now
    noticed: Sequence[wording.Noticed] = ()  # by screening, in any of these

    @property
    def length(self) -> int:
        return len(self.post.body)


@dataclass(frozen=True, slots=True)
class Shot:
    """Words as a reporter saw them."""

    words: SafeString
    version: int | None


@dataclass(frozen=True, slots=True)
class Told:
    """One report, as the person who reads the case may know it."""

    report: Report
    category: str | Promise
    noticed: str
    fresh: bool
    who: str | Promise


class Line(NamedTuple):
    """One line of the time line, with the words that went with it."""

    event: CaseEvent
    line: str
    said: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who has read the case, how often, and when last."""

    handle: str
    times: int
    last: datetime


@dataclass(slots=True)
class _Found:
    """What the reports say of one post: each version once, oldest first, with every reason that screening gave for it."""

    words: dict[tuple[int | None, str], list[Any]] = field(default_factory=lambda: defaultdict(list))


def read_reports(case: Case, viewer: ViewerFacts, *, sealed: bool = False, hidden: Collection[int] = ()) -> list[Told]:
    """What was told, report by report. `sealed`: without a word of it, and without what was asked back; `hidden`: likewise
    for reports of these posts alone."""
    rows = case.reports.select_related("post__author", "reporter", "read_by", "letter__by_hand").order_by(
        "made_at", "id"
    )
    rows = rows.prefetch_related("questions__asked_by")
    reports = [without_words(each) if sealed or each.post_id in hidden else each for each in rows]
    return [
        Told(
            each,
            categories.words_for(each.door, each.category),
            wording.noticed_words(each.reasons),
            each.read_at is None,
            who_told(each, viewer, case.kind),
        )
        for each in reports
    ]


def without_words(report: Report) -> Report:
    """In memory alone: nothing of this is ever saved."""
    report.note = report.whereabouts = report.snapshot = ""
    report.reasons = []
    report._prefetched_objects_cache = {"questions": report.questions.none()}  # type: ignore[attr-defined]
    return report


def read_words_in_question(case: Case, told: Sequence[Told]) -> list[Seen]:
    """The posts a case is about, each as it is now and as it was when it was reported."""
    posts = {each.report.post_id: each.report.post for each in told if each.report.post}
    if case.post:
        posts.setdefault(case.post_id, case.post)
    found: dict[int | None, _Found] = defaultdict(_Found)
    for each in told:
        report = each.report
        if report.post_id in posts and report.snapshot:
            found[report.post_id].words[report.snapshot_version, report.snapshot] += report.reasons
    return [_seen(post, found[post_id].words) for post_id, post in posts.items() if post]


def read_timeline(case: Case, *, takes: bool = False) -> list[Line]:
    """Everything that happened, oldest first, with more of the words for whoever `takes` such cases. Who read it is no step:
    `read_readers`.
    """
    events = list(case.events.exclude(action=READ).select_related("actor", "said").order_by("n"))
    called, paged = called_lines.lines_of(case, events), paging.People(events)

    def line(event: CaseEvent) -> str:
        return called.get(event.pk) or paged.line(event) or wording.what_happened(event)

    return [Line(event, line(event), wording.said_with(event, takes=takes)) for event in events]


def notes_among(timeline: Sequence[Line]) -> list[Line]:
    """What one moderator wrote for the next, newest first."""
    return [each for each in timeline[::-1] if each.said and each.event.action in wording.FOR_COLLEAGUES]


def read_readers(case: Case) -> list[Reader]:
    """Who has read this, the last one first."""
    reads = case.events.filter(action=READ).order_by().values_list("actor__handle")
    return [Reader(*row) for row in reads.annotate(times=Count("id"), last=Max("at")).order_by("-last")]


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


_Version = tuple[int | None, str, list[Any]]  # its number, the words, screening's reasons


def _seen(post: Post, reported: Mapping[tuple[int | None, str], list[Any]]) -> Seen:
    versions = sorted(((number, text, why) for (number, text), why in reported.items()), key=lambda each: each[0] or 0)
    seen = Seen(post, None, _STANDS[Status(post.status)])
    seen.noticed = wording.noticed_among((text, reasons) for _number, text, reasons in versions)
    if post.status in (Status.WITHDRAWN, Status.ERASED):
        shots = [_shot(each) for each in versions]
        seen.then, seen.earlier = (shots[-1] if shots else None), shots[-2::-1]
        return seen
    changed = [each for each in versions if each[1] != post.body]
    unchanged = [each for each in versions if each[1] == post.body]
    seen.reported = bool(unchanged)
    marks = wording.spans(post.body, [reason for each in unchanged for reason in each[2]])
    if not changed:
        seen.now = with_marks(post.body, marks)
        return seen
    number, text, reasons = changed[-1]
    pieces = differences(text, post.body)
    seen.then = Shot(drawn(pieces, "then", wording.spans(text, reasons)), number)
    seen.now = drawn(pieces, "now", marks)
    seen.earlier = [_shot(each) for each in changed[-2::-1]]
    return seen


def _shot(version: _Version) -> Shot:
    number, text, reasons = version
    return Shot(wording.marked(text, reasons), number)

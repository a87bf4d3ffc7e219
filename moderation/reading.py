"""What a case's page shows, read in a few queries however much there is. Nothing here writes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from forum.access import ON_THE_WALL
from forum.models import Post, Status
from moderation import categories, wording
from moderation.models import Case, CaseEvent, Report

AROUND = 8  # words shown before and after those in question: enough to read a tone, short enough to read


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
    standing = Post.objects.filter(parent=top, status__in=ON_THE_WALL).select_related("author")
    nearby = Q(placed_at__lte=post.placed_at) if post.parent_id else Q()
    before = list(standing.filter(nearby).exclude(pk=post.pk).order_by("-placed_at", "-pk")[:AROUND])[::-1]
    after = (
        list(standing.filter(placed_at__gt=post.placed_at).order_by("placed_at", "pk")[:AROUND])
        if post.parent_id
        else []
    )
    shown = top if top.pk != post.pk and top.status in ON_THE_WALL else None
    return shown, [*before, *after]


def read_timeline(case: Case) -> list[tuple[CaseEvent, str, str]]:
    """Everything that happened, oldest first: the event, its line, and the words that went with it."""
    events = case.events.select_related("actor", "said").order_by("n")
    return [
        (event, wording.what_happened(event), event.said.words if hasattr(event, "said") else "") for event in events
    ]


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

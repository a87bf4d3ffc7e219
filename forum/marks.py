"""What is a viewer's own about posts: the supports they gave, what they follow and keep. Put into drawn articles afterwards."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.db.models import CharField, Count, QuerySet, Value
from django.utils.safestring import SafeString, mark_safe

from forum import live
from forum.access import ViewerFacts
from forum.models import Follow, Keep, Support
from forum.prepared import Prepared
from forum.rows import WallRow

MINE = 0  # stands for a count in what is the viewer's own; no count is 0


class Marks:
    """What is this viewer's own about these posts: one query, also where articles must be drawn, which show counts."""

    def __init__(self, viewer: ViewerFacts, ids: Sequence[int]) -> None:
        self._viewer = viewer
        self._ids = ids

    @cached_property
    def mine(self) -> Mapping[int, set[str]]:
        """The supports they gave, and whether they follow or keep it."""
        return self._sorted(_MINE.ask(None, self._viewer.id, self._ids) if self._ids else ())[1]

    def counts(self, ids: Iterable[int]) -> live.SupportCounts:
        """How often each support was given to some of them, read together with what is the viewer's own."""
        given = Support.objects.filter(post__in=list(ids)).order_by().values_list("post", "kind")
        own = _mine_of(self._viewer.id, self._ids)
        counts, mine = self._sorted(given.annotate(n=Count("pk")).union(*own, all=True))
        self.__dict__["mine"] = mine
        return counts

    def _sorted(self, rows: Iterable[Any]) -> tuple[dict[int, dict[str, int]], dict[int, set[str]]]:
        counts: dict[int, dict[str, int]] = defaultdict(dict)
        mine: dict[int, set[str]] = defaultdict(set)
        for post_id, kind, number in rows:
            if number == MINE:
                mine[post_id].add(kind)
            else:
                counts[post_id][kind] = number
        return counts, mine


def _mine_of(viewer_id: int, ids: Sequence[int]) -> Iterator[QuerySet[Any, Any]]:
    own = {"post__in": ids, "member": viewer_id}
    yield Support.objects.filter(**own).order_by().values_list("post", "kind").annotate(n=Value(MINE))
    for name, marks in (("follow", Follow.objects), ("keep", Keep.objects)):
        kept = marks.filter(**own).order_by().values_list("post", Value(name, CharField()))
        yield kept.annotate(n=Value(MINE))


def _all_mine(_shape: None, viewer_id: int, ids: Sequence[int]) -> QuerySet[Any, Any]:
    first, *others = _mine_of(viewer_id, ids)
    return first.union(*others, all=True)


_MINE = Prepared(_all_mine)


def add_mine(article: SafeString, post: WallRow, viewer: ViewerFacts, kinds: Iterable[str]) -> SafeString:
    """Adds what is this viewer's to a drawn article: the class of their own words, what they have pressed.

    The article is the same for every reader, so that it can be drawn once; only fixed strings of our own templates are
    replaced, and words of people cannot hold them, for they are escaped.
    """
    html: str = article
    if post.author_id == viewer.id:
        html = html.replace(f'<article id="post-{post.pk}" class="', f'<article id="post-{post.pk}" class="mine ', 1)
    for kind in kinds:
        html = html.replace(f'aria-pressed="false" value="{kind} on"', f'aria-pressed="true" value="{kind} off"', 1)
    if viewer.opens_notes:
        html = html.replace('<details class="note">', '<details class="note" open>', 1)
    return mark_safe(html)  # noqa: S308

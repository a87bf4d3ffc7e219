"""Reading the wall: pages of posts with their newest replies, drawn once for everyone, with what is mine added after.

Each page reads its rows from the database, by the visibility rule. What is kept elsewhere is how a row looks, never who sees it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, starmap
from typing import Any

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from forum import access, fragments, live
from forum.access import Sight, ViewerFacts
from forum.lenses import Lens
from forum.marks import Marks, add_mine
from forum.models import Post
from forum.models.post import place_of
from forum.muting import Muting
from forum.places import Place, earlier_than, parse_place
from forum.prepared import Prepared
from forum.replies import Replies
from forum.rows import WallRow, columns_of, rows_for

PAGE = 16  # posts on one page of the wall: a first visit stays under 100 KB
NEWEST_REPLIES = 3  # shown under each post on the wall

HOLE = "\0"  # in a drawn frame, where a piece goes; no template and nothing that people write holds one


@dataclass(frozen=True, slots=True)
class Thread:
    """A post as this viewer gets it, drawn, with the replies shown under it in the order they were written."""

    post: WallRow
    article: SafeString
    replies: Sequence[tuple[WallRow, SafeString]] = field(default_factory=list)
    older_replies: bool = False  # whether this viewer could see more replies than are shown here
    earlier: str = ""  # the place before which there are more replies, on the thread's own page; "" at its start
    later: str = ""  # the place after which there are more; "" at its end

    @property
    def stands(self) -> bool:
        """Whether its words are still there. A stone names nobody: whose words were taken down is not others' to know."""
        return self.post.status in access.READABLE

    @property
    def html(self) -> SafeString:
        """The whole of it, put together from drawn pieces: `_thread.html` around its articles."""
        return self._around(whole=False)

    @property
    def whole(self) -> SafeString:
        """The same for its own page, where all replies are to be found."""
        return self._around(whole=True)

    def _around(self, *, whole: bool) -> SafeString:
        named = (self.post.handle if self.stands else "", self.older_replies, self.earlier, self.later, whole)
        key = ("thread", self.post.pk, self.post.placed_at, *named)
        (frame,) = fragments.drawn([key], lambda keys: {key: self._draw_frame(whole=whole)}).values()
        before, between, after = frame.split(HOLE)
        replies = "".join(f"\n    {article}" for _reply, article in self.replies)
        return mark_safe(f"{before}{self.article}{between}{replies}{after}")  # noqa: S308  (our own templates' output)

    def _draw_frame(self, *, whole: bool) -> SafeString:
        context = {"thread": self, "whole": whole, "article": HOLE, "replies": HOLE}
        return render_to_string("forum/_thread.html", context)


@dataclass(frozen=True, slots=True)
class WallPage:
    threads: list[Thread]
    older: str  # the place to go on from, or "" at the end


def read_wall(viewer: ViewerFacts, before: str = "", lens: Lens | None = None) -> WallPage:
    """One page of the wall, newest first, by keyset: the same cost however far down it goes. A strange `before` is the top."""
    place, order = parse_place(before), lens.order if lens else "placed_at"
    page = _read_lens(viewer, place, lens) if lens else _read_page(viewer, place)
    shown = page[:PAGE]
    older = place_of(getattr(shown[-1], order), shown[-1].pk) if len(page) > PAGE else ""
    return WallPage(_threads(viewer, shown, _newest_replies(viewer, shown, NEWEST_REPLIES), NEWEST_REPLIES), older)


def _read_lens(viewer: ViewerFacts, place: Place | None, lens: Lens) -> list[WallRow]:
    posts = Post.objects.filter(access.visible_to(viewer), lens.shows(viewer))
    if place:
        posts = posts.filter(earlier_than(place, lens.order))
    return rows_for(viewer, posts.order_by(f"-{lens.order}", "-pk")[: PAGE + 1])


def _read_page(viewer: ViewerFacts, place: Place | None) -> list[WallRow]:
    sight = access.Seen.of(viewer)
    shape = (sight.shape, bool(place), bool(viewer.muted_words), PAGE)
    return list(starmap(WallRow, _PAGE.ask(shape, *sight.values, *(place or ()))))


def _page_of(shape: Any, viewer_id: int, apart: Sequence[int], *place: Any) -> QuerySet[Any, Any]:
    sight, _later, words_above, number = shape
    posts = Post.objects.filter(access.visible_to(access.Seen.viewer(sight, viewer_id, apart)), parent__isnull=True)
    if place:
        at, ident = place
        posts = posts.filter(earlier_than((at, ident)))
    return columns_of(posts.order_by("-placed_at", "-pk")[: number + 1], words_above=words_above)


_PAGE = Prepared(_page_of)


def read_thread(
    viewer: ViewerFacts, post_id: int, *, before: str = "", after: str = "", reply: int = 0
) -> Thread | None:
    """One post with a page of the replies this viewer may see, oldest first: the newest of them, those `before` or `after` a
    place, or those on whose page one `reply` stands. None when there is nothing for them to see.
    """
    seen = Post.objects.filter(access.visible_to(viewer))
    post = next(iter(rows_for(viewer, seen.filter(parent__isnull=True, pk=post_id))), None)
    if post is None:
        return None
    replies = Replies(viewer, seen.filter(parent=post.pk))
    page = replies.page(parse_place(before), parse_place(after), reply)
    drawn = next(iter(_threads(viewer, [post], page.replies)), None)
    return replace(drawn, earlier=page.earlier, later=page.later) if drawn else None


def url_of(post: Post) -> str:
    """Where a post or reply stands: a reply on its page of the thread, which the link names as well as the place on it."""
    on_its_page = f"?reply={post.pk}" if post.parent_id else ""
    return f"{reverse('post', args=[post.parent_id or post.pk])}{on_its_page}#post-{post.pk}"


def read_again(viewer: ViewerFacts, ids: Iterable[int]) -> dict[int, SafeString]:
    """Those of these posts and replies that this viewer may still see, drawn for them: what an open page asks when its
    rights have changed."""
    posts = rows_for(viewer, Post.objects.filter(access.visible_to(viewer), pk__in=list(ids)))
    return {thread.post.pk: thread.article for thread in _threads(viewer, posts, [])}


def read_members_posts(viewer: ViewerFacts, author_id: int) -> list[Thread]:
    """A member's newest posts, as far as this viewer may read them, without replies and without stones."""
    theirs = Post.objects.filter(author=author_id, parent__isnull=True, status__in=access.READABLE)
    posts = theirs.filter(access.visible_to(viewer))
    shown = rows_for(viewer, posts.order_by("-placed_at", "-pk")[:PAGE])
    return _threads(viewer, shown, _newest_replies(viewer, shown, 0), 0)


def _newest_replies(viewer: ViewerFacts, posts: Sequence[WallRow], number: int) -> list[WallRow]:
    """So many of the newest replies to each post, and one more that tells that there are older ones."""
    if not posts:
        return []
    sight = access.Seen.of(viewer)
    shape = (sight.shape, bool(viewer.muted_words), number)
    newest = starmap(WallRow, _NEWEST.ask(shape, *sight.values, [post.pk for post in posts]))
    return sorted(newest, key=lambda reply: (reply.placed_at, reply.pk))


def _newest_of(shape: Any, viewer_id: int, apart: Sequence[int], parents: Sequence[int]) -> QuerySet[Any, Any]:
    sight, words_above, number = shape
    rank = Window(RowNumber(), partition_by=F("parent"), order_by=[F("placed_at").desc(), F("id").desc()])
    seen = access.visible_to(access.Seen.viewer(sight, viewer_id, apart))
    replies = Post.objects.filter(seen, parent__in=parents).annotate(rank=rank)
    return columns_of(replies.filter(rank__lte=number + 1), words_above=words_above)


_NEWEST = Prepared(_newest_of)


def _threads(
    viewer: ViewerFacts, posts: Sequence[WallRow], replies: Iterable[WallRow], newest: int | None = None
) -> list[Thread]:
    """Draws posts, with all these replies or only the `newest`. What muted words hide is left out, after the database's page."""
    by_parent: dict[int | None, list[WallRow]] = defaultdict(list)
    for reply in replies:
        by_parent[reply.parent_id].append(reply)
    older = {parent for parent, group in by_parent.items() if newest is not None and len(group) > newest}
    for parent in older:
        by_parent[parent] = by_parent[parent][len(by_parent[parent]) - (newest or 0) :]
    drawn = _draw(viewer, [*posts, *chain.from_iterable(by_parent.values())])
    return [
        Thread(
            post,
            drawn[post.pk],
            [(reply, drawn[reply.pk]) for reply in by_parent[post.pk] if reply.pk in drawn],
            post.pk in older,
        )
        for post in posts
        if post.pk in drawn
    ]


def _draw(viewer: ViewerFacts, rows: Sequence[WallRow]) -> dict[int, SafeString]:
    """Each row as this viewer gets it. The rule says who gets words and who a stone; what they have muted themselves, what
    is left out or folded.
    """
    mutings = {row.pk: _muting(viewer, row) for row in rows}
    shown = [row for row in rows if mutings[row.pk] is not Muting.HIDE]
    marks = Marks(viewer, [row.pk for row in shown])
    articles = live.draw_articles(shown, marks.counts)
    mine = marks.mine

    def drawn(row: WallRow) -> SafeString:
        if access.sight_of(viewer, row.facts) is Sight.STONE:
            return live.draw_stone(row)
        folds = mutings[row.pk] is Muting.FOLD
        article = live.fold_muted(articles[row.pk], row) if folds else articles[row.pk]
        return add_mine(article, row, viewer, mine.get(row.pk, ()))

    return {row.pk: drawn(row) for row in shown}


def _muting(viewer: ViewerFacts, row: WallRow) -> Muting:
    return access.muting_of_post(viewer, row.facts_with_words) if viewer.muted_words else Muting.NONE

"""Reading the wall: pages of posts with their newest replies, drawn once for everyone, with what is mine added after."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from django.db.models import CharField, Count, F, Q, QuerySet, Value, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from forum import access, live
from forum.access import Sight, ViewerFacts
from forum.lenses import Lens
from forum.models import Follow, Keep, Post, Support
from forum.models.post import place_of
from forum.muting import Muting

PAGE = 17  # posts on one page of the wall: a first visit stays under 100 KB
REPLIES = 50  # replies on one page of a thread: the newest, and links to those before
NEWEST_REPLIES = 3  # shown under each post on the wall

MINE = 0  # stands for a count in what is the viewer's own; no count is 0

Marks = Mapping[int, set[str]]
"""What is the viewer's own about each post: the supports they gave, and whether they follow or keep it."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A post as this viewer gets it, drawn, with the replies shown under it in the order they were written."""

    post: Post
    article: SafeString
    replies: Sequence[tuple[Post, SafeString]] = field(default_factory=list)
    older_replies: bool = False  # whether this viewer could see more replies than are shown here
    earlier: str = ""  # the place before which there are more replies, on the thread's own page; "" at its start
    later: str = ""  # the place after which there are more; "" at its end

    @property
    def stands(self) -> bool:
        """Whether its words are still there. A stone names nobody: whose words were taken down is not others' to know."""
        return self.post.status in access.READABLE


@dataclass(frozen=True, slots=True)
class WallPage:
    threads: list[Thread]
    older: str  # the place to go on from, or "" at the end


def read_wall(viewer: ViewerFacts, before: str = "", lens: Lens | None = None) -> WallPage:
    """One page of the wall, newest first, by keyset: the same cost however far down it goes. A strange `before` is the top."""
    of_wall, order = (lens.shows(viewer), lens.order) if lens else (Q(parent__isnull=True), "placed_at")
    posts = live.drawable().filter(access.visible_to(viewer), of_wall)
    if place := parse_place(before):
        posts = posts.filter(earlier_than(place, order))
    page = list(posts.order_by(f"-{order}", "-pk")[: PAGE + 1])
    shown = page[:PAGE]
    older = place_of(getattr(shown[-1], order), shown[-1].pk) if len(page) > PAGE else ""
    return WallPage(_threads(viewer, shown, _newest_replies(viewer, shown, NEWEST_REPLIES), NEWEST_REPLIES), older)


def read_thread(
    viewer: ViewerFacts, post_id: int, *, before: str = "", after: str = "", reply: int = 0
) -> Thread | None:
    """One post with a page of the replies this viewer may see, oldest first: the newest of them, those `before` or `after` a
    place, or those on whose page one `reply` stands. None when there is nothing for them to see.
    """
    post = live.drawable().filter(access.visible_to(viewer), parent__isnull=True, pk=post_id).first()
    if post is None:
        return None
    page = _page_of_replies(
        live.drawable().filter(access.visible_to(viewer), parent=post), parse_place(before), parse_place(after), reply
    )
    drawn = next(iter(_threads(viewer, [post], page.replies)), None)
    return replace(drawn, earlier=page.earlier, later=page.later) if drawn else None


@dataclass(frozen=True, slots=True)
class _Page:
    replies: list[Post]
    earlier: str = ""
    later: str = ""


def _page_of_replies(
    replies: QuerySet[Post], before: tuple[datetime, int] | None, after: tuple[datetime, int] | None, reply: int
) -> _Page:
    """By keyset. A page on which there is nothing, such as one before a reply that has gone since, is the newest."""
    if after and (found := list(_past(replies, after)[: REPLIES + 1])):
        return _Page(found[:REPLIES], _place(found[0]), _place(found[REPLIES - 1]) if len(found) > REPLIES else "")
    if before and (found := list(_short_of(replies, before)[: REPLIES + 1])):
        shown = found[:REPLIES][::-1]
        return _Page(shown, _place(shown[0]) if len(found) > REPLIES else "", _place(shown[-1]))
    found = list(replies.order_by("-placed_at", "-pk")[: REPLIES + 1])
    shown = found[:REPLIES][::-1]
    elsewhere = reply and len(found) > REPLIES and reply not in [each.pk for each in shown]
    linked = replies.filter(pk=reply).first() if elsewhere else None
    if linked:
        return _page_of_replies(replies, None, (linked.placed_at, linked.pk - 1), 0)  # from the linked one on
    return _Page(shown, _place(shown[0]) if len(found) > REPLIES else "")


def _past(replies: QuerySet[Post], place: tuple[datetime, int]) -> QuerySet[Post]:
    return replies.filter(later_than(place)).order_by("placed_at", "pk")


def _short_of(replies: QuerySet[Post], place: tuple[datetime, int]) -> QuerySet[Post]:
    return replies.filter(earlier_than(place)).order_by("-placed_at", "-pk")


def _place(reply: Post) -> str:
    return place_of(reply.placed_at, reply.pk)


def url_of(post: Post) -> str:
    """Where a post or reply stands: a reply on its page of the thread, which the link names as well as the place on it."""
    on_its_page = f"?reply={post.pk}" if post.parent_id else ""
    return f"{reverse('post', args=[post.parent_id or post.pk])}{on_its_page}#post-{post.pk}"


def read_again(viewer: ViewerFacts, ids: Iterable[int]) -> dict[int, SafeString]:
    """Those of these posts and replies that this viewer may still see, drawn for them: what an open page asks when its
    rights have changed."""
    posts = live.drawable().filter(access.visible_to(viewer), pk__in=list(ids))
    return {thread.post.pk: thread.article for thread in _threads(viewer, list(posts), [])}


def read_members_posts(viewer: ViewerFacts, author_id: int) -> list[Thread]:
    """A member's newest posts, as far as this viewer may read them, without replies and without stones."""
    theirs = live.drawable().filter(author=author_id, parent__isnull=True, status__in=access.READABLE)
    posts = theirs.filter(access.visible_to(viewer))
    shown = list(posts.order_by("-placed_at", "-pk")[:PAGE])
    return _threads(viewer, shown, _newest_replies(viewer, shown, 0), 0)


def _newest_replies(viewer: ViewerFacts, posts: Sequence[Post], number: int) -> list[Post]:
    """So many of the newest replies to each post, and one more that tells that there are older ones."""
    rank = Window(RowNumber(), partition_by=F("parent"), order_by=[F("placed_at").desc(), F("id").desc()])
    replies = live.drawable().filter(access.visible_to(viewer), parent__in=[post.pk for post in posts])
    newest = replies.annotate(rank=rank).filter(rank__lte=number + 1)
    return sorted(newest, key=lambda reply: (reply.placed_at, reply.pk))


def _threads(
    viewer: ViewerFacts, posts: Sequence[Post], replies: Iterable[Post], newest: int | None = None
) -> list[Thread]:
    """Draws posts, with all these replies or only the `newest`. What muted words hide is left out, after the database's page."""
    by_parent: dict[int | None, list[Post]] = defaultdict(list)
    for reply in replies:
        by_parent[reply.parent_id].append(reply)
    older = {parent for parent, group in by_parent.items() if newest is not None and len(group) > newest}
    for parent in older:
        by_parent[parent] = by_parent[parent][len(by_parent[parent]) - (newest or 0) :]
    mutings = {post.pk: _muting(viewer, post) for post in [*posts, *chain.from_iterable(by_parent.values())]}
    shown = [ident for ident, muting in mutings.items() if muting is not Muting.HIDE]
    counts, mine = _read_marks(viewer, shown)

    def drawn(post: Post) -> SafeString:
        article = _draw(viewer, post, counts, mutings[post.pk])
        return add_mine(article, post, viewer, mine.get(post.pk, set()))

    return [
        Thread(
            post,
            drawn(post),
            [(reply, drawn(reply)) for reply in by_parent[post.pk] if reply.pk in shown],
            post.pk in older,
        )
        for post in posts
        if post.pk in shown
    ]


def _muting(viewer: ViewerFacts, post: Post) -> Muting:
    return access.muting_of_post(viewer, access.facts_of_words(post)) if viewer.muted_words else Muting.NONE


def _draw(viewer: ViewerFacts, post: Post, counts: live.SupportCounts, muting: Muting) -> SafeString:
    if access.sight_of(viewer, access.facts_of_post(post)) is Sight.STONE:
        return live.draw_stone(post)
    article = live.draw_post(post, counts)
    return live.fold_muted(article, post) if muting is Muting.FOLD else article


def _read_marks(viewer: ViewerFacts, ids: Sequence[int]) -> tuple[live.SupportCounts, Marks]:
    """How often each support was given to these posts, and what is this viewer's own about them, in one query."""
    given = Support.objects.filter(post__in=ids).order_by()
    counted = given.values_list("post", "kind").annotate(n=Count("pk"))
    own = given.filter(member=viewer.id).values_list("post", "kind").annotate(n=Value(MINE))
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    mine: dict[int, set[str]] = defaultdict(set)
    for post_id, kind, number in counted.union(own, *_own_marks(viewer, ids), all=True):
        if number == MINE:
            mine[post_id].add(kind)
        else:
            counts[post_id][kind] = number
    return counts, mine


def _own_marks(viewer: ViewerFacts, ids: Sequence[int]) -> Iterator[QuerySet[Any, Any]]:
    for name, marks in (("follow", Follow.objects), ("keep", Keep.objects)):
        own = marks.filter(member=viewer.id, post__in=ids).order_by()
        yield own.values_list("post", Value(name, CharField())).annotate(n=Value(MINE))


def add_mine(article: SafeString, post: Post, viewer: ViewerFacts, kinds: Iterable[str]) -> SafeString:
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


def parse_place(place: str) -> tuple[datetime, int] | None:
    micros, _dash, ident = place.partition("-")
    if not (micros.isascii() and micros.isdigit() and ident.isascii() and ident.isdigit() and len(place) < 40):
        return None
    try:
        seconds, rest = divmod(int(micros), 1_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest), int(ident)
    except (ValueError, OverflowError, OSError):
        return None


def earlier_than(place: tuple[datetime, int], by: str = "placed_at") -> Q:
    """What comes after a place where the newest stands first. The moment is named alone as well: from there a database reads its
    index, which it does not for an OR, however deep the page is.
    """
    at, ident = place
    return Q(**{f"{by}__lte": at}) & (Q(**{f"{by}__lt": at}) | Q(pk__lt=ident))


def later_than(place: tuple[datetime, int], by: str = "placed_at") -> Q:
    """The same where the oldest stands first."""
    at, ident = place
    return Q(**{f"{by}__gte": at}) & (Q(**{f"{by}__gt": at}) | Q(pk__gt=ident))

"""Reading the wall: pages of posts with their newest replies, drawn once for everyone, with what is mine added after."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.utils.safestring import SafeString, mark_safe

from forum import access, live
from forum.access import Sight, ViewerFacts
from forum.models import Post, Support

PAGE = 20  # posts on one page of the wall
NEWEST_REPLIES = 3  # shown under each post on the wall

MySupports = Mapping[int, set[str]]


@dataclass(frozen=True, slots=True)
class Thread:
    """A post as this viewer gets it, drawn, with the replies shown under it in the order they were written."""

    post: Post
    article: SafeString
    replies: Sequence[tuple[Post, SafeString]] = field(default_factory=list)

    @property
    def stands(self) -> bool:
        """Whether its words are still there. A stone names nobody: whose words were taken down is not others' to know."""
        return self.post.status in access.READABLE

    @property
    def older_replies(self) -> bool:
        """Whether more replies stand than are shown here."""
        return self.post.standing_replies > len(self.replies)


@dataclass(frozen=True, slots=True)
class WallPage:
    threads: list[Thread]
    older: str  # the place to go on from, or "" at the end


def read_wall(viewer: ViewerFacts, before: str = "") -> WallPage:
    """One page of the wall, newest first, by keyset: the same cost however far down it goes. A strange `before` is the top."""
    posts = live.drawable().filter(access.visible_to(viewer), parent__isnull=True)
    if place := _parse_place(before):
        at, ident = place
        posts = posts.filter(Q(placed_at__lt=at) | Q(placed_at=at, pk__lt=ident))
    page = list(posts.order_by("-placed_at", "-pk")[: PAGE + 1])
    shown = page[:PAGE]
    return WallPage(
        _threads(viewer, shown, _newest_replies(viewer, shown)), shown[-1].place if len(page) > PAGE else ""
    )


def read_thread(viewer: ViewerFacts, post_id: int) -> Thread | None:
    """One post with every reply this viewer may see, oldest first; None when there is nothing for them to see."""
    post = live.drawable().filter(access.visible_to(viewer), parent__isnull=True, pk=post_id).first()
    if post is None:
        return None
    replies = live.drawable().filter(access.visible_to(viewer), parent=post).order_by("placed_at", "pk")
    return _threads(viewer, [post], list(replies))[0]


def read_members_posts(viewer: ViewerFacts, author_id: int) -> list[Thread]:
    """A member's newest posts, as far as this viewer may read them, without replies and without stones."""
    theirs = live.drawable().filter(author=author_id, parent__isnull=True, status__in=access.READABLE)
    posts = theirs.filter(access.visible_to(viewer))
    return _threads(viewer, list(posts.order_by("-placed_at", "-pk")[:PAGE]), [])


def _newest_replies(viewer: ViewerFacts, posts: Sequence[Post]) -> list[Post]:
    rank = Window(RowNumber(), partition_by=F("parent"), order_by=[F("placed_at").desc(), F("id").desc()])
    replies = live.drawable().filter(access.visible_to(viewer), parent__in=[post.pk for post in posts])
    newest = replies.annotate(rank=rank).filter(rank__lte=NEWEST_REPLIES)
    return sorted(newest, key=lambda reply: (reply.placed_at, reply.pk))


def _threads(viewer: ViewerFacts, posts: Sequence[Post], replies: Iterable[Post]) -> list[Thread]:
    by_parent: dict[int | None, list[Post]] = defaultdict(list)
    for reply in replies:
        by_parent[reply.parent_id].append(reply)
    shown = [*posts, *(reply for group in by_parent.values() for reply in group)]
    counts, mine = live.support_counts(post.pk for post in shown), _my_supports(viewer, shown)

    def drawn(post: Post) -> SafeString:
        return add_mine(_draw(viewer, post, counts), post, viewer, mine.get(post.pk, set()))

    return [Thread(post, drawn(post), [(reply, drawn(reply)) for reply in by_parent[post.pk]]) for post in posts]


def _draw(viewer: ViewerFacts, post: Post, counts: live.SupportCounts) -> SafeString:
    if access.sight_of(viewer, access.facts_of_post(post)) is Sight.STONE:
        return live.draw_stone(post)
    return live.draw_post(post, counts)


def _my_supports(viewer: ViewerFacts, posts: Iterable[Post]) -> MySupports:
    mine: dict[int, set[str]] = defaultdict(set)
    ids = [post.pk for post in posts]
    for post_id, kind in Support.objects.filter(member=viewer.id, post__in=ids).values_list("post", "kind"):
        mine[post_id].add(kind)
    return mine


def add_mine(article: SafeString, post: Post, viewer: ViewerFacts, kinds: Iterable[str]) -> SafeString:
    """Adds what is this viewer's to a drawn article: the class of their own words, the supports they have given.

    The article is the same for every reader, so that it can be drawn once; only fixed strings of our own templates are
    replaced, and words of people cannot hold them, for they are escaped.
    """
    html: str = article
    if post.author_id == viewer.id:
        html = html.replace(f'<article id="post-{post.pk}" class="', f'<article id="post-{post.pk}" class="mine ', 1)
    for kind in kinds:
        html = html.replace(f'aria-pressed="false" value="{kind} on"', f'aria-pressed="true" value="{kind} off"', 1)
    return mark_safe(html)  # noqa: S308


def _parse_place(place: str) -> tuple[datetime, int] | None:
    micros, _dash, ident = place.partition("-")
    if not (micros.isascii() and micros.isdigit() and ident.isascii() and ident.isdigit() and len(place) < 40):
        return None
    try:
        seconds, rest = divmod(int(micros), 1_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest), int(ident)
    except (ValueError, OverflowError, OSError):
        return None

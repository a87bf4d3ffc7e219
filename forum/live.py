"""What the wall's sockets get: a row drawn once, the same for every reader, and who may have it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from forum import access, panels
from forum.access import PostFacts, Sight, ViewerFacts
from forum.models import Member, Post, Support, SupportKind
from forum.muting import Muting
from realtime import streams
from realtime.log import NewEvent
from realtime.streams import Drawn, Row

WALL = "wall"
STATE = "wall"  # the noun of what is about no post, but about the whole of it

extra_streams: list[Callable[[ViewerFacts], list[str]]] = []  # streams of the apps above, by what the viewer is

SupportCounts = Mapping[int, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides who gets a drawn row of the wall."""

    noun: str
    post: PostFacts


def member_stream(member_id: int) -> str:
    return f"member:{member_id}"


def tell_member(member_id: int, kind: str, ref: int = 0, version: int = 1) -> NewEvent:
    """An event on a member's own stream: notice.changed, rights.changed or word.sent."""
    return NewEvent(member_stream(member_id), kind, ref or member_id, version=version)


def tell_wall() -> NewEvent:
    """Something else holds for the wall now: every open page of it asks what. Says nothing itself."""
    return NewEvent(WALL, f"{STATE}.changed", 0)


def noun_of(post: Post) -> str:
    return "reply" if post.parent_id else "post"


def register() -> None:
    streams.register(streams.StreamKind(WALL, draw=draw_wall, sight=wall_sight, named=named_by))
    streams.register(streams.StreamKind("member", draw=_draw_member, sight=_own_sight))
    streams.set_audience(streams.Audience(load=load_viewer, streams_of=streams_of, alike=access.anyone_like))


def load_viewer(member_id: int) -> ViewerFacts | None:
    """A member's facts as they are now, or None when there is no such account any more."""
    member = Member.objects.filter(pk=member_id, is_active=True).first()
    return access.facts_of(member) if member else None


def streams_of(viewer: ViewerFacts) -> list[str]:
    """What this viewer's sockets listen to. The server decides it, never the browser."""
    names = [WALL] if viewer.wall_is_open else []
    names.append(member_stream(viewer.id))
    for more in extra_streams:
        names += more(viewer)
    return names


def wall_sight(viewer: ViewerFacts, facts: Facts | None) -> str | None:
    """Which frame of a drawn row this viewer gets. Who is apart from its author hears nothing, not even that it went."""
    if facts is None:
        return STATE if viewer.wall_is_open else None
    sight = access.sight_of(viewer, facts.post)
    if sight in (Sight.WORDS, Sight.NOTICE):
        muting = access.muting_of_post(viewer, facts.post)
        if muting is Muting.HIDE:
            return "gone"  # also when an edit has brought the word in
        return "muted" if muting is Muting.FOLD and facts.noun != "support" else "words"
    if facts.noun == "support" or access.is_apart(viewer, facts.post):
        return None
    return "stone" if sight is Sight.STONE else "gone"


def named_by(facts: Facts | None) -> frozenset[int]:
    """Those whose sight of a row is their own: whoever wrote the words, or what they answer."""
    return access.authors_of(facts.post) if facts else frozenset()


def draw_wall(rows: Sequence[Row], language: str) -> dict[Row, Drawn]:
    """Draws rows of the wall in their present state, for the hub. A row that is not in the database is left out."""
    states = {row: Drawn(None, {STATE: {"id": row[1]}}) for row in rows if row[0] == STATE}
    posts = {post.pk: post for post in drawable().filter(pk__in={ref for noun, ref in rows if noun != STATE})}
    counts = support_counts(posts)
    with translation.override(language):
        return states | {row: _drawn(row[0], posts[row[1]], counts) for row in rows if row[1] in posts}


def drawable() -> Any:
    """Posts with what drawing them and judging who may see them takes."""
    return Post.objects.select_related("author", "parent")


def draw_post(post: Post, counts: SupportCounts) -> SafeString:
    """The article of a post or reply: its row alone, nothing personal, the same bytes for every reader."""
    template = "forum/_reply.html" if post.parent_id else "forum/_post.html"
    supports = support_buttons(post, counts)
    context = {"post": post, "words": draw_words(post), "supports": supports, "links": panels.post_links}
    return render_to_string(template, context | {"change": access.change_of(post)})


def draw_words(post: Post) -> SafeString:
    return render_to_string("forum/_words.html", {"post": post, "mending": panels.mending_links})


def fold_muted(article: SafeString, post: Post) -> SafeString:
    """A drawn article with its words behind a line that says why: for those who have muted a word in them."""
    words = draw_words(post)
    folded = render_to_string("forum/_muted.html", {"words": words})
    return mark_safe(article.replace(words, folded, 1))  # noqa: S308  (our own templates' output, put together)


def draw_stone(post: Post) -> SafeString:
    return render_to_string("forum/_stone.html", {"post": post})


def draw_supports(post: Post, counts: SupportCounts) -> SafeString:
    return render_to_string("forum/_supports.html", {"post": post, "supports": support_buttons(post, counts)})


def support_buttons(post: Post, counts: SupportCounts) -> list[dict[str, Any]]:
    given = counts.get(post.pk, {})
    return [{"kind": kind.value, "label": kind.label, "count": given.get(kind, 0)} for kind in SupportKind]


def support_counts(post_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """How often each kind of support was given to each post."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Support.objects.filter(post__in=list(post_ids)).values_list("post", "kind").annotate(Count("id")).order_by()
    for post_id, kind, count in rows:
        counts[post_id][kind] = count
    return counts


def _drawn(noun: str, post: Post, counts: SupportCounts) -> Drawn:
    facts = Facts(noun, access.facts_of_words(post))
    if noun == "support":
        html = draw_supports(post, counts)
        return Drawn(facts, {"words": {"id": post.pk, "version": post.support_version, "html": html}})
    about: dict[str, Any] = {"id": post.pk, "version": post.version, "place": post.place}
    if post.parent_id:
        about["to"] = post.parent_id
    return Drawn(facts, {**_frames(noun, post, counts, about)})


def _frames(noun: str, post: Post, counts: SupportCounts, about: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Words for those who may read them, a stone where one stays, else that it went: never words that were taken down."""
    frames = {"gone": {**about, "kind": f"{noun}.removed"}}
    if post.status in access.READABLE:
        article = draw_post(post, counts)
        frames["words"] = {**about, "html": article}
        frames["muted"] = {**about, "html": fold_muted(article, post)}
    else:
        frames["stone"] = {**about, "kind": f"{noun}.changed", "html": draw_stone(post)}
    return frames


def _draw_member(rows: Sequence[Row], language: str) -> dict[Row, Drawn]:
    return {row: Drawn(None, {"own": {"id": row[1], "version": 1}}) for row in rows}


def _own_sight(viewer: ViewerFacts, facts: None) -> str:
    return "own"

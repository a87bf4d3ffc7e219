"""What the wall's sockets and pages get: a row drawn once, the same bytes for every reader, and who may hear it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe

from forum import access, fragments, panels
from forum.access import PostFacts, Sight, ViewerFacts
from forum.models import Member, Post, Support, SupportKind
from forum.muting import Muting
from forum.rows import Drawing, WallRow, read_rows
from forum.second_step import narrow_viewer
from realtime import streams
from realtime.log import NewEvent
from realtime.streams import Drawn, Row

WALL = "wall"
STATE = "wall"  # the noun of what is about no post, but about the whole of it
SUPPORT = "support"  # of what is about a post's supports alone

extra_streams: list[Callable[[ViewerFacts], list[str]]] = []  # streams of the apps above, by what the viewer is

SupportCounts = Mapping[int, Mapping[str, int]]
CountSupports = Callable[[Iterable[int]], SupportCounts]


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides who gets a drawn row of the wall."""

    noun: str
    post: PostFacts
    answers: int | None = None  # the post that this one is a reply to


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
    streams.register(streams.StreamKind(WALL, draw=draw_wall, sight=wall_sight, named=named_by, above=above))
    streams.register(streams.StreamKind("member", draw=_draw_member, sight=_own_sight))
    streams.set_audience(
        streams.Audience(
            load=load_viewer,
            streams_of=streams_of,
            alike=access.anyone_like,
            in_session=narrow_viewer,
            own=member_stream,
        )
    )


def load_viewer(member: Member) -> ViewerFacts | None:
    """The facts of a member who has just been read, or None when the account is closed (one query)."""
    return access.facts_of(member) if member.is_active else None


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
        return "muted" if muting is Muting.FOLD and facts.noun != SUPPORT else "words"
    if facts.noun == SUPPORT or access.is_apart(viewer, facts.post):
        return None
    return "stone" if sight is Sight.STONE else "gone"


def named_by(facts: Facts | None) -> frozenset[int]:
    """Those whose sight of a row is their own: whoever wrote the words, or what they answer."""
    return access.authors_of(facts.post) if facts else frozenset()


def above(facts: Facts | None) -> Row | None:
    """The post that a reply goes with when it goes."""
    return ("post", facts.answers) if facts and facts.answers else None


def draw_wall(rows: Sequence[Row], language: str) -> dict[Row, Drawn]:
    """Draws rows of the wall in their present state, for the hub. A row that is not in the database is left out."""
    states = {row: Drawn(None, {STATE: {"id": row[1]}}) for row in rows if row[0] == STATE}
    posts = Post.objects.filter(pk__in={ref for noun, ref in rows if noun != STATE}).order_by()
    words = {each.pk: each for each in read_rows(posts, words_above=True)}
    counts = support_counts(ref for noun, ref in rows if noun == SUPPORT)
    with translation.override(language):
        articles = draw_articles([words[ref] for noun, ref in rows if ref in words and noun not in (STATE, SUPPORT)])
        return states | {
            (noun, ref): _drawn(noun, words[ref], counts, articles.get(ref)) for noun, ref in rows if ref in words
        }


def drawable() -> Any:
    """Posts with what drawing them and judging who may see them takes."""
    return Post.objects.select_related("author", "parent")


def draw_articles(rows: Iterable[WallRow], count: CountSupports | None = None) -> dict[int, SafeString]:
    """The article of each post or reply whose words stand: its row alone, nothing personal, the same bytes for every reader.

    Page and socket take it from the same place. Whether its author is still offered to change it is a matter of the hour,
    so that is part of what it is kept under. `count` reads the supports of those that have to be drawn.
    """
    now = timezone.now()
    keys = {(access.change_of(row, now).offered, *row.drawing): row for row in rows if row.status in access.READABLE}
    kept = fragments.drawn(
        list(keys), lambda missing: _draw_new({key: keys[key] for key in missing}, count or support_counts, now)
    )
    return {row.pk: mark_safe(kept[key]) for key, row in keys.items()}  # noqa: S308  (our own templates' output)


def _draw_new(rows: Mapping[Drawing, WallRow], count: CountSupports, now: datetime) -> dict[Drawing, str]:
    counts = count(row.pk for row in rows.values())
    return {key: _draw_post(row, counts, now) for key, row in rows.items()}


def _draw_post(post: WallRow, counts: SupportCounts, now: datetime) -> SafeString:
    template = "forum/_reply.html" if post.parent_id else "forum/_post.html"
    supports = support_buttons(post, counts)
    context = {"post": post, "words": draw_words(post), "supports": supports, "links": panels.post_links}
    return render_to_string(template, context | {"change": access.change_of(post, now)})


def draw_words(post: WallRow) -> SafeString:
    return render_to_string("forum/_words.html", {"post": post, "mending": panels.mending_links})


def fold_muted(article: SafeString, post: WallRow) -> SafeString:
    """A drawn article with its words behind a line that says why: for those who have muted a word in them."""
    words = draw_words(post)
    folded = render_to_string("forum/_muted.html", {"words": words})
    return mark_safe(article.replace(words, folded, 1))  # noqa: S308  (our own templates' output, put together)


def draw_stone(post: WallRow) -> SafeString:
    return render_to_string("forum/_stone.html", {"post": post})


def draw_supports(post: WallRow, counts: SupportCounts) -> SafeString:
    return render_to_string("forum/_supports.html", {"post": post, "supports": support_buttons(post, counts)})


def support_buttons(post: WallRow, counts: SupportCounts) -> list[dict[str, Any]]:
    given = counts.get(post.pk, {})
    return [{"kind": kind.value, "label": kind.label, "count": given.get(kind, 0)} for kind in SupportKind]


def support_counts(post_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """How often each kind of support was given to each post."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Support.objects.filter(post__in=list(post_ids)).values_list("post", "kind").annotate(Count("id")).order_by()
    for post_id, kind, count in rows:
        counts[post_id][kind] = count
    return counts


def _drawn(noun: str, post: WallRow, counts: SupportCounts, article: SafeString | None) -> Drawn:
    facts = Facts(noun, post.facts_with_words, post.parent_id)
    if noun == SUPPORT:
        html = draw_supports(post, counts)
        return Drawn(facts, {"words": {"id": post.pk, "version": post.support_version, "html": html}})
    about: dict[str, Any] = {"id": post.pk, "version": post.version, "place": post.place}
    if post.parent_id:
        about["to"] = post.parent_id
    return Drawn(facts, {**_frames(noun, post, article, about)})


def _frames(noun: str, post: WallRow, article: SafeString | None, about: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Words for those who may read them, a stone where one stays, else that it went: never words that were taken down."""
    frames = {"gone": {**about, "kind": f"{noun}.removed"}}
    if article is not None:
        frames["words"] = {**about, "html": article}
        frames["muted"] = {**about, "html": fold_muted(article, post)}
    else:
        frames["stone"] = {**about, "kind": f"{noun}.changed", "html": draw_stone(post)}
    return frames


def _draw_member(rows: Sequence[Row], language: str) -> dict[Row, Drawn]:
    return {row: Drawn(None, {"own": {"id": row[1], "version": 1}}) for row in rows}


def _own_sight(viewer: ViewerFacts, facts: None) -> str:
    return "own"

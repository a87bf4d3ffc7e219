"""Who may see what, and who may do what with a post. THE visibility rule: nothing else decides it.

`SIGHTS` states it once as data. `sight_of` reads it in memory for sockets and pages; `visible_to` turns it into a Q for the
database; tests/forum/test_access.py proves that the two agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Q, Value
from django.utils import timezone

from forum.models import Block, Member, Mute, Post, Role, Standing, Status

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

EDIT_WINDOW = timedelta(minutes=15)  # the design: long enough for a slip, short enough for replies to stay apt


class Sight(StrEnum):
    NOTHING = "nothing"
    STONE = "stone"  # a neutral line where words were, if it still has replies; else nothing
    NOTICE = "notice"  # the words after one press
    WORDS = "words"


class Eye(StrEnum):
    """What a viewer is to a post."""

    AUTHOR = "author"
    TEAM = "team"
    MEMBER = "member"
    APART = "apart"  # blocked, either way, or muted by the viewer
    OUTSIDE = "outside"  # signed out, or the wall is closed to them


SIGHTS: Mapping[Status, Mapping[Eye, Sight]] = {
    Status.HELD: {Eye.AUTHOR: Sight.WORDS, Eye.MEMBER: Sight.NOTHING, Eye.TEAM: Sight.WORDS},
    Status.VISIBLE: {Eye.AUTHOR: Sight.WORDS, Eye.MEMBER: Sight.WORDS, Eye.TEAM: Sight.WORDS},
    Status.FOLDED: {Eye.AUTHOR: Sight.WORDS, Eye.MEMBER: Sight.NOTICE, Eye.TEAM: Sight.WORDS},
    Status.REMOVED: {Eye.AUTHOR: Sight.STONE, Eye.MEMBER: Sight.STONE, Eye.TEAM: Sight.STONE},
    Status.WITHDRAWN: {Eye.AUTHOR: Sight.STONE, Eye.MEMBER: Sight.STONE, Eye.TEAM: Sight.STONE},
    Status.ERASED: {Eye.AUTHOR: Sight.STONE, Eye.MEMBER: Sight.STONE, Eye.TEAM: Sight.STONE},
}
"""An eye that is not named (apart, outside) sees nothing, whatever the status."""

ON_THE_WALL = frozenset({Status.VISIBLE, Status.FOLDED})
READABLE = ON_THE_WALL | {Status.HELD}  # by somebody: their author at least
GONE = frozenset({Status.REMOVED, Status.WITHDRAWN})
TEAM = frozenset({Role.MODERATOR, Role.STAFF})
WALL_OPEN = frozenset({Standing.ACTIVE, Standing.SLOWED, Standing.PAUSED})


@dataclass(frozen=True, slots=True)
class ViewerFacts:
    """What decides a person's view; carried by their sockets and renewed by `rights.changed`."""

    id: int
    role: str = Role.MEMBER
    standing: str = Standing.ACTIVE
    blocks: frozenset[int] = frozenset()  # members blocked by or blocking this one
    mutes: frozenset[int] = frozenset()
    language: str = "en-gb"

    @property
    def wall_is_open(self) -> bool:
        return self.standing in WALL_OPEN


OUTSIDER = ViewerFacts(id=0, role="", standing="")


@dataclass(frozen=True, slots=True)
class PostFacts:
    """What decides a post's view. A reply carries its parent's author and status as well."""

    id: int
    author_id: int
    status: str
    has_replies: bool = False
    parent_author_id: int | None = None
    parent_status: str | None = None


def facts_of(member: "Member | AnonymousUser") -> ViewerFacts:
    """Reads a member's facts (one query, for blocks and mutes). Signed out or erased: OUTSIDER."""
    if not isinstance(member, Member) or not member.is_active:
        return OUTSIDER
    apart = Value("block"), Value("mute")
    rows = list(
        Block.objects.filter(blocker=member)
        .values_list("blocked_id", apart[0])
        .union(
            Block.objects.filter(blocked=member).values_list("blocker_id", apart[0]),
            Mute.objects.filter(muter=member).values_list("muted_id", apart[1]),
        )
    )
    return ViewerFacts(
        id=member.pk,
        role=member.role,
        standing=member.current_standing,
        blocks=frozenset(other for other, how in rows if how == "block"),
        mutes=frozenset(other for other, how in rows if how == "mute"),
        language=member.language,
    )


def has_role(member: Member) -> bool:
    """Whether this account works for the community: its posts are marked as from the team."""
    return member.role != Role.MEMBER


def facts_of_post(post: Post) -> PostFacts:
    """A reply needs its parent: load it with select_related("parent")."""
    parent = post.parent
    return PostFacts(
        id=post.pk,
        author_id=post.author_id,
        status=post.status,
        has_replies=post.standing_replies > 0,
        parent_author_id=parent.author_id if parent else None,
        parent_status=parent.status if parent else None,
    )


def sight_of(viewer: ViewerFacts, post: PostFacts) -> Sight:
    """What this viewer gets of this post. A reply is seen only where its parent leaves at least a stone."""
    if post.parent_status is not None and post.parent_author_id is not None:
        above = _stated(viewer, post.parent_author_id, post.parent_status)
    else:
        above = Sight.WORDS
    if above is Sight.NOTHING:
        return Sight.NOTHING
    sight = _stated(viewer, post.author_id, post.status)
    if sight is Sight.STONE and not post.has_replies:
        return Sight.NOTHING
    return sight


def is_apart(viewer: ViewerFacts, post: PostFacts) -> bool:
    """Whether the viewer must not even learn that this post exists: a block, a mute or a closed wall, here or above."""
    authors = {post.author_id, post.parent_author_id}
    return not viewer.wall_is_open or bool(authors & (viewer.blocks | viewer.mutes))


def may_see(viewer: ViewerFacts, post: PostFacts) -> bool:
    return sight_of(viewer, post) is not Sight.NOTHING


def visible_to(viewer: ViewerFacts) -> Q:
    """The posts of which this viewer sees anything, a stone included, as a condition on Post."""
    if not viewer.wall_is_open:
        return Q(pk__in=())
    return _seen(viewer, "", stones_need_replies=True) & (
        Q(parent__isnull=True) | _seen(viewer, "parent__", stones_need_replies=False)
    )


def may_post(viewer: ViewerFacts) -> bool:
    return viewer.wall_is_open and viewer.standing != Standing.PAUSED


def may_reply(viewer: ViewerFacts, post: PostFacts) -> bool:
    """Replies are one level deep and go under words that stand."""
    return may_post(viewer) and post.parent_status is None and _stands_before(viewer, post)


def may_support(viewer: ViewerFacts, post: PostFacts) -> bool:
    return post.author_id != viewer.id and _stands_before(viewer, post)


def may_edit(viewer: ViewerFacts, post: Post, now: datetime | None = None) -> bool:
    """The author, for fifteen minutes, while the words are on the wall as they wrote them."""
    return (
        may_post(viewer)
        and post.author_id == viewer.id
        and post.status == Status.VISIBLE
        and (now or timezone.now()) < post.created_at + EDIT_WINDOW
    )


def may_withdraw(viewer: ViewerFacts, post: Post) -> bool:
    """The author, at any time, also from the small room."""
    return post.author_id == viewer.id and post.status in ON_THE_WALL | {Status.HELD}


def may_report(viewer: ViewerFacts, post: PostFacts) -> bool:
    """Whoever could read the words, also when they went while the report was being written: a worry never meets a closed door."""
    if is_apart(viewer, post) or post.status == Status.ERASED:
        return False
    return post.status in GONE or sight_of(viewer, post) in (Sight.WORDS, Sight.NOTICE)


def _stands_before(viewer: ViewerFacts, post: PostFacts) -> bool:
    return post.status in ON_THE_WALL and sight_of(viewer, post) in (Sight.WORDS, Sight.NOTICE)


def _stated(viewer: ViewerFacts, author_id: int, status: str) -> Sight:
    return SIGHTS[Status(status)].get(_eye(viewer, author_id), Sight.NOTHING)


def _eye(viewer: ViewerFacts, author_id: int) -> Eye:
    if not viewer.wall_is_open:
        return Eye.OUTSIDE
    if author_id == viewer.id:
        return Eye.AUTHOR
    if author_id in viewer.blocks or author_id in viewer.mutes:
        return Eye.APART
    return _eye_of_others(viewer)


def _eye_of_others(viewer: ViewerFacts) -> Eye:
    return Eye.TEAM if viewer.role in TEAM else Eye.MEMBER


def _seen(viewer: ViewerFacts, prefix: str, *, stones_need_replies: bool) -> Q:
    own = Q(**{f"{prefix}author_id": viewer.id})
    apart = Q(**{f"{prefix}author_id__in": viewer.blocks | viewer.mutes})
    seen = own & _statuses(Eye.AUTHOR, prefix, stones_need_replies=stones_need_replies)
    return seen | ~own & ~apart & _statuses(_eye_of_others(viewer), prefix, stones_need_replies=stones_need_replies)


def _statuses(eye: Eye, prefix: str, *, stones_need_replies: bool) -> Q:
    by_sight = {status: sights.get(eye, Sight.NOTHING) for status, sights in SIGHTS.items()}
    whole = [status for status, sight in by_sight.items() if sight in (Sight.WORDS, Sight.NOTICE)]
    stones = [status for status, sight in by_sight.items() if sight is Sight.STONE]
    stone = Q(**{f"{prefix}status__in": stones})
    if stones_need_replies:
        stone &= Q(**{f"{prefix}standing_replies__gt": 0})
    return Q(**{f"{prefix}status__in": whole}) | stone

"""Who may see what, and who may do what with a post. THE visibility rule: nothing else decides it.

`SIGHTS` states it once as data. `sight_of` reads it in memory for sockets and pages; `visible_to` turns it into a Q for the
database; tests/forum/test_access.py proves that the two agree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone

from forum.models import Block, ContentNotes, Member, Mute, MutedWord, Notice, Post, Role, Standing, Status
from forum.muting import MutedWords, Muting, fold, fold_all, strongest
from forum.prepared import Prepared, in_steps
from forum.wall_state import NO_TIMES, OPEN, WallNow, rows

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

WAITS = frozenset({"unread", "pressing"})
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
HOUSEKEEPERS = frozenset({Role.STAFF, Role.ADMINISTRATOR})  # of the rules and the directory
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
    rules_asked: bool = False  # the house rules have changed and they have not answered yet
    own_blocks: frozenset[int] = (
        frozenset()
    )  # the blocks among them that are this one's own: in a case these alone count
    blocked_by: frozenset[int] = frozenset()  # those who have blocked this one, which nobody is told
    muted_words: MutedWords = ()
    opens_notes: bool = False  # content notes stand open from the start
    wall: WallNow = OPEN  # what holds for everyone just now
    unread: frozenset[str] = field(default=frozenset(), compare=False)  # kinds of notices that wait, seen or not
    pressing: frozenset[str] = field(default=frozenset(), compare=False)  # those among them about somebody's safety

    read_at: datetime = field(default=datetime.min.replace(tzinfo=UTC), compare=False)  # when all this was so

    @property
    def wall_is_open(self) -> bool:
        return self.standing in WALL_OPEN


OUTSIDER = ViewerFacts(id=0, role="", standing="")


@dataclass(frozen=True, slots=True)
class PostFacts:
    """What decides a post's view. A reply carries its parent's author and status as well.

    `words` are folded, and there only when `facts_of_words` was asked for them: muted words read them.
    """

    id: int
    author_id: int
    status: str
    has_replies: bool = False
    parent_author_id: int | None = None
    parent_status: str | None = None
    words: str = ""
    parent_words: str = ""
    locked: bool = False  # no more replies


def facts_of(member: "Member | AnonymousUser") -> ViewerFacts:
    """Reads a member's facts (one query, for blocks, mutes, muted words, what holds for the wall and which kinds of notices
    wait). Signed out or erased: OUTSIDER.
    """
    if not isinstance(member, Member) or not member.is_active:
        return OUTSIDER
    now = timezone.now()
    found = _CARE.ask(None, member.pk, now)
    care = [row[:3] for row in found if row[3] is None]
    blocks = frozenset(other for other, how, _phrase in care if how in ("block", "blocked"))
    return ViewerFacts(
        id=member.pk,
        role=member.role,
        standing=member.current_standing,
        blocks=blocks,
        mutes=frozenset(other for other, how, _phrase in care if how == "mute"),
        language=member.language,
        rules_asked=bool(member.rules_asked),
        own_blocks=frozenset(other for other, how, _phrase in care if how == "block"),
        blocked_by=frozenset(other for other, how, _phrase in care if how == "blocked"),
        muted_words=tuple((phrase, Muting(how)) for _other, how, phrase in care if phrase and how not in WAITS),
        opens_notes=member.content_notes == ContentNotes.OPEN,
        wall=WallNow.of(row for row in found if row[3] is not None),
        unread=frozenset(kind for _other, how, kind in care if how in WAITS),
        pressing=frozenset(kind for _other, how, kind in care if how == "pressing"),
        read_at=now,
    )


def _waiting(member_id: int) -> QuerySet[Any]:
    """Most people have nothing unread, and what a header counts of each kind is long to ask for."""
    pressing = Case(When(pressing=True, then=Value("pressing")), default=Value("unread"))
    rows = Notice.objects.filter(member=member_id, read_at=None).order_by()
    return rows.values_list("member_id", pressing, "kind", *NO_TIMES).distinct()


def _care_of(_shape: None, member_id: int, now: datetime) -> QuerySet[Any, Any]:
    """Whom this member is apart from, how, and the muted words that are still in force; and, with a time, what holds for
    the wall.
    """

    def apart(rows: QuerySet[Any], other: str, how: str) -> QuerySet[Any]:
        return rows.values_list(other, Value(how), Value(""), *NO_TIMES)

    return (
        MutedWord.in_force(now)
        .filter(member=member_id)
        .values_list("member_id", "way", "folded", *NO_TIMES)
        .union(
            apart(Block.objects.filter(blocker=member_id), "blocked_id", "block"),
            apart(Block.objects.filter(blocked=member_id), "blocker_id", "blocked"),
            apart(Mute.objects.filter(muter=member_id), "muted_id", "mute"),
            _waiting(member_id),
            *rows(now),
            all=True,
        )
    )


_CARE = Prepared(_care_of)


def has_role(member: Member) -> bool:
    """Whether this account works for the community: its posts are marked as from the team."""
    return member.role_held != Role.MEMBER


def may_name(viewer: ViewerFacts, member: Member, since: datetime) -> bool:
    """Whether what somebody did towards a member at a time may still show what that member is called now.

    Not if staff have given them another name since, or they have blocked this viewer: nothing leads from the old name to
    the new one. What is shown instead says neither which.
    """
    renamed = member.renamed_at is not None and since < member.renamed_at
    here = member.is_active or member.standing == Standing.REMEMBERED
    return here and not renamed and member.pk not in viewer.blocked_by


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
        locked=post.replies_locked_at is not None,
    )


def facts_of_words(post: Post) -> PostFacts:
    """As `facts_of_post`, with what muted words are looked for in: the note and the words, as far as they still stand."""

    def folded(one: Post) -> str:
        return fold_all(one.content_note, one.body) if one.status in READABLE else ""

    words = folded(post.parent) if post.parent else ""
    return replace(facts_of_post(post), words=folded(post), parent_words=words)


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
    return not viewer.wall_is_open or bool(authors_of(post) & (viewer.blocks | viewer.mutes))


def authors_of(post: PostFacts) -> frozenset[int]:
    """Who wrote a post, and who wrote what it answers."""
    return frozenset(author for author in (post.author_id, post.parent_author_id) if author is not None)


def anyone_like(viewer: ViewerFacts) -> ViewerFacts:
    """Somebody of the same facts who wrote nothing: gets the same of every post that is not by this viewer, nor answers
    one that is.
    """
    return replace(viewer, id=OUTSIDER.id)


def may_see(viewer: ViewerFacts, post: PostFacts) -> bool:
    return sight_of(viewer, post) is not Sight.NOTHING


def muting_of(viewer: ViewerFacts, text: str) -> Muting:
    """What this member's muted words do to a text by somebody else, such as an excerpt. After the visibility rule, never
    instead of it: it is their own wish and keeps no secret. Their own words are not asked about.
    """
    return strongest(fold(text), viewer.muted_words) if viewer.muted_words else Muting.NONE


def muting_of_post(viewer: ViewerFacts, post: PostFacts) -> Muting:
    """The same for a post, from `facts_of_words`. A reply goes with the post it stands under; own words are never touched."""
    above = Muting.NONE if post.parent_author_id == viewer.id else strongest(post.parent_words, viewer.muted_words)
    if above is Muting.HIDE:
        return Muting.HIDE
    return Muting.NONE if post.author_id == viewer.id else strongest(post.words, viewer.muted_words)


def visible_to(viewer: ViewerFacts) -> Q:
    """The posts of which this viewer sees anything, a stone included, as a condition on Post."""
    if not viewer.wall_is_open:
        return Q(pk__in=())
    return _seen(viewer, "", stones_need_replies=True) & (
        Q(parent__isnull=True) | _seen(viewer, "parent__", stones_need_replies=False)
    )


class Seen(NamedTuple):
    """All of a viewer that `visible_to` asks about: its shape, which is in the SQL, and its values (`forum.prepared`)."""

    shape: tuple[str, str]
    values: tuple[int, list[int]]

    @classmethod
    def of(cls, viewer: ViewerFacts) -> "Seen":
        return cls((viewer.role, viewer.standing), (viewer.id, in_steps(viewer.blocks | viewer.mutes)))

    @staticmethod
    def viewer(shape: tuple[str, str], viewer_id: int, apart: Sequence[int]) -> ViewerFacts:
        """Whose sight it is, for the condition alone."""
        role, standing = shape
        return ViewerFacts(viewer_id, role, standing, blocks=frozenset(apart))


def has_voice(viewer: ViewerFacts) -> bool:
    """Who may share words whenever the wall takes any."""
    return viewer.wall_is_open and viewer.standing != Standing.PAUSED


def rests_until(viewer: ViewerFacts, now: datetime | None = None) -> datetime | None:
    """Until when the wall takes no words from anybody; None when it does. Reading, supports and help go on."""
    return viewer.wall.rests_until(now or timezone.now())


def may_post(viewer: ViewerFacts) -> bool:
    return has_voice(viewer) and rests_until(viewer) is None


def may_keep_house(viewer: ViewerFacts) -> bool:
    """Who writes the house rules and looks after the directory of support groups."""
    return viewer.wall_is_open and viewer.role in HOUSEKEEPERS


def rule_comments_visible_to(viewer: ViewerFacts) -> Q:
    """What members said about the rules, as a condition on RuleComment: no more of each other than on the wall."""
    if not viewer.wall_is_open:
        return Q(author_id=viewer.id)
    return ~Q(author_id__in=viewer.blocks | viewer.mutes)


def may_reply(viewer: ViewerFacts, post: PostFacts) -> bool:
    """Replies are one level deep and go under words that stand, unless the team has closed them."""
    return may_post(viewer) and takes_replies(viewer, post)


def takes_replies(viewer: ViewerFacts, post: PostFacts) -> bool:
    """The same whenever the wall takes words: the form stands there, and keeps what is written until it does."""
    return has_voice(viewer) and post.parent_status is None and not post.locked and _stands_before(viewer, post)


def may_support(viewer: ViewerFacts, post: PostFacts) -> bool:
    return post.author_id != viewer.id and _stands_before(viewer, post)


def may_keep(viewer: ViewerFacts, post: PostFacts) -> bool:
    """A bookmark is put on a post, one's own too; a reply is found again where it stands."""
    return post.parent_status is None and _stands_before(viewer, post)


def may_follow(viewer: ViewerFacts, post: PostFacts) -> bool:
    """One's own posts need no following: their replies are told anyway."""
    return may_keep(viewer, post) and post.author_id != viewer.id


def may_edit(viewer: ViewerFacts, post: Post, now: datetime | None = None) -> bool:
    """The author, for fifteen minutes, while the words are on the wall as they wrote them; and for as long as they are held."""
    return may_post(viewer) and post.author_id == viewer.id and change_of(post, now).offered


class Written(Protocol):
    """Words of somebody: a Post, or a row read from one."""

    @property
    def status(self) -> str: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def redacted_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Change:
    """Whether changing these words is offered to their author, and until when: the same for every reader, at one moment."""

    offered: bool
    until: datetime | None = None  # None: for as long as they are held


def change_of(post: Written, now: datetime | None = None) -> Change:
    """What `may_edit` says of a post, without its reader."""
    if post.redacted_at or post.status not in (Status.HELD, Status.VISIBLE):
        return Change(False)
    if post.status == Status.HELD:
        return Change(True)
    until = post.created_at + EDIT_WINDOW
    return Change((now or timezone.now()) < until, until)


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

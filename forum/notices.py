"""What members are told happened for them: the kinds there are, which still stand for a reader, and their words.

A notice names a row. Whether it is there at all, and what it says, is read from that row each time, through the one visibility
rule: what somebody can no longer see makes no notice and no count. Other apps `register` kinds of their own.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum import access, panels
from forum.access import ViewerFacts
from forum.models import Member, Notice, Post, Status, Support, SupportKind
from forum.models.post import place_of
from forum.muting import Muting
from forum.onlooker import Onlooker, count_of
from forum.panels import Words
from forum.places import earlier_than, parse_place
from forum.threads import url_of as url_of_post

REPLY, SUPPORT, FOLLOWED = "reply", "support", "followed"
OF_WORDS = frozenset({REPLY, FOLLOWED})  # their `ref` is a reply
PAGE = 20
ABOUT = 90  # characters of what a notice is about


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as its reader gets it now: what happened, where it leads, a few words of what it is about, who."""

    words: str
    url: str
    about: str = ""
    who: Member | None = None


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """`stands(viewer)` says which of its notices are still there, as a condition on Notice; `draw` turns those into lines by
    their `ref`, in the same few queries however many there are. A kind without a `label` cannot be turned off.
    """

    key: str
    draw: Callable[[Sequence[int], ViewerFacts], Mapping[int, Line]]
    stands: Callable[[ViewerFacts], Q] = lambda viewer: Q()
    label: Words = ""


@dataclass(frozen=True, slots=True)
class NoticesPage:
    entries: list[tuple[Notice, Line]]
    older: str  # the place to go on from, or "" at the end


kinds: dict[str, NoticeKind] = {}


def register(kind: NoticeKind) -> None:
    kinds[kind.key] = kind


def register_own() -> None:
    """The forum's kinds, and what the header counts."""
    register(NoticeKind(REPLY, _draw_replies, _words_stand, gettext_lazy("Somebody replies to you")))
    register(NoticeKind(SUPPORT, _draw_supports, _support_stands, gettext_lazy("Somebody is with you")))
    register(NoticeKind(FOLLOWED, _draw_followed, _words_stand, gettext_lazy("Somebody replies where you follow")))
    panels.member_facts["notices_unread"] = lambda viewer: count_of(unread(viewer)) if viewer.unread else None
    panels.member_facts["notices_pressing"] = lambda viewer: (
        count_of(unread(viewer, viewer.pressing).filter(pressing=True)) if viewer.pressing else None
    )


def listed(viewer: ViewerFacts, of: Collection[str] | None = None) -> QuerySet[Notice]:
    """This member's notices, but for those of what they can no longer see. The newest first. `of`: these kinds alone."""
    standing = Q(pk__in=())
    for kind in kinds.values():
        if of is None or kind.key in of:
            standing |= Q(kind=kind.key) & kind.stands(viewer)
    return Notice.objects.filter(standing, member=viewer.id)


def unread(viewer: ViewerFacts, of: Collection[str] | None = None) -> QuerySet[Notice]:
    """What waits. Of the kinds that the viewer's facts name, unless others are given."""
    return listed(viewer, viewer.unread if of is None else of).filter(read_at=None)


def read_page(viewer: ViewerFacts, before: str = "") -> NoticesPage:
    """One page of notices with their words, newest first. A strange `before` is the top."""
    rows = listed(viewer)
    if place := parse_place(before):
        rows = rows.filter(earlier_than(place, "told_at"))
    page = list(rows[: PAGE + 1])
    shown = page[:PAGE]
    return NoticesPage(_drawn(viewer, shown), place_of(shown[-1].told_at, shown[-1].pk) if len(page) > PAGE else "")


def url_of(viewer: ViewerFacts, notice: Notice) -> str:
    """Where a notice leads, or "" when what it was about is gone."""
    entries = _drawn(viewer, list(listed(viewer).filter(pk=notice.pk)))
    return entries[0][1].url if entries else ""


def counted(onlooker: Onlooker, now: datetime | None = None) -> int:
    """What the header counts: what is unread, and in their quiet hours only what is about somebody's safety."""
    quiet = is_quiet(onlooker.member, now or timezone.now())
    return int(onlooker.facts["notices_pressing" if quiet else "notices_unread"] or 0)


def is_quiet(member: Member, now: datetime) -> bool:
    """Whether it is this member's quiet hours, which may go past midnight."""
    start, end, time = member.quiet_from, member.quiet_until, timezone.localtime(now).time()
    if start is None or end is None:
        return False
    return start <= time < end if start < end else time >= start or time < end


def _drawn(viewer: ViewerFacts, shown: Sequence[Notice]) -> list[tuple[Notice, Line]]:
    refs: dict[str, list[int]] = defaultdict(list)
    for notice in shown:
        refs[notice.kind].append(notice.ref)
    lines = {(key, ref): line for key in refs for ref, line in kinds[key].draw(refs[key], viewer).items()}
    return [(notice, lines[notice.kind, notice.ref]) for notice in shown if (notice.kind, notice.ref) in lines]


# --- Replies ---------------------------------------------------------------------------------------------------------------


def _words_stand(viewer: ViewerFacts) -> Q:
    return Q(Exists(_readable(viewer).filter(pk=OuterRef("ref"), parent__isnull=False)))


def _readable(viewer: ViewerFacts) -> QuerySet[Post]:
    return Post.objects.filter(access.visible_to(viewer), status__in=access.READABLE)


def _draw_replies(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    return _lines_of_replies(refs, viewer, _("{who} has replied to you."))


def _draw_followed(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    return _lines_of_replies(refs, viewer, _("{who} has replied where you follow."))


def _lines_of_replies(refs: Sequence[int], viewer: ViewerFacts, words: str) -> dict[int, Line]:
    replies = _readable(viewer).filter(pk__in=refs, parent__isnull=False).select_related("author", "parent")
    return {
        reply.pk: Line(
            format_html(words, who=_name(viewer, reply.author, reply.placed_at)),
            url_of_post(reply),
            _about_unless_muted(viewer, reply.parent),
            _face(viewer, reply.author, reply.placed_at),
        )
        for reply in replies
    }


def _about_unless_muted(viewer: ViewerFacts, post: Post | None) -> str:
    if post is not None and access.muting_of_post(viewer, access.facts_of_words(post)) is not Muting.NONE:
        return ""
    return _about(post)


def _about(post: Post | None) -> str:
    """The first words of a post, or what they are folded behind; nothing where they are gone."""
    if post is None or post.status not in access.READABLE:
        return ""
    if post.content_note or post.status == Status.FOLDED:
        return post.content_note
    return Truncator(" ".join(post.body.split())).chars(ABOUT)


def _name(viewer: ViewerFacts, member: Member, at: datetime) -> SafeString | str:
    """Who it was; nobody by name where staff have given them another one since, for what is old must not lead to it."""
    return format_html("<bdi>{}</bdi>", member.handle) if access.may_name(viewer, member, at) else _("Somebody")


def _face(viewer: ViewerFacts, member: Member, at: datetime) -> Member | None:
    return member if access.may_name(viewer, member, at) else None


# --- Support, gathered -----------------------------------------------------------------------------------------------------

ONE = {
    SupportKind.WITH_YOU: gettext_lazy("{who} is with you."),
    SupportKind.HEAR_YOU: gettext_lazy("{who} hears you."),
    SupportKind.BEEN_THERE: gettext_lazy("{who} has been there."),
    SupportKind.HELPED_ME: gettext_lazy("This helped {who}."),
}


def _support_stands(viewer: ViewerFacts) -> Q:
    given = _seen_supports(viewer).filter(post=OuterRef("ref"))
    return Q(Exists(_readable(viewer).filter(pk=OuterRef("ref"), author=viewer.id))) & Q(Exists(given))


def _seen_supports(viewer: ViewerFacts) -> QuerySet[Support]:
    return Support.objects.exclude(member__in=viewer.blocks | viewer.mutes)


def _draw_supports(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    given: dict[int, list[Support]] = defaultdict(list)
    for support in _seen_supports(viewer).filter(post__in=refs).select_related("member").order_by("-given_at", "-pk"):
        given[support.post_id].append(support)
    posts = _readable(viewer).filter(pk__in=refs, author=viewer.id)
    return {post.pk: _line_of_support(viewer, post, given[post.pk]) for post in posts if given[post.pk]}


def _line_of_support(viewer: ViewerFacts, post: Post, given: Sequence[Support]) -> Line:
    """The newest is named first, and who can be named before who cannot; somebody who gave several kinds is one person."""
    newest: dict[int, Support] = {}
    for each in given:
        newest.setdefault(each.member_id, each)
    people = sorted(newest.values(), key=lambda each: _face(viewer, each.member, each.given_at) is None)
    names = [_name(viewer, each.member, each.given_at) for each in people[:2]]
    words = _who_is_with_you(names, len(people), {support.kind for support in given})
    return Line(words, url_of_post(post), _about(post), _face(viewer, people[0].member, people[0].given_at))


def _who_is_with_you(names: Sequence[SafeString | str], number: int, kinds_given: Iterable[str]) -> SafeString:
    first, kind = names[0], list(kinds_given)
    if number == 1:
        return format_html(str(ONE[SupportKind(kind[0] if len(kind) == 1 else SupportKind.WITH_YOU)]), who=first)
    if number == 2 and names[1] != _("Somebody"):
        return format_html(_("{first} and {second} are with you."), first=first, second=names[1])
    if number == 2:
        return format_html(_("{first} and somebody else are with you."), first=first)
    return format_html(_("{first} and {number} others are with you."), first=first, number=number - 1)

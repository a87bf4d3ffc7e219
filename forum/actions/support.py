"""The four supports: given and taken back, never counted against anyone."""

from django.db import transaction
from django.db.models import F

from forum import access, live
from forum.access import ViewerFacts
from forum.actions.notices import take_back_support, tell_of_support
from forum.limits import check_supports, is_told_of_support
from forum.live import WALL
from forum.models import Member, Post, Support
from forum.refusals import NotThere, WallClosed
from realtime import log
from realtime.log import NewEvent


def set_support(member: Member, post: Post, kind: str, *, on: bool) -> bool:
    """Gives (`on`) or takes back one kind of support. Returns whether anything changed; twice is the same as once.

    Everyone who may see the post hears the new counts, and its author who is with them. Taking back has no conditions: what
    somebody gave is theirs to take. Raises WallClosed, NotThere for a post that cannot be seen, is one's own, or no longer
    stands, and SupportedOften.
    """
    viewer = access.facts_of(member)
    if on and not viewer.wall_is_open:
        raise WallClosed
    with transaction.atomic():
        fresh = Post.objects.select_for_update(of=("self",)).select_related("parent").filter(pk=post.pk).first()
        if fresh is None or not (
            access.may_support(viewer, access.facts_of_post(fresh)) or _takes_back(member, fresh, kind, on)
        ):
            raise NotThere
        if on and not Support.objects.filter(post=fresh, member=member, kind=kind).exists():
            check_supports(member)
        support = _write(member, fresh, kind, on=on)
        if support is None:
            return False
        Post.objects.filter(pk=fresh.pk).update(support_version=F("support_version") + 1)
        version = fresh.support_version + 1
        told = _told(support, fresh, on=on)
        log.append(NewEvent(WALL, "support.changed", fresh.pk, version=version, actor=member.pk), *told)
    return True


def find_post(viewer: ViewerFacts, post_id: int, kind: str, *, on: bool) -> Post:
    """The post that a support is for. What is taken back is found by the support itself, so also after the wall has closed,
    or the two have gone apart. Raises NotThere: what is hidden and what is missing answer alike.
    """
    posts = live.drawable().filter(pk=post_id)
    seen = posts.filter(access.visible_to(viewer)).first()
    if seen is None and not on:
        seen = posts.filter(pk__in=Support.objects.filter(member=viewer.id, kind=kind).values("post")).first()
    if seen is None:
        raise NotThere
    return seen


def _told(support: Support, post: Post, *, on: bool) -> list[NewEvent]:
    if not on:
        return take_back_support(post)
    return tell_of_support(support, post.author_id) if is_told_of_support(support.member_id, post.pk) else []


def _takes_back(member: Member, post: Post, kind: str, on: bool) -> bool:
    return not on and Support.objects.filter(post=post, member=member, kind=kind).exists()


def _write(member: Member, post: Post, kind: str, *, on: bool) -> Support | None:
    """The support that was given or taken back; None when nothing changed."""
    if on:
        support, made = Support.objects.get_or_create(post=post, member=member, kind=kind)
        return support if made else None
    given = Support.objects.filter(post=post, member=member, kind=kind).first()
    if given is not None:
        given.delete()
    return given

"""The four supports: given and taken back, never counted against anyone."""

from django.db import transaction
from django.db.models import F

from forum import access
from forum.live import WALL
from forum.models import Member, Post, Support
from forum.refusals import NotThere, WallClosed
from realtime import log
from realtime.log import NewEvent


def set_support(member: Member, post: Post, kind: str, *, on: bool) -> bool:
    """Gives (`on`) or takes back one kind of support. Returns whether anything changed; twice is the same as once.

    Everyone who may see the post hears the new counts. Raises WallClosed, and NotThere for a post that cannot be seen,
    is one's own, or no longer stands.
    """
    viewer = access.facts_of(member)
    if not viewer.wall_is_open:
        raise WallClosed
    with transaction.atomic():
        fresh = Post.objects.select_for_update(of=("self",)).select_related("parent").filter(pk=post.pk).first()
        if fresh is None or not access.may_support(viewer, access.facts_of_post(fresh)):
            raise NotThere
        if not _write(member, fresh, kind, on=on):
            return False
        Post.objects.filter(pk=fresh.pk).update(support_version=F("support_version") + 1)
        version = fresh.support_version + 1
        log.append(NewEvent(WALL, "support.changed", fresh.pk, version=version, actor=member.pk))
    return True


def _write(member: Member, post: Post, kind: str, *, on: bool) -> bool:
    if on:
        return Support.objects.get_or_create(post=post, member=member, kind=kind)[1]
    return bool(Support.objects.filter(post=post, member=member, kind=kind).delete()[0])

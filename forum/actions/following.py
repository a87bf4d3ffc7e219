"""Following a post of somebody else's, and keeping a post to find it again. Nobody but the member learns of either."""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction

from forum import access
from forum.models import Follow, Keep, Member, Post
from forum.refusals import NotThere, WallClosed

Mark = TypeVar("Mark", Follow, Keep)
Allowed = Callable[[access.ViewerFacts, access.PostFacts], bool]


def set_follow(member: Member, post: Post, *, on: bool) -> bool:
    """Follows a post, or no longer. Returns whether anything changed; twice is the same as once.

    Raises WallClosed, and NotThere for a reply, for one's own (its replies are told anyway) and for what cannot be read.
    """
    return _set(Follow, member, post, on=on, allowed=access.may_follow)


def set_keep(member: Member, post: Post, *, on: bool) -> bool:
    """As `set_follow`, for a private bookmark; one's own posts can be kept too."""
    return _set(Keep, member, post, on=on, allowed=access.may_keep)


def _set(model: type[Mark], member: Member, post: Post, *, on: bool, allowed: Allowed) -> bool:
    """What went since can still be let go of: taking a mark back asks nothing."""
    rows = model._default_manager.filter(member=member, post=post)
    if not on:
        return bool(rows.delete()[0])
    viewer = access.facts_of(member)
    if not viewer.wall_is_open:
        raise WallClosed
    if rows.exists():
        return False
    with transaction.atomic():
        fresh = Post.objects.select_for_update(of=("self",)).select_related("parent").filter(pk=post.pk).first()
        if fresh is None or not allowed(viewer, access.facts_of_post(fresh)):
            raise NotThere
        return model._default_manager.get_or_create(member=member, post=fresh)[1]

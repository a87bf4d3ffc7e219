"""Telling those who replied to a post that it was taken down, never why, and that it is back."""

from django.db.models import Q

from forum import access
from forum.actions.notices import give_notice, is_apart_from
from forum.models import Member, Notice, Post, Status
from forum.notices_taken_down import BACK, DOWN, TAKEN_DOWN
from realtime.log import NewEvent


def tell_repliers(post: Post, stood: str) -> list[NewEvent]:
    """The post has moved from the status `stood`. One notice for each post, however often somebody replied to it.

    Not for those who are apart from its author. That it is back is for those who were told that it went.
    """
    if post.parent_id or post.status == stood:
        return []
    if post.status == Status.REMOVED and stood in access.ON_THE_WALL:
        return _tell(_repliers(post), post, DOWN)
    if stood == Status.REMOVED and post.status in access.ON_THE_WALL:
        told = Notice.objects.filter(kind=TAKEN_DOWN, ref=post.pk, state=DOWN).values("member")
        return _tell(_repliers(post) & Q(pk__in=told), post, BACK)
    return []


def _repliers(post: Post) -> Q:
    replies = Post.objects.filter(parent=post, status__in=access.ON_THE_WALL).exclude(author=post.author_id)
    return Q(pk__in=replies.values("author"), is_active=True) & ~is_apart_from(post.author_id)


def _tell(who: Q, post: Post, state: str) -> list[NewEvent]:
    people = Member.objects.filter(who).order_by("pk").values_list("pk", flat=True)
    return [event for person in list(people) for event in give_notice(person, TAKEN_DOWN, post.pk, state=state)]

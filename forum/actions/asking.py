"""Nobody unanswered: which posts wait for a first reply, asking again, saying that it is enough, and being up to replying.

`Post.waiting_since` is the whole state: set while a post asks for replies and two people have yet to answer it.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from forum import access
from forum.models import Intent, Member, Post
from forum.refusals import AskedToday, NotThere, NotWaiting, NotYours

ASKING = frozenset({Intent.SUPPORT, Intent.QUESTION})
ENOUGH = 2  # people: one may be asleep by the time their answer is answered
ASK_AGAIN = timedelta(days=1)


def waiting_from(post: Post) -> datetime | None:
    """Since when a post waits: when it came onto the wall, or when its author asked again. None when it waits no longer.

    Replies count while they stand, by anybody but the author. What the team writes from a role account never waits.
    """
    if post.parent_id or post.from_team or post.intent not in ASKING:
        return None
    if post.enough_at or post.replies_locked_at or post.status not in access.READABLE:
        return None
    if post.pk and _people_who_answered(post) >= ENOUGH:
        return None
    return post.asked_at or post.placed_at


def ask_again(author: Member, post: Post) -> Post:
    """Puts a waiting post first among those that wait, once a day. Nothing moves on the wall, and nobody is told.

    Raises NotYours, NotThere, NotWaiting, and AskedToday, which says when.
    """
    with transaction.atomic():
        fresh, now = _own(author, post), timezone.now()
        if fresh.waiting_since is None:
            raise NotWaiting
        if fresh.asked_at and now < fresh.asked_at + ASK_AGAIN:
            raise AskedToday(fresh.asked_at + ASK_AGAIN)
        fresh.asked_at = fresh.waiting_since = now
        fresh.save(update_fields=["asked_at", "waiting_since"])
    return fresh


def say_enough(author: Member, post: Post, *, enough: bool) -> Post:
    """The author needs no more replies, or after all does. People may reply all the same. Raises NotYours, NotThere."""
    with transaction.atomic():
        fresh = _own(author, post)
        if bool(fresh.enough_at) != enough:
            fresh.enough_at = timezone.now() if enough else None
            fresh.waiting_since = waiting_from(fresh)
            fresh.save(update_fields=["enough_at", "waiting_since"])
    return fresh


def set_up(member: Member, *, up: bool) -> None:
    """A member says that they are up to replying, for the rest of this day."""
    member.up_on = timezone.localdate() if up else None
    member.save(update_fields=["up_on"])


def _people_who_answered(post: Post) -> int:
    replies = Post.objects.filter(parent=post, status__in=access.ON_THE_WALL).exclude(author=post.author_id)
    return replies.order_by().values("author").distinct().count()


def _own(author: Member, post: Post) -> Post:
    fresh = Post.objects.select_for_update().filter(pk=post.pk, parent__isnull=True).first()
    if fresh is None or fresh.status not in access.READABLE:
        raise NotThere
    if fresh.author_id != author.pk:
        raise NotYours
    return fresh

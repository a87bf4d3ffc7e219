"""What the demo's members have been told, what they follow and keep, and who is up to replying today."""

from datetime import timedelta
from uuid import uuid4

from django.db.models import F
from django.utils import timezone

from forum.actions.asking import set_up
from forum.actions.following import set_follow, set_keep
from forum.actions.posts import publish_post
from forum.models import Member, Notice, Post
from forum.notices import OF_WORDS, SUPPORT

FRESH = timedelta(hours=6)  # what is older was read


def settle_notices() -> None:
    """Gives each notice the hour of what it is about, and lets all but the newest be read."""
    now = timezone.now()
    for kinds, later in ((OF_WORDS, timedelta()), ({SUPPORT}, timedelta(minutes=4))):
        notices = Notice.objects.filter(kind__in=kinds)
        hours = dict(Post.objects.filter(pk__in=notices.values("ref")).values_list("pk", "placed_at"))
        for notice in notices:
            notice.since = notice.told_at = hours[notice.ref] + later
            notice.save(update_fields=["since", "told_at"])
    Notice.objects.filter(told_at__lt=now - FRESH).update(read_at=F("told_at") + timedelta(hours=1))


def mark_posts(cast: dict[str, Member]) -> None:
    """robin follows one of finch's posts, to which wren has come back, and has kept one of siskin's."""
    followed = _newest(cast["finch"])
    set_follow(cast["robin"], followed, on=True)
    set_keep(cast["robin"], _newest(cast["siskin"]), on=True)
    words = "Thinking of you for Thursday. Come and say how it went, if you feel like it."
    reply = publish_post(cast["wren"], body=words, parent=followed, key=uuid4()).post
    at = timezone.now() - timedelta(hours=1.2)
    Post.objects.filter(pk=reply.pk).update(created_at=at, placed_at=at)


def be_up() -> None:
    """wren is up to replying on the day of each start."""
    if wren := Member.objects.filter(handle="wren").first():
        set_up(wren, up=True)


def _newest(author: Member) -> Post:
    return Post.objects.filter(author=author, parent__isnull=True).order_by("-placed_at")[0]

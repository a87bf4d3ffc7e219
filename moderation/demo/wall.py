"""Puts the demo's words on the wall, each at its own hour."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from forum.actions.posts import publish_post
from forum.actions.support import set_support
from forum.models import Member, Post
from moderation.demo.words import SAID, Said

REPLY_EVERY = timedelta(minutes=9)


def fill_wall(cast: dict[str, Member]) -> None:
    """Shares everything through the actions that members use, oldest first, then sets each row's hour."""
    now = timezone.now()
    for said in sorted(SAID, key=lambda said: -said.hours):
        _share(cast, said, now - timedelta(hours=said.hours))


def _share(cast: dict[str, Member], said: Said, at: datetime) -> None:
    post = publish_post(cast[said.by], body=said.body, intent=said.intent, content_note=said.note, key=uuid4()).post
    _set_hour(post, at)
    for number, (handle, words) in enumerate(said.replies, start=1):
        reply = publish_post(cast[handle], body=words, parent=post, key=uuid4()).post
        _set_hour(reply, at + number * REPLY_EVERY)
    for handle, kind in said.supports:
        set_support(cast[handle], post, kind, on=True)


def _set_hour(post: Post, at: datetime) -> None:
    Post.objects.filter(pk=post.pk).update(created_at=at, placed_at=at)
    Post.objects.filter(pk=post.pk, waiting_since__isnull=False).update(waiting_since=at)

"""What a decision changes about words that stay where they are, and how their author's new version takes their place.

Each returns what sockets must hear, for the outermost action to append; call inside a transaction. The words that stood are
kept for reports by people who read them. `post` is brought up to date.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from forum import holding
from forum.actions.asking import waiting_from
from forum.actions.posts import _locked, _submitted, _told, change_status
from forum.models import Member, PastWords, Post, Status
from realtime.log import NewEvent

MARK = "[…]"
"""Stands where words were taken out: the same for every reader and in every language."""

Spans = Sequence[tuple[int, int]]


def without(body: str, spans: Spans) -> str:
    """The words with each span replaced by the mark. Spans are in order and do not overlap."""
    pieces, at = [], 0
    for start, end in spans:
        pieces += [body[at:start], MARK]
        at = end
    return "".join([*pieces, body[at:]])


def redact_words(post: Post, spans: Spans, actor: Member) -> list[NewEvent]:
    """Takes spans out of the words. Nothing can be put in by this: what stays is what their author wrote."""
    return _change(post, actor, body=without(post.body, spans), redacted_at=timezone.now())


def put_back_redacted(post: Post, body: str, actor: Member, *, since: datetime | None) -> list[NewEvent]:
    """The words as they were before something was taken out; `since` when something was missing from those already."""
    return _change(post, actor, body=body, redacted_at=since)


def lock_replies(post: Post, actor: Member) -> list[NewEvent]:
    """Nobody can reply any more; the replies that are there stand. A locked post waits for nobody."""
    return _change(post, actor, replies_locked_at=timezone.now())


def unlock_replies(post: Post, actor: Member) -> list[NewEvent]:
    return _change(post, actor, replies_locked_at=None)


def put_back_words(
    post: Post, status: str, *, body: str, content_note: str, actor: Member, looked_at: bool
) -> list[NewEvent]:
    """Their author's new version stands in place of the words, at the old place, with its replies and supports.

    Unless somebody from the team has `looked_at` it, it is screened like new words, and waits where those would wait.
    """
    now = timezone.now()
    events = _change(post, actor, body=body, content_note=content_note, edited_at=now, redacted_at=None)
    reason = "" if looked_at else holding.why_held(post.author, body, content_note)
    moved = change_status(post, Status.HELD if reason else status, actor, held_for=reason)
    return (moved or events) + ([] if looked_at else _submitted(_locked(post), post.author))


def _change(post: Post, actor: Member, **fields: Any) -> list[NewEvent]:
    fresh = _locked(post)
    if fields.get("body", fresh.body) != fresh.body:
        PastWords.objects.create(post=fresh, last_version=fresh.version, body=fresh.body)
    for name, value in fields.items():
        setattr(fresh, name, value)
    fresh.version += 1
    fresh.waiting_since = waiting_from(fresh)
    fresh.save(update_fields=[*fields, "version", "waiting_since"])
    for name in (*fields, "version", "waiting_since"):
        setattr(post, name, getattr(fresh, name))
    return [_told(fresh, "changed", actor)]

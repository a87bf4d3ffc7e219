"""Who was close to a member lately: so that a person tells them, before they read it somewhere."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forum.models import Follow, Member, Post, Support
from moderation.models import Kind, Word

LATELY = timedelta(days=30)  # ours
TIES = {
    "reply": _("replied to one another"),
    "support": _("supported one another"),
    "word": _("were in conversation as the team"),
    "follow": _("followed their posts"),
}


@dataclass(slots=True)
class Close:
    """One person, how they were in touch, and when last."""

    person_id: int
    last_at: datetime
    ties: set[str] = field(default_factory=set)


def close_to(member: Member, now: datetime) -> list[Close]:
    """Whoever replied to them or was replied to, supported or was supported, spoke with them for the team, or follows a post
    of theirs, in the last 30 days: the latest first. Never somebody of the two who had blocked the other.
    """
    found: dict[int, Close] = {}
    for person_id, tie, at in _touches(member, now - LATELY):
        close = found.setdefault(person_id, Close(person_id, at))
        close.ties.add(tie)
        close.last_at = max(close.last_at, at)
    apart = Q(blocks_made__blocked=member) | Q(blocks_had__blocker=member)
    here = Member.objects.filter(pk__in=found, is_active=True).exclude(pk=member.pk).exclude(apart)
    wanted = set(here.values_list("pk", flat=True))
    return sorted((found[pk] for pk in wanted), key=lambda close: (-close.last_at.timestamp(), close.person_id))


def _touches(member: Member, since: datetime) -> Iterator[tuple[int, str, datetime]]:
    for tie, rows in _sources(member, since):
        for person_id, at in rows:
            yield person_id, tie, at


def _sources(member: Member, since: datetime) -> Iterable[tuple[str, Any]]:
    replies = Post.objects.filter(created_at__gt=since, parent__isnull=False)
    supports = Support.objects.filter(given_at__gt=since)
    return (
        ("reply", replies.filter(parent__author=member).values_list("author_id", "created_at")),
        ("reply", replies.filter(author=member).values_list("parent__author_id", "created_at")),
        ("support", supports.filter(post__author=member).values_list("member_id", "given_at")),
        ("support", supports.filter(member=member).values_list("post__author_id", "given_at")),
        ("follow", Follow.objects.filter(post__author=member, made_at__gt=since).values_list("member_id", "made_at")),
        (
            "word",
            Word.objects.filter(
                case__subject=member, case__kind=Kind.CARE, from_team=True, sent_at__gt=since
            ).values_list("author_id", "sent_at"),
        ),
    )

"""Who is remembered, as staff see it, and what their page says to everyone."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.template.loader import render_to_string

from forum.access import ON_THE_WALL
from forum.models import Member, Pinned, Post
from moderation.closeness import TIES
from moderation.models import Case, FamilyWish, Remembrance, State, ToTell

READ = 20  # of the newest replies in a thread of remembrance


def mark_of(member: Member) -> str:
    """What stands on the page of somebody who has died, if staff have chosen that it does."""
    marked = Remembrance.objects.filter(member=member, marked=True, confirmed_by__isnull=False, ended_at=None).exists()
    return render_to_string("moderation/_remembered_mark.html", {"member": member}) if marked else ""


def read_all() -> QuerySet[Remembrance]:
    """Every remembrance that lives, the newest first, with how many are still to be told."""
    left = Count("to_tell", filter=Q(to_tell__told_at=None))
    return _named().filter(ended_at=None).annotate(left_to_tell=left).order_by("-proposed_at", "-pk")


def of_member(member: Member) -> Remembrance | None:
    return _named().filter(member=member, ended_at=None).first()


def read_one(said: Remembrance) -> dict[str, Any]:
    """All that its page shows: who is to be told, the thread and what was said in it, wishes, cases that are still open."""
    thread = said.thread
    return {
        "to_tell": _with_ties(said.to_tell.select_related("person", "told_by")),
        "pinned": Pinned.objects.filter(post=thread, ended_at=None).first() if thread else None,
        "replies": _newest_replies(thread),
        "wishes": FamilyWish.objects.filter(remembrance=said).select_related("post", "asked_by", "agreed_by"),
        "cases": Case.objects.filter(subject=said.member).exclude(state=State.CLOSED).order_by("pk"),
    }


def _newest_replies(thread: Post | None) -> list[Post]:
    if thread is None:
        return []
    replies = Post.objects.filter(parent=thread, status__in=ON_THE_WALL).select_related("author", "parent")
    return list(replies.order_by("-placed_at", "-pk")[:READ])


def _with_ties(rows: Iterable[ToTell]) -> list[tuple[ToTell, list[Any]]]:
    return [(row, [TIES[tie] for tie in row.ties if tie in TIES]) for row in rows]


def _named() -> QuerySet[Remembrance]:
    return Remembrance.objects.select_related(
        "member", "proposed_by", "confirmed_by", "undo_asked_by", "thread__author"
    )

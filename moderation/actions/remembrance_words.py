"""The words around a member who has died: one thread to remember them in, and what the family wants taken down."""

from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.access import ON_THE_WALL
from forum.actions.posts import change_status, share_for_team
from forum.live import tell_wall
from forum.models import Member, Pinned, Post, Status
from moderation.actions.remembering import check_staff
from moderation.clocks import PINNED_FOR
from moderation.models import FamilyWish, Remembrance
from moderation.refusals import Missing, NotAllowed, SomebodyWasQuicker
from realtime import log


def open_thread(
    said: Remembrance, by: Member, *, body: str, line: str, key: UUID, pinned_for: timedelta = PINNED_FOR
) -> Post:
    """Puts one post from the team on the wall in which members remember somebody, and for a while a line above the wall that
    leads there. The same key is the same thread. Open pages of the wall hear of both.

    Raises NotAllowed, Missing, and SomebodyWasQuicker: there is one thread at most.
    """
    check_staff(by)
    for name, words in (("body", body), ("line", line)):
        if not words:
            raise Missing(name, _("There are no words here yet."))
    try:
        with transaction.atomic():
            fresh = Remembrance.objects.select_for_update().get(pk=said.pk)
            if fresh.thread and (fresh.thread.author_id, fresh.thread.key) == (by.pk, key):
                return fresh.thread
            if fresh.thread_id or fresh.ended_at or not fresh.confirmed_by_id:
                raise SomebodyWasQuicker
            post, events = share_for_team(by, body=body, key=key)
            Pinned.objects.create(post=post, word=line, until=timezone.now() + pinned_for)
            Remembrance.objects.filter(pk=fresh.pk).update(thread=post)
            log.append(*events, tell_wall())
    except IntegrityError:
        raise SomebodyWasQuicker from None
    return post


def unpin_thread(said: Remembrance, by: Member) -> None:
    """Takes the line above the wall away; the thread stays. Again changes nothing. Raises NotAllowed."""
    check_staff(by)
    with transaction.atomic():
        if Pinned.objects.filter(post__remembrance=said, ended_at=None).update(ended_at=timezone.now()):
            log.append(tell_wall())


def ask_to_take_down(said: Remembrance, by: Member, *, post_id: int, why: str) -> FamilyWish:
    """The family wants these words of theirs taken down; a second of the staff agrees. Raises NotAllowed, Missing, and
    SomebodyWasQuicker where it was asked for already.
    """
    check_staff(by)
    if not why:
        raise Missing("why", _("Write who asks, and how you know that it is them."))
    post = Post.objects.filter(pk=post_id, author=said.member_id, status__in=ON_THE_WALL | {Status.HELD}).first()
    if post is None:
        raise Missing(
            "post", _("There are no such words of theirs on the wall. The number stands in the post's address.")
        )
    if said.confirmed_by_id is None or said.ended_at:
        raise SomebodyWasQuicker
    try:
        with transaction.atomic():
            return FamilyWish.objects.create(remembrance=said, post=post, asked_by=by, why=why)
    except IntegrityError:
        raise SomebodyWasQuicker from None


def agree_to_take_down(wish: FamilyWish, by: Member) -> None:
    """The words go, and a stone stays where there are replies. Open pages of the wall hear of it. Raises NotAllowed for whoever
    asked, and SomebodyWasQuicker.
    """
    check_staff(by)
    if wish.asked_by_id == by.pk:
        raise NotAllowed(_("A second person agrees to this: somebody else from the staff."))
    with transaction.atomic():
        post = Post.objects.select_for_update().get(pk=wish.post_id)
        waiting = FamilyWish.objects.filter(pk=wish.pk, ended_at=None)
        if not waiting.update(agreed_by=by, ended_at=timezone.now()):
            raise SomebodyWasQuicker
        log.append(*change_status(post, Status.REMOVED, actor=by))


def let_wish_go(wish: FamilyWish, by: Member) -> None:
    """Nothing is taken down. Raises NotAllowed and SomebodyWasQuicker."""
    check_staff(by)
    if not FamilyWish.objects.filter(pk=wish.pk, ended_at=None).update(ended_at=timezone.now()):
        raise SomebodyWasQuicker

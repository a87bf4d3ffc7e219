"""What somebody is called: chosen by themselves once a month, or given by staff when they must not be found."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from forum import access, avatars
from forum.handles import handle_key, hidden_key, lookalike_keys, spoken
from forum.live import WALL, noun_of
from forum.models import Follow, Keep, Member, OldHandle, PendingSignup, Post
from forum.refusals import PostingPaused, Refusal, WallClosed
from forum.self_words import was_said
from realtime import log
from realtime.log import NewEvent
from realtime.models import Event
from realtime.ring import KEPT

CHANGED_AT_MOST_EVERY = timedelta(days=30)
RESERVED_FOR = timedelta(days=365)


class HandleTaken(Refusal):
    """A member has this handle or one that looks like it, or had it within the year, or a sign-up holds it just now."""

    code = "invalid"

    @property
    def message(self) -> str:
        return _("Somebody here has this name, or one that looks very like it. Choose another.")


class ChangedLately(Refusal):
    code = "too_fast"

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until

    @property
    def message(self) -> str:
        return _("You can change your handle again on %(day)s.") % {
            "day": date_format(timezone.localtime(self.until), "j F, H:i")
        }


def change_handle(member: Member, handle: str) -> None:
    """Gives a member another handle of their choice. Nobody else gets the old one for a year; its page is gone at once.

    Everyone who has their newest words open sees the new name. Raises WallClosed, PostingPaused, ChangedLately, HandleTaken.
    """
    viewer = access.facts_of(member)
    if not viewer.wall_is_open:
        raise WallClosed
    if not access.has_voice(viewer):
        raise PostingPaused
    try:
        with transaction.atomic():
            shown = _shown_words(member)
            fresh = Member.objects.select_for_update().get(pk=member.pk)
            if fresh.handle == handle:
                return
            if (until := changeable_from(fresh)) is not None:
                raise ChangedLately(until)
            log.append(*_redrawn(shown))
            _rename(fresh, handle, owner=fresh)
            fresh.handle_changed_at = timezone.now()
            fresh.save(update_fields=["handle_changed_at"])
    except IntegrityError:
        raise HandleTaken from None
    member.refresh_from_db(fields=["handle", "handle_key", "handle_changed_at"])
    was_said(member, spoken(handle))


def redraw_words(member: Member) -> list[NewEvent]:
    """Everyone who has this member's newest words open is to see the new name. Locks the words and then the member; call it
    first in the transaction, and `rename_member` last.
    """
    shown = _shown_words(member)
    Member.objects.select_for_update().get(pk=member.pk)
    return _redrawn(shown)


def rename_member(member: Member, handle: str) -> None:
    """Gives somebody who must not be found another handle and another picture, with nothing that leads from old to new:
    others no longer follow or keep what they wrote, and what was muted, blocked or told before names nobody.

    Call inside a transaction that says why, after its events are appended. The member may choose a handle of their own at
    once, but not the old one: nobody gets that for a year. Raises HandleTaken.
    """
    fresh = Member.objects.select_for_update().get(pk=member.pk)
    try:
        with transaction.atomic():
            _rename(fresh, handle, owner=None)
    except IntegrityError:
        raise HandleTaken from None
    fresh.handle_changed_at, fresh.renamed_at = None, timezone.now()
    fresh.avatar_style = avatars.another_set(fresh.avatar_style)
    fresh.save(update_fields=["handle_changed_at", "renamed_at", "avatar_style"])
    OldHandle.objects.filter(member=fresh).update(member=None)
    for model in (Follow, Keep):
        model.objects.filter(post__author=fresh).exclude(member=fresh).delete()
    member.refresh_from_db(fields=["handle", "handle_key", "handle_changed_at", "renamed_at", "avatar_style"])


def changeable_from(member: Member) -> datetime | None:
    """When this member may change their handle again, or None when it is now."""
    if member.handle_changed_at is None:
        return None
    until = member.handle_changed_at + CHANGED_AT_MOST_EVERY
    return until if until > timezone.now() else None


def was_lately(keys: set[str], member: Member | None = None) -> bool:
    """Whether one of these keys was somebody's handle within the year; one's own old ones do not count."""
    hidden = {hidden_key(key) for key in keys}  # erased members'
    reserved = OldHandle.objects.filter(handle_key__in=keys | hidden, until__gt=timezone.now())
    return (reserved.exclude(member=member) if member else reserved).exists()


def hide_handles(member: Member) -> None:
    """For an erasure: nobody gets this member's handles for a year, and nobody can read any more what they were."""
    for old in OldHandle.objects.filter(member=member):
        OldHandle.objects.filter(pk=old.pk).update(handle_key=hidden_key(old.handle_key), member=None)
    OldHandle.objects.get_or_create(
        handle_key=hidden_key(member.handle_key), defaults={"until": timezone.now() + RESERVED_FOR}
    )


def _rename(member: Member, handle: str, *, owner: Member | None) -> None:
    """The row first, then the look at who has the handle, as in signing up: so whoever is there meanwhile is seen.

    A handle is a key of the row, and PostgreSQL changes one only when everybody who writes of this member has committed. They
    may be waiting for a stream or the audit head, so nothing may be locked after this.
    """
    old_key, keys, now = member.handle_key, lookalike_keys(handle), timezone.now()
    member.handle, member.handle_key = handle, handle_key(handle)
    member.save(update_fields=["handle", "handle_key"])
    others = Member.objects.filter(handle_key__in=keys).exclude(pk=member.pk)
    waiting = PendingSignup.objects.filter(handle_key__in=keys, expires_at__gt=now)
    if others.exists() or waiting.exists() or was_lately(keys, owner):
        raise HandleTaken
    OldHandle.objects.filter(handle_key__in={old_key, member.handle_key}).delete()  # over, or taken back
    if old_key != member.handle_key:
        OldHandle.objects.create(handle_key=old_key, member=owner, until=now + RESERVED_FOR)


def _shown_words(member: Member) -> dict[Post, set[str]]:
    """This member's words that a hub may have drawn with the old name, locked: those that the newest events speak of."""
    kinds: dict[int, set[str]] = defaultdict(set)
    newest = Event.objects.filter(stream=WALL).order_by("-seq").values_list("ref", "kind")[:KEPT]
    for ref, kind in newest:
        kinds[ref].add(kind)
    words = Post.objects.filter(author=member, pk__in=list(kinds), status__in=access.READABLE)
    return {post: kinds[post.pk] for post in words.select_for_update().order_by("-pk")}  # replies first, as everywhere


def _redrawn(shown: dict[Post, set[str]]) -> list[NewEvent]:
    Post.objects.filter(pk__in=[post.pk for post in shown]).update(version=F("version") + 1)
    events = [NewEvent(WALL, f"{noun_of(post)}.changed", post.pk, version=post.version + 1) for post in shown]
    supported = [post for post, kinds in shown.items() if "support.changed" in kinds]
    return events + [NewEvent(WALL, "support.changed", post.pk, version=post.support_version) for post in supported]

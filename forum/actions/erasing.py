"""Erasing an account. The registry of forum.data_rights says what goes; this goes through it.

Everything is done in slices, each in a transaction of its own, so that ten thousand posts hold nobody up; and everything may
be done twice, so that a clock that died half way is followed by one that finishes.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from forum import data_rights, ledger
from forum.actions.handles import hide_handles
from forum.actions.posts import change_status
from forum.data_rights import Blank, By, Delete, Entry, Tie
from forum.live import WALL
from forum.models import Erasure, Member, Post, Standing, Status, Support
from forum.search_index import forget_erased
from realtime import log
from realtime.log import NewEvent

SLICE = 200  # rows
AGAIN = timedelta(hours=1)  # until the next look whether a case still needs the words
POSTS = 40  # posts or supports: each takes a few statements and tells every socket
KEPT_OF_MEMBER = frozenset({"id", "standing", "joined_at", "is_active"})


class Held(Exception):
    """A hold keeps everything of this member; nothing more of them is erased."""


@contextmanager
def a_slice(member_id: int, posts: Collection[int] = ()) -> Iterator[None]:
    """The transaction of one slice, which writes of these posts: they are locked first, as everywhere. A hold is confirmed under
    the lock of the member's row, so it comes before the slice, which then raises Held, or after it, and keeps all the rest.
    """
    with transaction.atomic():
        if posts:
            _locked(posts)
        Member.objects.select_for_update().filter(pk=member_id).first()
        if data_rights.is_held(member_id):
            raise Held
        yield


def erase_member(erasure: Erasure) -> bool:
    """Erases everything of a member whose account is closed already. Returns whether all of it is gone.

    It is not while a case of theirs is open, whose words wait, nor while a hold keeps all of it: call again. Sockets hear of
    posts and supports that go.
    """
    ledger.note(erasure)
    try:
        waiting = [tie for entry, tie in data_rights.ties_in_order() if not _erase(entry, tie, erasure.member_id)]
    except Held:
        hide_posts(erasure.member_id)
        Erasure.objects.filter(pk=erasure.pk).update(again_at=timezone.now() + AGAIN)
        return False
    if not forget_erased() and not connection.in_atomic_block:
        return False
    now = timezone.now()
    done = {"again_at": now + AGAIN} if waiting else {"finished_at": now}
    Erasure.objects.filter(pk=erasure.pk).update(**done)
    return not waiting


def erase_posts(member_id: int) -> None:
    """Words go from every post and reply. Where others have replied a neutral stone stays, and their replies under it."""
    wordless = Q(status=Status.ERASED, body="", content_note="", key_digest="")
    rows = Post.objects.filter(~wordless, author=member_id).order_by("-pk")
    while ids := list(rows.values_list("pk", flat=True)[:POSTS]):
        with a_slice(member_id, ids):
            log.append(*_erase_posts(ids))


def hide_posts(member_id: int) -> None:
    """Under a hold: every post leaves the wall as an erased one does, and its words stay in the row for whoever the hold names."""
    rows = Post.objects.exclude(status=Status.ERASED).filter(author=member_id).order_by("-pk")
    while ids := list(rows.values_list("pk", flat=True)[:POSTS]):
        with transaction.atomic():
            log.append(*(event for post in _locked(ids) for event in change_status(post, Status.ERASED)))


def erase_supports(member_id: int) -> None:
    """Supports go and the counts with them."""
    while given := list(Support.objects.filter(member=member_id).order_by("-post_id", "pk")[:POSTS]):
        post_ids = {support.post_id for support in given}
        with a_slice(member_id, post_ids):
            posts = Post.objects.filter(pk__in=post_ids).order_by("-pk")
            versions = {post.pk: post.support_version + 1 for post in posts.select_for_update()}
            Support.objects.filter(pk__in=[support.pk for support in given]).delete()
            Post.objects.filter(pk__in=post_ids).update(support_version=F("support_version") + 1)
            log.append(*(NewEvent(WALL, "support.changed", pk, version=version) for pk, version in versions.items()))


def blank_member(member_id: int) -> None:
    """The account becomes a stone: a number for a name, no address, and every choice as it is for a newcomer.

    Nobody else gets the handles for a year, though nobody can read what they were.
    """
    with a_slice(member_id):
        member = Member.objects.select_for_update().get(pk=member_id)
        if member.handle == _number(member_id):
            return
        hide_handles(member)
        for column in Member._meta.concrete_fields:
            if column.name not in KEPT_OF_MEMBER:
                setattr(member, column.attname, column.get_default())
        member.handle, member.handle_key = _number(member_id), f"erased:{member_id}"  # a key no handle can have
        member.email = f"{member_id}@erased.invalid"
        member.standing, member.is_active = Standing.ERASED, False
        member.set_unusable_password()
        member.save()


def _number(member_id: int) -> str:
    return f"erased-{member_id}"


def addresses_of(member_id: int) -> set[str]:
    """Every e-mail address this account has, the one it is changing to as well."""
    mine = set(EmailAddress.objects.filter(user=member_id).values_list("email", flat=True))
    return mine | set(Member.objects.filter(pk=member_id).values_list("email", flat=True))


def sessions_of(member_id: int) -> list[str]:
    """The keys of this member's sessions: each has to be opened to see whose it is."""
    rows = Session.objects.all().iterator(chunk_size=SLICE)
    return [row.session_key for row in rows if row.get_decoded().get(SESSION_KEY) == str(member_id)]


def _erase(entry: Entry, tie: Tie, member_id: int) -> bool:
    """Whether nothing of this tie has to wait."""
    held = tie.held(member_id) if tie.held else data_rights.NO_ROWS
    mine = entry.objects.filter(tie.rows(member_id))
    waits = mine.filter(held).exists()
    if isinstance(tie.ends, By):
        if not waits:
            tie.ends.erase(member_id)
    elif isinstance(tie.ends, Delete | Blank):
        for keys in _slices(mine.exclude(held) if waits else mine):
            with a_slice(member_id, keys if entry.objects.model is Post else ()):
                _write(entry.objects.filter(pk__in=keys), tie.ends)
    return not waits


def _write(rows: QuerySet[Any], ends: Delete | Blank) -> None:
    if isinstance(ends, Blank):
        rows.update(**ends.values)
    else:
        rows.delete()


def _slices(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """Keys in order. Each slice is asked for after the last was written, from where that ended."""
    rows = rows.order_by("pk")
    keys = list(rows.values_list("pk", flat=True)[:SLICE])
    while keys:
        yield keys
        keys = list(rows.filter(pk__gt=keys[-1]).values_list("pk", flat=True)[:SLICE])


def _erase_posts(ids: list[int]) -> list[NewEvent]:
    events = [event for post in _locked(ids) for event in change_status(post, Status.ERASED)]
    Post.objects.filter(pk__in=ids).update(body="", content_note="", key_digest="")
    return events


def _locked(ids: Collection[int]) -> list[Post]:
    """Replies before what they answer, as everywhere: a reply is newer. What they answer is counted anew, so it is locked with
    them: of two people erased at once, each may have answered the other.
    """
    answered = Post.objects.filter(pk__in=ids, parent__isnull=False).values_list("parent_id", flat=True)
    rows = Post.objects.select_for_update().filter(pk__in={*ids, *answered}).order_by("-pk")
    return [post for post in rows if post.pk in ids]

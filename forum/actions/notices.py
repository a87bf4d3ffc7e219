"""Telling members what happened for them. A notice names a row; its words are drawn when somebody looks (forum/notices.py).

The functions that return events are called inside the transaction in which the thing happened; its outermost action appends
them. The rest are actions of the member's own.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from forum import access
from forum.access import ViewerFacts
from forum.live import tell_member
from forum.models import Block, Follow, Member, Mute, MutedWord, Notice, Post, Standing, Support
from forum.muting import Muting
from forum.notices import FOLLOWED, OF_WORDS, REPLY, SUPPORT, kinds
from realtime import log
from realtime.log import NewEvent

NOTICE_CHANGED = "notice.changed"
KEPT = timedelta(days=90)  # what was read; forum/data_map.py says so


def give_notice(
    member_id: int, kind: str, ref: int, *, state: str = "", pressing: bool = False, at: datetime | None = None
) -> list[NewEvent]:
    """Tells a member of a row, and again when there is more of it: when `state` is another than last time, or is not used.

    A kind that the member has turned off makes nothing, unless it presses. Who has died is told nothing.
    """
    off, standing = Member.objects.values_list("notices_off", "standing").get(pk=member_id)
    if standing == Standing.REMEMBERED or (not pressing and kind in off):
        return []
    at = at or timezone.now()
    fields: dict[str, Any] = {"state": state, "pressing": pressing, "since": at, "told_at": at}
    notice, made = Notice.objects.get_or_create(member_id=member_id, kind=kind, ref=ref, defaults=fields)
    if not made:
        if state and notice.state == state:
            return []
        if notice.read_at is None:
            fields |= {"since": notice.since, "pressing": pressing or notice.pressing}  # the earlier part is still news
        Notice.objects.filter(pk=notice.pk).update(**fields, read_at=None)
    return [_tell(member_id, ref)]


def tell_of_reply(reply: Post, parent: Post) -> list[NewEvent]:
    """The author of the post, and whoever follows it, hear of a reply; not its writer, nor who is apart from them, nor who
    has muted words that hide it."""
    followers = Follow.objects.filter(post=parent).values("member")
    wanted = Member.objects.filter(Q(pk=parent.author_id) | Q(pk__in=followers), is_active=True)
    wanted = wanted.exclude(is_apart_from(reply.author_id)).exclude(pk=reply.author_id)
    rows, hidden_from = [], _whom_words_hide_it_from(reply, parent)
    for member_id, off in wanted.values_list("pk", "notices_off"):
        kind = REPLY if member_id == parent.author_id else FOLLOWED
        if kind not in off and member_id not in hidden_from:
            at = reply.placed_at
            rows.append(Notice(member_id=member_id, kind=kind, ref=reply.pk, since=at, told_at=at))
    Notice.objects.bulk_create(rows)
    return [_tell(row.member_id, reply.pk) for row in rows]


def was_told(reply: Post) -> bool:
    """Whether anybody has heard of this reply yet."""
    return Notice.objects.filter(kind__in=(REPLY, FOLLOWED), ref=reply.pk).exists()


def tell_of_support(support: Support, author_id: int) -> list[NewEvent]:
    """The author of the words hears who is with them, gathered: one notice for each post."""
    if Mute.objects.filter(muter=author_id, muted=support.member_id).exists():
        return []
    return give_notice(author_id, SUPPORT, support.post_id, at=support.given_at)


def take_back_support(post: Post) -> list[NewEvent]:
    """What is taken back leaves no notice: without any support it goes, without new support it is read as before."""
    told = Notice.objects.filter(member=post.author_id, kind=SUPPORT, ref=post.pk)
    newest = Support.objects.filter(post=post).order_by("-given_at").values_list("given_at", flat=True).first()
    unread = told.filter(read_at=None, since__gt=newest) if newest else told
    changed = unread.update(read_at=timezone.now()) if newest else unread.delete()[0]
    return [_tell(post.author_id, post.pk)] if changed else []


def tell_of_status(post: Post) -> list[NewEvent]:
    """Words came or went: whoever has an unread notice that names them counts anew."""
    unread = Notice.objects.filter(kind__in=[*OF_WORDS, SUPPORT], ref=post.pk, read_at=None)
    return [_tell(member_id, post.pk) for member_id in unread.order_by().values_list("member", flat=True).distinct()]


def read_notices(member: Member, **which: Any) -> bool:
    """Marks a member's notices as read, all or `which`, and tells their other open pages. Returns whether any was unread."""
    unread = Notice.objects.filter(member=member, read_at=None, **which)
    if not unread.exists():
        return False
    with transaction.atomic():
        unread.update(read_at=timezone.now())
        log.append(_tell(member.pk))
    return True


def choose_notices(
    member: Member, *, off: Iterable[str], quiet_from: time | None = None, quiet_until: time | None = None
) -> None:
    """Sets which kinds a member does not want, and their quiet hours. What is turned off is unread no more."""
    chosen = sorted(key for key in off if key in kinds and kinds[key].label)
    with transaction.atomic():
        member.notices_off, member.quiet_from, member.quiet_until = chosen, quiet_from, quiet_until
        member.save(update_fields=["notices_off", "quiet_from", "quiet_until"])
        Notice.objects.filter(member=member, kind__in=chosen, read_at=None).update(read_at=timezone.now())
        log.append(_tell(member.pk))


def is_apart_from(other: int) -> Q:
    """Members who have muted this one, or have blocked them or were blocked by them."""
    return (
        Q(pk__in=Mute.objects.filter(muted=other).values("muter"))
        | Q(pk__in=Block.objects.filter(blocked=other).values("blocker"))
        | Q(pk__in=Block.objects.filter(blocker=other).values("blocked"))
    )


def _whom_words_hide_it_from(reply: Post, parent: Post) -> set[int]:
    """Those of the ones who might be told whose muted words hide a reply, or what it stands under."""
    told = Q(member=parent.author_id) | Q(member__in=Follow.objects.filter(post=parent).values("member"))
    muted: dict[int, list[tuple[str, Muting]]] = defaultdict(list)
    for member_id, phrase in MutedWord.in_force().filter(told, way=Muting.HIDE).values_list("member", "folded"):
        muted[member_id].append((phrase, Muting.HIDE))
    facts = access.facts_of_words(reply)
    viewers = (ViewerFacts(member_id, muted_words=tuple(words)) for member_id, words in muted.items())
    return {viewer.id for viewer in viewers if access.muting_of_post(viewer, facts) is Muting.HIDE}


def _tell(member_id: int, ref: int = 0) -> NewEvent:
    return tell_member(member_id, NOTICE_CHANGED, ref)

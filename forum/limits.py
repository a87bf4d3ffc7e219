"""How much one member may send, and when they can again. The numbers are settings; docs/rest.md says what they are for.

An action asks while it holds the member's row: so sends at the same time count one another, in every process. What was
refused left no row and counts for nothing, and neither does a key that was sent before. What was taken back still counts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.utils import timezone

from forum.models import Member, Post, Standing
from forum.refusals import NotYet, PostedOften, RepliedOften, Slowed, SupportedOften

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SUPPORTS_TOLD = 4  # one of each kind, by one person about one post, in a day


def locked_member(member: Member, **also: Combinable) -> Any:
    """The member's row, locked until the transaction ends: everything else they send waits. Post rows are locked before it.

    `also` is read with it, but before it is locked: what the other of two at once has written is not in it.
    """
    return Member.objects.select_for_update().annotate(**also).get(pk=member.pk)


def check_posts(author: Member, *, reply: bool) -> None:
    """Raises PostedOften or RepliedOften, with the time of the next. `author` is the locked row."""
    since = timezone.now() - HOUR
    written = Post.objects.filter(author=author, parent__isnull=not reply, created_at__gt=since)
    written = written.filter(placed_at__gt=since)  # never before created_at; this is the column of the index
    check(written, "created_at", _an_hour(author, reply=reply), HOUR, _refusal(author, reply=reply))


def check(
    rows: QuerySet[Any], column: str, limit: int, within: timedelta, refusal: Callable[[datetime], NotYet]
) -> None:
    """Raises `refusal` when `limit` rows were made within this time: the next may come when the oldest of them is past it."""
    newest: list[datetime] = list(rows.order_by(f"-{column}").values_list(column, flat=True)[:limit])
    if len(newest) == limit:
        raise refusal(newest[-1] + within)


def counted(key: str, lasts: timedelta) -> int:
    """Counts one more under this key, and says how many there were in the time that began with the first. Counting comes first,
    so that of several at the same moment, in whichever process, each gets a number of its own. For what leaves no row.
    """
    seconds = int(lasts.total_seconds())
    if not cache.add(key, 1, seconds):
        try:
            return int(cache.incr(key))
        except ValueError:  # it ran out between the two
            cache.set(key, 1, seconds)
    return 1


def check_supports(member: Member) -> None:
    """Raises SupportedOften. What is taken back leaves no row and has been heard by everybody all the same, so it counts."""
    now = timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    given = counted(f"supports:{member.pk}:{int(hour.timestamp())}", HOUR)
    if given > for_member(member, settings.SUPPORTS_PER_HOUR):
        raise SupportedOften(hour + HOUR)


def is_told_of_support(member_id: int, post_id: int) -> bool:
    """Whether the author hears of this support: four kinds can be given, and who gives and takes them all day is heard no more."""
    return counted(f"support-told:{member_id}:{post_id}", DAY) <= SUPPORTS_TOLD


def is_new(member: Member) -> bool:
    """On their first day."""
    return timezone.now() - member.joined_at < timedelta(hours=settings.NEW_MEMBER_HOURS)


def for_member(member: Member, limit: int) -> int:
    """New members may send half as much, at least one."""
    return max(1, limit // 2) if is_new(member) else limit


@dataclass(frozen=True, slots=True)
class Share:
    """How much somebody may send in an hour, and until when that is so."""

    posts: int
    replies: int
    until: datetime | None


def slowed(member: Member) -> Share | None:
    """What is left to a member whose posting is slowed, for them to read before they write; None for everyone else."""
    if member.current_standing != Standing.SLOWED:
        return None
    return Share(_an_hour(member, reply=False), _an_hour(member, reply=True), member.current_until)


def _an_hour(author: Member, *, reply: bool) -> int:
    usual = for_member(author, settings.REPLIES_PER_HOUR if reply else settings.POSTS_PER_HOUR)
    if author.current_standing != Standing.SLOWED:
        return usual
    return min(usual, settings.SLOWED_REPLIES_PER_HOUR if reply else settings.SLOWED_POSTS_PER_HOUR)


def _refusal(author: Member, *, reply: bool) -> Callable[[datetime], NotYet]:
    """Who is slowed is told that this is why, each time it holds them up."""
    if author.current_standing == Standing.SLOWED:
        return partial(Slowed, until=author.current_until)
    return RepliedOften if reply else PostedOften

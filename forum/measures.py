"""How long people wait for a first reply: for the team, and never on the wall.

Counted are posts on the wall that asked for support or asked a question. A first reply is by somebody else and still stands.
A post that still waits is not left out, for then the worst waits would make the figures better: it counts as longer than
every wait that has ended. Only in its first hour it is too early to say, and it counts nowhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery

from forum import access
from forum.models import Intent, Post

ASKING = (Intent.SUPPORT, Intent.QUESTION)
SOON = timedelta(hours=1)

Wait = tuple[datetime, datetime | None]
"""When a post came onto the wall, and when its first reply came."""


@dataclass(frozen=True, slots=True)
class FirstReplies:
    """One period's figures, as they are: what of them may be shown is for whoever shows them to judge."""

    waits: tuple[timedelta | None, ...]  # the shortest first; None, at the end: it still waits

    @property
    def posts(self) -> int:
        return len(self.waits)

    @property
    def waiting(self) -> int:
        return self.waits.count(None)

    @property
    def soon(self) -> int:
        """How many were answered within the hour."""
        return sum(wait is not None and wait <= SOON for wait in self.waits)

    def percentile(self, share: float) -> timedelta | None:
        """The wait that this share of posts does not exceed (nearest rank). None while that one still waits."""
        rank = -(-self.posts * round(share * 100) // 100)
        return self.waits[max(rank, 1) - 1] if self.waits else None


def measure(waits: Iterable[Wait], now: datetime) -> FirstReplies:
    """What a period's posts say."""
    told = [answered - asked if answered else None for asked, answered in waits if answered or now - asked >= SOON]
    ended = sorted(wait for wait in told if wait is not None)
    return FirstReplies((*ended, *[None] * told.count(None)))


def first_replies(start: datetime, end: datetime) -> list[Wait]:
    """The posts of a period that asked for something, oldest first, in one query."""
    asking = Post.objects.filter(
        parent__isnull=True, intent__in=ASKING, status__in=access.ON_THE_WALL, placed_at__gte=start, placed_at__lt=end
    )
    replies = Post.objects.filter(parent=OuterRef("pk"), status__in=access.ON_THE_WALL).exclude(
        author=OuterRef("author")
    )
    first = Subquery(replies.order_by("placed_at").values("placed_at")[:1])
    return list(asking.annotate(first=first).order_by("placed_at").values_list("placed_at", "first"))

"""The replies under one post, a page at a time, the oldest first."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from forum.access import ViewerFacts
from forum.models import Post
from forum.models.post import place_of
from forum.places import Place, earlier_than, later_than
from forum.rows import WallRow, rows_for

REPLIES = 50  # replies on one page of a thread: the newest, and links to those before


@dataclass(frozen=True, slots=True)
class ReplyPage:
    replies: list[WallRow]
    earlier: str = ""
    later: str = ""


@dataclass(frozen=True, slots=True)
class Replies:
    """Those under one post that a viewer may see, by keyset."""

    viewer: ViewerFacts
    seen: QuerySet[Post]

    def page(self, before: Place | None, after: Place | None, reply: int) -> ReplyPage:
        """A page on which there is nothing, such as one before a reply that has gone since, is the newest."""
        if after and (found := self._read(_past(self.seen, after))):
            more = len(found) > REPLIES
            return ReplyPage(found[:REPLIES], _place_of(found[0]), _place_of(found[REPLIES - 1]) if more else "")
        if before and (found := self._read(_short_of(self.seen, before))):
            shown = found[:REPLIES][::-1]
            return ReplyPage(shown, _place_of(shown[0]) if len(found) > REPLIES else "", _place_of(shown[-1]))
        found = self._read(self.seen.order_by("-placed_at", "-pk"))
        shown = found[:REPLIES][::-1]
        elsewhere = reply and len(found) > REPLIES and reply not in [each.pk for each in shown]
        linked = self.seen.filter(pk=reply).first() if elsewhere else None
        if linked:
            return self.page(None, (linked.placed_at, linked.pk - 1), 0)  # from the linked one on
        return ReplyPage(shown, _place_of(shown[0]) if len(found) > REPLIES else "")

    def _read(self, replies: QuerySet[Post]) -> list[WallRow]:
        """One more than fits tells that there are more."""
        return rows_for(self.viewer, replies[: REPLIES + 1])


def _past(replies: QuerySet[Post], place: tuple[datetime, int]) -> QuerySet[Post]:
    return replies.filter(later_than(place)).order_by("placed_at", "pk")


def _short_of(replies: QuerySet[Post], place: tuple[datetime, int]) -> QuerySet[Post]:
    return replies.filter(earlier_than(place)).order_by("-placed_at", "-pk")


def _place_of(reply: WallRow) -> str:
    return place_of(reply.placed_at, reply.pk)

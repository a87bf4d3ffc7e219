"""What the wall reads of a post: one lean row, with all that judges who sees it and all that its article is drawn from."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import starmap
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.functional import Promise

from forum.access import READABLE, PostFacts, ViewerFacts
from forum.models import Intent, Post, Standing
from forum.models.post import place_of
from forum.muting import fold_all

Drawing = tuple[Any, ...]
"""Everything in a row that its article is drawn from, as it stood when the row was read."""


class Author(NamedTuple):
    pk: int
    handle: str
    avatar_style: int
    standing: str

    @property
    def is_remembered(self) -> bool:
        return self.standing == Standing.REMEMBERED


class WallRow(NamedTuple):
    """A post or reply. What is drawn comes first; what only judges who sees it, and what muted words are looked for in, last."""

    pk: int
    version: int
    status: str
    author_id: int
    handle: str
    avatar_style: int
    author_standing: str
    parent_id: int | None
    intent: str
    body: str
    content_note: str
    held_for: str
    support_version: int
    from_team: bool
    created_at: datetime
    placed_at: datetime
    edited_at: datetime | None
    redacted_at: datetime | None
    replies_locked_at: datetime | None
    waiting_since: datetime | None
    enough_at: datetime | None
    standing_replies: int
    parent_author_id: int | None
    parent_status: str | None
    parent_note: str | None = None
    parent_body: str | None = None

    @property
    def author(self) -> Author:
        return Author(self.author_id, self.handle, self.avatar_style, self.author_standing)

    @property
    def place(self) -> str:
        """As `Post.place`."""
        return place_of(self.placed_at, self.pk)

    def get_intent_display(self) -> str | Promise:
        """As a Post's, for the templates that draw both."""
        return Intent(self.intent).label

    @property
    def drawing(self) -> Drawing:
        return self[:DRAWN]

    @property
    def facts(self) -> PostFacts:
        """What decides who sees it."""
        return PostFacts(
            id=self.pk,
            author_id=self.author_id,
            status=self.status,
            has_replies=self.standing_replies > 0,
            parent_author_id=self.parent_author_id,
            parent_status=self.parent_status,
            locked=self.replies_locked_at is not None,
        )

    @property
    def facts_with_words(self) -> PostFacts:
        """The same with what muted words are looked for in, as far as it still stands. Read the row with `words_above`."""
        above = fold_all(self.parent_note or "", self.parent_body or "") if self.parent_status in READABLE else ""
        words = fold_all(self.content_note, self.body) if self.status in READABLE else ""
        return replace(self.facts, words=words, parent_words=above)


DRAWN = WallRow._fields.index("standing_replies")
ELSEWHERE = {
    "handle": "author__handle",
    "avatar_style": "author__avatar_style",
    "author_standing": "author__standing",
    "parent_author_id": "parent__author_id",
    "parent_status": "parent__status",
    "parent_note": "parent__content_note",
    "parent_body": "parent__body",
}
COLUMNS = [ELSEWHERE.get(name, name) for name in WallRow._fields]
ABOVE = WallRow._fields.index("parent_note")


def read_rows(posts: QuerySet[Post], *, words_above: bool = False) -> Iterator[WallRow]:
    """The rows of these posts, in one query. `words_above`: with the words each reply stands under."""
    return starmap(WallRow, columns_of(posts, words_above=words_above))


def rows_for(viewer: ViewerFacts, posts: QuerySet[Post]) -> list[WallRow]:
    """With the words they stand under for whoever has muted some."""
    return list(read_rows(posts, words_above=bool(viewer.muted_words)))


def columns_of(posts: QuerySet[Post], *, words_above: bool = False) -> QuerySet[Post, tuple[Any, ...]]:
    return posts.values_list(*(COLUMNS if words_above else COLUMNS[:ABOVE]))

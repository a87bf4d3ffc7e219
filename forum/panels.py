"""What other apps add to the forum's pages. They register; the forum draws and knows nothing of them.

Where a function takes an `Onlooker`, it reads that person through it and asks the database nothing anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models.expressions import Combinable
from django.utils.functional import Promise

from forum.access import ViewerFacts

if TYPE_CHECKING:
    from forum.models import Member
    from forum.onlooker import Onlooker

Words = str | Promise


@dataclass(frozen=True, slots=True)
class PostLink:
    """A link in every post's menu, the same for every reader: `url` is a format string with `{id}`."""

    label: Words
    url: str
    for_author: bool = False
    for_living: bool = False  # not offered where the author has died


@dataclass(frozen=True, slots=True)
class MemberLink:
    """A link on a member's page: `url` is a format string with `{handle}`."""

    label: Words
    url: str


@dataclass(frozen=True, slots=True)
class Link:
    label: Words
    url: str
    count: int = 0


post_links: list[PostLink] = []
mending_links: list[PostLink] = []  # in words that a moderator has folded or cut, for their author
member_links: list[MemberLink] = []
member_marks: list[Callable[["Member"], str]] = []  # what the page of somebody who has died says: safe html, or ""
member_facts: dict[str, Callable[[ViewerFacts], Combinable | None]] = {}
"""Scalar subqueries about the onlooker, read together in one query: what the header counts, what waits. None: not for them."""
header_links: list[Callable[["Onlooker"], list[Link]]] = []
me_links: list[Callable[["Onlooker"], list[Link]]] = []
notices: list[Callable[["Onlooker"], str]] = []  # drawn above the wall and in the small room: safe html, or ""
standing_reasons: list[
    Callable[["Onlooker"], str]
] = []  # why somebody's standing is what it is, in their room: safe html, or ""
team_status: list[Callable[["Onlooker"], str]] = []  # one sentence for members about who of the team is here, or ""
heavy_words: list[Callable[[str], bool]] = []  # whether somebody who looks for these words may need help: kept nowhere
banners: list[Callable[["Onlooker"], str]] = []  # above every page, for whom it concerns: safe html, or ""
scripts: list[str] = []  # static modules for pages that show posts
styles: list[str] = []  # static stylesheets for the same pages

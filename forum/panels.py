"""What other apps add to the forum's pages. They register; the forum draws and knows nothing of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True, slots=True)
class PostLink:
    """A link in every post's menu, the same for every reader: `url` is a format string with `{id}`."""

    label: Words
    url: str
    for_author: bool = False


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
member_links: list[MemberLink] = []
header_links: list[Callable[[Any], list[Link]]] = []  # each takes the signed-in Member
me_links: list[Callable[[Any], list[Link]]] = []
notices: list[Callable[[Any], str]] = []  # drawn above the wall and in the small room: safe html, or ""
team_status: list[Callable[[], str]] = []  # one sentence for members about who of the team is here, or ""
scripts: list[str] = []  # static modules for pages that show posts
styles: list[str] = []  # static stylesheets for the same pages

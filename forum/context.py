"""What every page knows: the product's names and the links of the header. A stranger's page asks the database nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from forum import access, panels
from forum.access import ViewerFacts
from forum.models import Member
from forum.panels import Link, Words


@dataclass(frozen=True, slots=True)
class HeaderLink:
    """A link of the header; `current` when it leads to the page it stands on."""

    label: Words
    url: str
    count: int
    current: bool


class Harbour:
    """The variable `harbour`. What needs the database is read when a template asks, once for each page."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.product = settings.PRODUCT_NAME
        self.character = settings.CHARACTER_NAME
        self.scripts = panels.scripts
        self.styles = panels.styles
        self.prints_mail = settings.HARBOUR_ENV == "demo" and not settings.MAIL_URL  # to the terminal, and says so

    @cached_property
    def viewer(self) -> ViewerFacts | None:
        """Who is looking (one query), or None for a stranger."""
        return access.facts_of(self._request.user) if self._signed_in else None

    @cached_property
    def links(self) -> list[HeaderLink]:
        """The header's links: the wall or the small room, then what other apps add."""
        if not self._signed_in:
            return self._marked(
                [Link(_("Sign in"), reverse("account_login")), Link(_("Join"), reverse("account_signup"))]
            )
        wall_is_open = cast(Member, self._request.user).current_standing in access.WALL_OPEN
        first = Link(_("The wall"), reverse("wall")) if wall_is_open else Link(_("Your room"), reverse("room"))
        return self._marked([first, *self._asked(panels.header_links)])

    @cached_property
    def me(self) -> list[HeaderLink]:
        """The person's own menu."""
        if not self._signed_in:
            return []
        return self._marked([Link(_("You and your settings"), reverse("me")), *self._asked(panels.me_links)])

    @property
    def _signed_in(self) -> bool:
        user = getattr(self._request, "user", None)  # a request refused before its session was opened has none
        return bool(user and user.is_authenticated)

    def _asked(self, registry: Iterable[Callable[[Any], list[Link]]]) -> Iterable[Link]:
        return (link for panel in registry for link in panel(self._request.user))

    def _marked(self, links: Iterable[Link]) -> list[HeaderLink]:
        return [HeaderLink(link.label, link.url, link.count, link.url == self._request.path) for link in links]


def harbour(request: HttpRequest) -> dict[str, Harbour]:
    """The context processor."""
    return {"harbour": Harbour(request)}

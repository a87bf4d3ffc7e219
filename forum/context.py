"""What every page knows: the product's names and the links of the header. A stranger's page asks the database nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from forum import access, devices, notices, panels
from forum.access import ViewerFacts
from forum.moments import clock_words
from forum.onlooker import Onlooker, onlooker_of
from forum.panels import Link, Words
from forum.wall_state import Holding


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
        self.crisis_response = settings.CRISIS_RESPONSE  # where it is off, no page promises an answer to an emergency
        self.prints_mail = settings.HARBOUR_ENV == "demo" and not settings.MAIL_URL  # to the terminal, and says so

    @cached_property
    def shared_device(self) -> bool:
        """Whether this session is on a device that others use too."""
        return devices.is_shared(self._request)

    @property
    def has_session(self) -> bool:
        """Whether leaving may have something to end. Asks no database."""
        return settings.SESSION_COOKIE_NAME in self._request.COOKIES

    @cached_property
    def viewer(self) -> ViewerFacts | None:
        """What decides the onlooker's view, or None for a stranger."""
        return self._onlooker.viewer if self._onlooker else None

    @property
    def wall_words(self) -> list[str]:
        """What the team says above the wall just now."""
        return self.viewer.wall.words(timezone.now()) if self.viewer else []

    @property
    def wall_pinned(self) -> list[Holding]:
        """The posts to which a line above the wall leads just now."""
        return self.viewer.wall.pinned(timezone.now()) if self.viewer else []

    @property
    def wall_rests(self) -> str:
        """When words can be shared again, in words; "" if they can be now."""
        until = access.rests_until(self.viewer) if self.viewer else None
        return clock_words(until) if until else ""

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What `panels.member_facts` tells of the onlooker, by name; nothing of a stranger."""
        return self._onlooker.facts if self._onlooker else {}

    @cached_property
    def notices_unread(self) -> int:
        """How many notices wait for the onlooker, as the header counts them."""
        return notices.counted(self._onlooker) if self._onlooker else 0

    @cached_property
    def links(self) -> list[HeaderLink]:
        """The header's links: the wall or the small room, then what other apps add."""
        if self._onlooker is None:
            return self._marked(
                [Link(_("Sign in"), reverse("account_login")), Link(_("Join"), reverse("account_signup"))]
            )
        wall_is_open = self._onlooker.member.current_standing in access.WALL_OPEN
        first = Link(_("The wall"), reverse("wall")) if wall_is_open else Link(_("Your room"), reverse("room"))
        ways = [first, Link(_("Search"), reverse("search"))] if wall_is_open else [first]
        return self._marked([*ways, *self._asked(panels.header_links)])

    @cached_property
    def me(self) -> list[HeaderLink]:
        """The person's own menu."""
        if self._onlooker is None:
            return []
        own = [Link(_("You and your settings"), reverse("me")), Link(_("Looking after yourself"), reverse("care"))]
        return self._marked([*own, *self._asked(panels.me_links)])

    @property
    def banners(self) -> Iterable[str]:
        """What stands above every page, for whom it concerns: safe html."""
        onlooker = self._onlooker
        return filter(None, (mark_safe(draw(onlooker)) for draw in panels.banners)) if onlooker else ()  # noqa: S308

    @property
    def _onlooker(self) -> Onlooker | None:
        return onlooker_of(self._request)

    def _asked(self, registry: Iterable[Callable[[Onlooker], list[Link]]]) -> Iterable[Link]:
        onlooker = self._onlooker
        return (link for panel in registry for link in panel(onlooker)) if onlooker else ()

    def _marked(self, links: Iterable[Link]) -> list[HeaderLink]:
        return [HeaderLink(link.label, link.url, link.count, link.url == self._request.path) for link in links]


def harbour(request: HttpRequest) -> dict[str, Harbour]:
    """The context processor."""
    return {"harbour": Harbour(request)}

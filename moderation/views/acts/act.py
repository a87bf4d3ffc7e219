"""What one thing that can be done on a case's page looks like."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from moderation.models import Case

if TYPE_CHECKING:
    from moderation.views.screen import Screen

Act = Callable[["Screen", Case, Any], str | None]
"""Does it, to the case as the page showed it; returns where on the page to go on, or None to stay on this answer."""


def number(screen: "Screen", name: str) -> int:
    """An id from a hidden field; 0, which is nobody's, for anything that is none."""
    return number_of(screen.request.POST.get(name, ""))


def number_of(sent: str) -> int:
    """The id somebody sent; 0, which is nobody's, for anything that is none."""
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 19 else 0

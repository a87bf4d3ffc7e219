"""What every field of a file yields: lines, each with when, who in which role, what, and their words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from moderation.case_export.naming import Names
from moderation.models import Case

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a file: when, who in which role, what, and their words. Anything may be empty."""

    what: str = ""
    who: str = ""
    when: datetime | None = None
    words: str = ""


Read = Callable[[Case, Names], Iterable[Item]]

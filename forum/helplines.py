"""Lines to ring or to write to. The data is a file that the people who run a site check by hand, entry by entry."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REGIONS: dict[str, str | Promise] = {
    "uk": _("Anywhere in the United Kingdom"),
    "england": _("England"),
    "scotland": _("Scotland"),
    "wales": _("Wales"),
    "northern_ireland": _("Northern Ireland"),
    "ireland": _("Ireland"),
    "international": _("Anywhere else"),
}
ALSO = {"united_states": "international"}
VERBS = {"phone": _("Ring"), "text": _("Text"), "email": _("Write to"), "chat": _("Chat at"), "web": _("Read at")}


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach a line. `href` is a tel:, sms:, mailto: or https: address."""

    kind: str
    value: str
    cost: str
    hours: str

    @property
    def verb(self) -> str | Promise:
        return VERBS[self.kind]

    @property
    def shown(self) -> str:
        """The value as people read it: a web address without its scheme and path."""
        return self.value.split("/")[2].removeprefix("www.") if self.kind in {"chat", "web"} else self.value

    @property
    def free(self) -> bool:
        return self.cost == "free" and self.kind in {"phone", "text"}

    @property
    def href(self) -> str:
        if self.kind in {"chat", "web"}:
            return self.value
        if self.kind == "email":
            return f"mailto:{self.value}"
        if word := re.match(r"([A-Z]+) to (\d[\d ]*)", self.value):
            return f"sms:{_digits(word[2])}?body={word[1]}"
        return f"{'sms' if self.kind == 'text' else 'tel'}:{_digits(self.value)}"


@dataclass(frozen=True, slots=True)
class Line:
    """One service. `checked` is the day someone of this site last held it against the service's own page."""

    name: str
    for_whom: str
    regions: tuple[str, ...]
    ways: tuple[Way, ...]
    languages: tuple[str, ...]
    emergency: bool
    checked: date | None


@dataclass(frozen=True, slots=True)
class Group:
    """The lines that serve one region, in the file's order."""

    key: str
    name: str | Promise
    lines: tuple[Line, ...]


@lru_cache(maxsize=1)
def read_lines() -> tuple[Line, ...]:
    """Every line of the file. Raises KeyError or ValueError when an entry is not whole: better at start than at night."""
    return tuple(_line(entry) for entry in json.loads(Path(settings.HELPLINES).read_text(encoding="utf-8"))["lines"])


def groups() -> list[Group]:
    """The lines by region, the widest region first; one that serves two stands in both. Emergency numbers head the page themselves."""
    lines = [line for line in read_lines() if not line.emergency]
    return [Group(key, name, tuple(_serving(lines, key))) for key, name in REGIONS.items()]


def unchecked() -> list[Line]:
    """Lines that nobody of this site has checked yet: while there are any, a site is not ready to open."""
    return [line for line in read_lines() if line.checked is None]


def oldest_check() -> date | None:
    """The day of the oldest check, or None while any line is unchecked."""
    days = [line.checked for line in read_lines() if line.checked]
    return min(days) if days and not unchecked() else None


def _serving(lines: Iterable[Line], key: str) -> Iterable[Line]:
    return (line for line in lines if key in line.regions)


def _line(entry: dict[str, Any]) -> Line:
    return Line(
        name=entry["name"],
        for_whom=entry["for"],
        regions=tuple(ALSO.get(region, region) for region in entry["regions"]),
        ways=tuple(Way(way["kind"], way["value"], way["cost"], way["hours"]) for way in entry["ways"]),
        languages=tuple(entry["languages"]),
        emergency=entry["emergency"],
        checked=date.fromisoformat(entry["checked"]) if entry["checked"] else None,
    )


def _digits(value: str) -> str:
    """The digits a value begins with: "111, then press 2" is dialled as 111."""
    start = re.match(r"\+?[\d ]+", value)
    if start is None:
        raise ValueError(f"{value!r} does not begin with a number")
    return start[0].replace(" ", "")

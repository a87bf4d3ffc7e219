"""Lines to ring or to write to, as the help page reads them. Operators keep them in the admin.

A process reads them from the database once a minute at most, and keeps what it has while the database is away; one that
has read nothing yet takes the file they were first filled from. Emergency numbers stand in the page itself.
"""

import json
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.apps import apps as installed
from django.conf import settings
from django.db import Error as DatabaseError
from django.utils import timezone
from django.utils.functional import Promise

from forum.lines import Line, Way
from forum.models import Helpline, Region

FRESH = 60.0  # seconds until a change in the admin is on every process's page
STALE_AFTER = timedelta(days=183)  # six months, as the file asks of whoever opens a site
REGIONS: dict[str, str | Promise] = {region.value: region.label for region in Region}
ALSO = {"united_states": "international"}  # the file's regions that the page shows under another


@dataclass(frozen=True, slots=True)
class Group:
    """The lines that serve one region, in the operators' order."""

    key: str
    name: str | Promise
    lines: tuple[Line, ...]


_kept: tuple[float, tuple[Line, ...]] | None = None


def read_lines() -> tuple[Line, ...]:
    """Every line, shown or not. Never fails for want of a database."""
    global _kept
    if _kept and time.monotonic() - _kept[0] < FRESH:
        return _kept[1]
    try:
        lines = tuple(line_of(row) for row in Helpline.objects.prefetch_related("ways"))
    except DatabaseError:
        lines = _kept[1] if _kept else tuple(_from_entry(entry) for entry in _entries())
    _kept = (time.monotonic(), lines)
    return lines


def contacts_at_hand() -> frozenset[str]:
    """The numbers (digits alone) and addresses of every line, as last read or as the file has them. Asks no database."""
    return _contacts_of(_kept[1] if _kept else tuple(_from_entry(entry) for entry in _entries()))


def forget() -> None:
    """This process reads the rows afresh; others do within a minute."""
    global _kept
    _kept = None


def groups(first: str = "") -> list[Group]:
    """What the page shows, by region: `first`, then the widest. A line that serves two regions stands in both."""
    lines = [line for line in read_lines() if not line.emergency and may_be_shown(line)]
    order = sorted(REGIONS, key=lambda key: key != first)
    return [Group(key, REGIONS[key], found) for key in order if (found := tuple(_serving(lines, key)))]


def oldest_check(shown: Iterable[Group]) -> date | None:
    """The day of the oldest check among what is shown, or None while one of them is unchecked."""
    days = [line.checked for group in shown for line in group.lines]
    return min((day for day in days if day), default=None) if None not in days else None


def unchecked() -> int:
    """How many lines nobody of this site has checked yet: while there are any, a site is not ready to open."""
    return Helpline.objects.filter(checked_on=None).count()


def any_to_show() -> bool:
    """Whether anything stands on the page besides the emergency numbers that are always there."""
    return Helpline.objects.filter(emergency=False).exists()


def overdue(today: date | None = None) -> list[Helpline]:
    """Lines that were never checked, or not for six months, the oldest first."""
    since = (today or timezone.localdate()) - STALE_AFTER
    lines = [line for line in Helpline.objects.select_related("checked_by") if (line.checked_on or date.min) < since]
    return sorted(lines, key=lambda line: line.checked_on or date.min)


def plant_first(using: str = "default", apps: Any = installed, **_more: Any) -> None:
    """Fills an empty table from HARBOUR_HELPLINES after migrating. What operators keep is never touched again.

    Raises KeyError or ValueError when an entry of the file is not whole: better now than at night.
    """
    try:
        line_rows, way_rows = apps.get_model("forum", "Helpline"), apps.get_model("forum", "HelplineWay")
    except LookupError:
        return  # migrated to a state from before there were any
    if line_rows.objects.using(using).exists():
        return
    entries = _entries()
    lines = [_from_entry(entry) for entry in entries]
    rows = line_rows.objects.using(using).bulk_create(
        line_rows(
            name=line.name,
            for_whom=line.for_whom,
            regions=list(line.regions),
            languages=line.languages,
            emergency=line.emergency,
            place=10 * place,
            url=entry["url"] or entry["source"] or "",
            note=entry["note"],
            checked_on=line.checked,
        )
        for place, (entry, line) in enumerate(zip(entries, lines, strict=True))
    )
    way_rows.objects.using(using).bulk_create(
        way_rows(helpline=row, kind=way.kind, value=way.value, free=way.free, hours=way.hours, place=place)
        for row, line in zip(rows, lines, strict=True)
        for place, way in enumerate(line.ways)
    )


def may_be_shown(line: Line) -> bool:
    """Whether anybody may be sent there."""
    # A stale number can hurt someone: on a real site a person looks first.
    return line.checked is not None or settings.HARBOUR_ENV != "production"


@lru_cache(maxsize=2)
def _contacts_of(lines: tuple[Line, ...]) -> frozenset[str]:
    ways = [way for line in lines for way in line.ways]
    numbers = (re.search(r"\d[\d ]*", way.value) for way in ways if way.kind in {"phone", "text"})
    addresses = {way.value.lower() for way in ways if way.kind == "email"}
    return frozenset({number[0].replace(" ", "") for number in numbers if number} | addresses)


def _serving(lines: Iterable[Line], key: str) -> Iterable[Line]:
    return (line for line in lines if key in line.regions)


def line_of(row: Helpline) -> Line:
    """A row as pages show it. Load the rows with their ways."""
    return Line(
        name=row.name,
        for_whom=row.for_whom,
        regions=tuple(row.regions),
        ways=tuple(Way(way.kind, way.value, way.free, way.hours) for way in row.ways.all()),
        languages=row.languages,
        emergency=row.emergency,
        checked=row.checked_on,
    )


def _entries() -> list[dict[str, Any]]:
    """The file's entries whose numbers were seen on a public page about the service."""
    lines = json.loads(Path(settings.HELPLINES).read_text(encoding="utf-8"))["lines"]
    return [entry for entry in lines if entry.get("confirmed", True)]


def _from_entry(entry: dict[str, Any]) -> Line:
    ways = tuple(Way(way["kind"], way["value"], way["cost"] == "free", way["hours"]) for way in entry["ways"])
    if not all(way.href for way in ways):
        raise ValueError(f"{entry['name']}: a way to reach it is empty")
    return Line(
        name=entry["name"],
        for_whom=entry["for"],
        regions=tuple(ALSO.get(region, region) for region in entry["regions"]),
        ways=ways,
        languages=", ".join(entry["languages"]),
        emergency=entry["emergency"],
        checked=date.fromisoformat(entry["checked"]) if entry["checked"] else None,
    )

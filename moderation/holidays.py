"""Bank holidays of the organisation's nation, from a file that says where it comes from and until when it reaches."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from moderation.models import RotaHoliday

FILE = Path(__file__).resolve().parent / "data" / "bank_holidays.json"
NONE = "none"  # of HARBOUR_NATION: no bank holidays are kept


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of one nation with their names, and the last day that the file knows of."""

    days: Mapping[date, str]
    until: date


def calendar() -> Calendar:
    """Of the nation that the settings name; no days at all for `none`."""
    return _read(settings.NATION)


def unconfirmed(first: date, last: date) -> dict[date, str]:
    """Bank holidays from one day to another, both counted, of which nobody has confirmed who covers them."""
    named = between(first, last)
    if not named:
        return {}
    confirmed = set(RotaHoliday.objects.filter(day__in=named, ended_at=None).values_list("day", flat=True))
    return {day: name for day, name in named.items() if day not in confirmed}


def between(first: date, last: date) -> dict[date, str]:
    """Every bank holiday from one day to another, both counted."""
    return {day: name for day, name in calendar().days.items() if first <= day <= last}


def days_from(first: date, count: int) -> Iterable[date]:
    return (first + timedelta(days=ahead) for ahead in range(count))


@lru_cache(maxsize=4)
def _read(nation: str) -> Calendar:
    if nation == NONE:
        return Calendar({}, date.max)
    told = json.loads(FILE.read_text(encoding="utf-8"))
    days = {date.fromisoformat(day): name for day, name in told["nations"][nation].items()}
    return Calendar(days, date.fromisoformat(told["until"]))

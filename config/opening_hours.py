"""Reads opening hours as an operator writes them: `Mon-Fri 09:00-17:00, Sat 10:00-12:00`."""

import re
from itertools import pairwise
from typing import NamedTuple

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PART = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? (\d{2}):(\d{2})-(\d{2}):(\d{2})")
MIDNIGHT = 24 * 60


class Opening(NamedTuple):
    """A day of the week (Monday is 0), and minutes since its midnight by the clock on the wall."""

    day: int
    opens: int
    shuts: int


def parse_opening_hours(text: str) -> tuple[Opening, ...]:
    """In the order of the week. Raises ValueError with a sentence that names the part which cannot be read."""
    found: list[Opening] = []
    for part in text.split(","):
        found += _one(" ".join(part.lower().split()), part.strip())
    found.sort()
    for one, other in pairwise(found):
        if one.day == other.day and other.opens < one.shuts:
            raise ValueError(f"two parts of it overlap on {DAYS[one.day].title()}")
    return tuple(found)


def _one(part: str, written: str) -> list[Opening]:
    read = PART.fullmatch(part)
    if read is None:
        raise ValueError(f"{written!r} is not like Mon-Fri 09:00-17:00")
    first, last = read[1], read[2] or read[1]
    if first not in DAYS or last not in DAYS:
        raise ValueError(f"{written!r} names a day that is none of {', '.join(day.title() for day in DAYS)}")
    opens, shuts = (_minutes(read[at], read[at + 1], written) for at in (3, 5))
    if shuts <= opens:
        raise ValueError(f"{written!r} shuts before it opens. Past midnight, write it as two parts")
    begin = DAYS.index(first)
    length = (DAYS.index(last) - begin) % len(DAYS)
    return [Opening((begin + day) % len(DAYS), opens, shuts) for day in range(length + 1)]


def _minutes(hours: str, minutes: str, written: str) -> int:
    count = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or count > MIDNIGHT:
        raise ValueError(f"{written!r} holds a time that no clock shows")
    return count

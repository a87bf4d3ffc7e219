"""How what the team has decided about a member combines, and what then counts. Pure: nothing is read, nothing is written."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

Step = tuple[str, datetime | None]
"""A standing, and until when; None for one without an end."""

ACTIVE, ON_BREAK = "active", "on_break"
BY_WEIGHT = ("slowed", "paused", "suspended", "banned")  # each holds what is before it, and more
OVER_A_BREAK = frozenset({"suspended", "banned"})  # the wall is closed by the team: a break ends none of that


def line_of(steps: Iterable[Step], now: datetime) -> list[Step]:
    """What counts from now on, in the order in which it will: at every moment the heaviest of what has not ended yet.

    So a lighter or a shorter step that comes later never lifts what stands, and what outlives a heavier one goes on after it.
    """
    left = [step for step in steps if step[1] is None or step[1] > now]
    line: list[Step] = []
    while left:
        heaviest = max(left, key=lambda step: (BY_WEIGHT.index(step[0]), step[1] is None, step[1] or now))
        line.append(heaviest)
        end = heaviest[1]
        left = [step for step in left if end is not None and (step[1] is None or step[1] > end)]
    return line


def effective(steps: Iterable[Step], rests_until: datetime | None, now: datetime) -> Step:
    """The standing that counts now, and until when: what the team decided, and a break that the member chose."""
    line = line_of(steps, now)
    if line and line[0][0] in OVER_A_BREAK:
        return line[0]
    if rests_until is not None and rests_until > now:
        return ON_BREAK, rests_until
    return line[0] if line else (ACTIVE, None)


def packed(line: Sequence[Step]) -> list[list[str | None]]:
    """A line as the member's row keeps it."""
    return [[standing, until.isoformat() if until else None] for standing, until in line]


def unpacked(kept: Iterable[Sequence[Any]]) -> list[Step]:
    return [(standing, parse_datetime(until) if until else None) for standing, until in kept]

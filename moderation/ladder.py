"""When the steps of a ladder are due. Pure: moments in, numbers out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from moderation.clocks import REPEAT

Pause = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Ladder:
    """Minutes after the escalation at which each level is called, how often the last is called again, and how long
    somebody who is up has for a first step. Without minutes it wakes nobody.
    """

    minutes: tuple[int, ...] = ()
    repeat: timedelta = REPEAT
    up_for: timedelta = timedelta()


def steps_due(
    minutes: Sequence[int],
    since: datetime,
    now: datetime,
    pauses: Iterable[Pause] = (),
    repeat: timedelta = REPEAT,
) -> list[int]:
    """The steps whose time has come: one per level, then one for every repeat. While it pauses no time goes by."""
    if not minutes:
        return []
    gone = time_gone(since, now, pauses)
    levels = [step for step, after in enumerate(minutes) if timedelta(minutes=after) <= gone]
    over = gone - timedelta(minutes=minutes[-1])
    return levels + [len(minutes) + count for count in range(max(0, over // repeat))]


def time_gone(since: datetime, now: datetime, pauses: Iterable[Pause] = ()) -> timedelta:
    """The time between two moments without that of the pauses. In UTC: an hour that the clocks skip is no hour that passed."""
    since, now = since.astimezone(UTC), now.astimezone(UTC)
    paused, reached = timedelta(), since
    for one, other in sorted((one.astimezone(UTC), other.astimezone(UTC)) for one, other in pauses):
        begin, end = max(one, reached), min(other, now)
        if end > begin:
            paused, reached = paused + (end - begin), end
    return now - since - paused


def lasts_until(at: datetime, until: datetime, acts: Iterable[datetime], up_for: timedelta) -> datetime:
    """The end of a pause: every act within it buys the same time again."""
    for act in sorted(acts):
        if at < act <= until:
            until = max(until, act + up_for)
    return until

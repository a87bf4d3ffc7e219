"""Counts that may be shown to many: none of them, and nothing that is left when they are subtracted, tells of 1 to 7. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

SMALL = 8
STEP = 5


@dataclass(frozen=True, slots=True)
class Published:
    """Rounded. `cells`: what is None is not said. `total`: None where it is not said either."""

    cells: Mapping[str, int | None]
    total: int | None


def published(counts: Mapping[str, int]) -> Published:
    """What may be said of counts that add up to a total.

    A cell below eight is left out, nought too. What is left out could be worked out from the total and the others while it is
    one cell, or few in all: then the next smallest cells go with it, until what is left out is two or more cells with eight or
    more in them, or every one of them.
    """
    total = sum(counts.values())
    if total < SMALL:
        return Published(dict.fromkeys(counts, None), None)
    smallest_first = sorted(counts, key=lambda name: counts[name])
    out = [name for name in smallest_first if counts[name] < SMALL]
    shown = smallest_first[len(out) :]
    while out and shown and (sum(counts[name] for name in out) < SMALL or len(out) < 2):
        out.append(shown.pop(0))
    return Published({name: None if name in out else rounded(count) for name, count in counts.items()}, rounded(total))


def rounded(count: int) -> int:
    return STEP * round(count / STEP)

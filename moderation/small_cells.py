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

    @property
    def says_something(self) -> bool:
        return self.total is not None or any(cell is not None for cell in self.cells.values())


def published(counts: Mapping[str, int]) -> Published:
    """What may be said of counts that add up to a total.

    A cell below eight is left out, nought too; so what is said of one cell hangs on no other. The total is said where that
    gives none of them away: where nothing is left out, or where what is left out comes to eight or more and any one of it could
    be nought, with all the others as large as what is left out may be.
    """
    out = [count for count in counts.values() if count < SMALL]
    cells = {name: None if count < SMALL else rounded(count) for name, count in counts.items()}
    safe = SMALL <= sum(out) <= (SMALL - 1) * (len(out) - 1) if out else bool(counts)
    return Published(cells, rounded(sum(counts.values())) if safe else None)


def rounded(count: int) -> int:
    return STEP * round(count / STEP)

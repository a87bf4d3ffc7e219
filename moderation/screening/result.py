"""What a screening says, and nothing about how it came to say it."""

from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["emergency", "urgent", "soon", "routine"]

CRISIS: Final = "crisis"  # worry: about the person who wrote it
DETAILS: Final = "details"  # a house rule: someone's address, number or account


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that spoke, and where: `text[start:end]` are the words it saw."""

    rule: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Screening:
    """`score` (0 to 1) orders cases of one severity; without one it says only that words of the lexicon occur."""

    severity: Severity | None
    category: str
    score: float
    reasons: tuple[Reason, ...]


NOTHING: Final = Screening(severity=None, category="", score=0.0, reasons=())

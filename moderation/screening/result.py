"""What a screening says, and nothing about how it came to say it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["emergency", "urgent", "soon", "routine"]

CRISIS: Final = "crisis"  # worry: about the person who wrote it
DETAILS: Final = "details"  # house rules: someone's address, number or account
METHOD: Final = "method"  # words that say how somebody can hurt themselves
ABUSE: Final = "abuse"
SPAM: Final = "spam"
POSING: Final = "posing"  # words that speak as if for the team
ORDER: Final[tuple[Severity, ...]] = ("routine", "soon", "urgent", "emergency")


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that spoke, and where: `text[start:end]` are the words it saw."""

    rule: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Screening:
    """`score` (0 to 1) orders words by how soon a human should look; without a severity, by how much they hold of the lexicon."""

    severity: Severity | None
    category: str
    score: float
    reasons: tuple[Reason, ...]


NOTHING: Final = Screening(severity=None, category="", score=0.0, reasons=())


SCORE_OF_EACH_MORE: Final = 0.02


def gathered(severity: Severity, category: str, score: float, reasons: Iterable[Reason]) -> Screening:
    """A screening of these reasons, each once and in order, or NOTHING; each after the first adds a little to `score`."""
    ordered = tuple(sorted(set(reasons), key=lambda reason: (reason.start, reason.rule)))
    if not ordered:
        return NOTHING
    most = score + 0.19  # never as far as what a graver severity begins with
    return Screening(severity, category, round(min(most, score + SCORE_OF_EACH_MORE * (len(ordered) - 1)), 3), ordered)

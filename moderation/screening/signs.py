"""Signs that are everyday by themselves and seldom stand beside each other: a bridge, a letter, a farewell, a word of death.

Two kinds near one another ask for a look, three for one soon. They never make an emergency: those wake people.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from moderation.screening.finding import Found
from moderation.screening.result import Severity

KINDS: Final = {
    "sign_death": "death", "intent": "death", "method": "death", "passive": "death", "leaning": "death", "attempt": "death",
    "sign_tool": "tool", "armed": "tool", "place": "tool", "act_in_company": "tool", "took_all": "tool", "overdose": "tool",
    "sign_final": "final", "parting": "final", "no_longer": "final",
    "sign_prep": "prep", "plan": "prep", "plain_plan": "prep", "decision": "prep",
    "despair": "despair", "hopeless": "despair",
}  # fmt: skip
NEAR: Final = 2  # sentences
ENOUGH: Final = 3  # kinds that make it urgent


def signs_of(found: Iterable[Found]) -> Iterator[tuple[Severity, Found]]:
    """The signs that stand beside others, each with what they come to together."""
    signs = [each for each in found if not each.damped and each.group in KINDS][:MOST]
    for each in signs:
        kinds = {KINDS[other.group] for other in signs if abs(other.sentence - each.sentence) <= NEAR}
        if len(kinds) >= ENOUGH:
            yield "urgent", each
        elif len(kinds) == ENOUGH - 1:
            yield "soon", each


MOST: Final = 24  # signs that are weighed against each other

"""What an operator adds to the rules and switches off: given to the screening as an argument, compiled once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from moderation.screening.folding import fold
from moderation.screening.phrases import Phrases
from moderation.screening.spelling import FILLERS, plain

LONE_WORDS: Final = frozenset({"means", "abuse"})
"""Where one word is enough: means count beside intent alone, and abuse only when it is aimed at somebody."""
FAMILIES: Final[Mapping[str, str]] = {
    "passive": "passive", "intent": "intent", "plan": "plan", "means": "means", "method": "method_detail",
    "abuse": "abuse", "spam": "spam",
}  # fmt: skip
"""The families an operator can add words to, and the group of phrases each one joins."""
OF_CRISIS: Final = frozenset({"passive", "intent", "plan", "means"})


@dataclass(frozen=True)
class Own:
    """`words` are (family, phrase); `off` the names of rules that are switched off; `public` contacts that are nobody's own."""

    words: tuple[tuple[str, str], ...] = ()
    off: frozenset[str] = field(default_factory=frozenset)
    public: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def phrases(self) -> Phrases | None:
        """The added words of crisis, to be found beside the built-in ones."""
        return self._of(OF_CRISIS)

    @cached_property
    def others(self) -> Phrases | None:
        """The added words of method, abuse and spam."""
        return self._of(frozenset(FAMILIES) - OF_CRISIS)

    def _of(self, families: frozenset[str]) -> Phrases | None:
        groups: dict[str, list[str]] = {}
        for family, phrase in self.words:
            if family in families:
                groups.setdefault(FAMILIES[family], []).append(fold(phrase).words)
        return Phrases(groups) if groups else None


BUILT_IN: Final = Own()


def is_enough(family: str, phrase: str) -> bool:
    """Whether a phrase says enough to count: a lone word never raises a case, fillers and short forms left aside."""
    words = [word for word in plain(fold(phrase).words) if word not in FILLERS and word.strip(".,!?'-")]
    return len(words) >= (1 if family in LONE_WORDS else 2)

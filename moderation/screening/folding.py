"""Makes words comparable (case, width, apostrophes, hidden characters) and remembers where each one stood."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

SAME_AS_APOSTROPHE = "\u2018\u2019\u02bc\u00b4`\uff07"
SAME_AS_QUOTE = "\u201c\u201d\u201e\u00ab\u00bb\uff02"
PLAIN = str.maketrans(dict.fromkeys(SAME_AS_APOSTROPHE, "'") | dict.fromkeys(SAME_AS_QUOTE, '"'))
LONGEST = 4  # letters that one character may stand for: "\ufb03" is three; one that unfolds to 18 is no English word


@dataclass(frozen=True, slots=True)
class Folded:
    """`words` for the rules to read; `places[n]` is where character n of it stood (None: all stood where they are)."""

    words: str
    places: tuple[int, ...] | None
    length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The same stretch in the text as it was written."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1 if end > start else self.places[start]


def fold(text: str) -> Folded:
    """Lower case, compatibility forms made plain, hidden characters left out. Linear in the length of `text`."""
    text = text.translate(PLAIN)  # one for one: every place stays
    if text.isascii():
        return Folded(text.lower(), None, len(text))
    pieces = [_folded(character) for character in text]
    places = tuple(chain.from_iterable([index] * len(piece) for index, piece in enumerate(pieces) if piece))
    return Folded("".join(pieces), (*places, len(text)), len(text))


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    if unicodedata.category(character) in {"Cf", "Mn", "Cs"}:
        return ""
    plain = unicodedata.normalize("NFKD", character).lower()
    kept = "".join(piece for piece in plain if unicodedata.category(piece) != "Mn")
    return kept if len(kept) <= LONGEST else character

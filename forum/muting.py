"""Muted words: which texts hold a word or a phrase that a member would rather not meet. Text in, answer out, no database.

Whole words count, however they are written: case, accents and the marks between words make no difference.
"""

import re
import unicodedata
from enum import StrEnum

_WORD = re.compile(r"\w+")


class Muting(StrEnum):
    """What a member's muted words do to a text."""

    NONE = "none"
    FOLD = "fold"  # behind a line that says so, one press opens it
    HIDE = "hide"  # as if it were not there


MutedWords = tuple[tuple[str, Muting], ...]
"""Folded phrases, each with what it does."""


def fold(text: str) -> str:
    """The words of a text made comparable, one space before, between and after: so that only whole ones are found."""
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in apart if unicodedata.category(letter) not in {"Mn", "Cf"})
    words = _WORD.findall(text.casefold())
    return f" {' '.join(words)} " if words else ""


def fold_all(*texts: str) -> str:
    """Several texts folded into one. No phrase is found across the end of one and the start of the next."""
    return "".join(fold(text) for text in texts)


def strongest(folded: str, muted: MutedWords) -> Muting:
    """What the muted words do to a folded text: hiding comes before folding."""
    found = {how for phrase, how in muted if phrase in folded}
    return Muting.HIDE if Muting.HIDE in found else Muting.FOLD if Muting.FOLD in found else Muting.NONE

"""A text as plain words, each with its place: what the rules of crisis walk along, once, however many rules there are."""

import bisect
import re
from dataclasses import dataclass
from typing import Final

from moderation.screening.folding import Folded
from moderation.screening.spelling import PLAIN

END, PAUSE = ".", ","
_PIECE: Final = re.compile(r"([^\W_]+(?:'[^\W_]+)*)|([.!?;\n]+)|[,()]+")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_QUOTED: Final = re.compile(
    r"\"[^\"\n]{1,400}\"|(?<!\w)'(?:[^'\n]|(?<=\w)'(?=\w)){1,400}'(?!\w)|^[ \t]{0,3}>[^\n]*", re.MULTILINE
)
_QUOTES_ITSELF: Final = re.compile(
    r"\bi(?:'m|'ve| am| have)? (?:\w{1,12} ){0,2}(?:think|thinking|thought|feel|feeling|say)\W{0,3}$"
)
BEFORE_A_QUOTE: Final = 40  # characters


@dataclass(frozen=True, slots=True)
class Words:
    """`said[n]` is a plain word, or END or PAUSE; it stood at `places[n]` of the folded text, in sentence `sentences[n]`."""

    said: list[str]
    places: list[tuple[int, int]]
    sentences: list[int]
    quoted: list[tuple[int, int]]
    folded: str

    def is_own(self) -> bool:
        """Whether the writer speaks of themselves at all, or of nobody."""
        said = set(self.said)
        return bool(said & {"i", "me", "my", "myself"}) or not said & {
            "you",
            "he",
            "she",
            "they",
            "his",
            "her",
            "their",
        }

    def is_quoted(self, place: int) -> bool:
        """Whether somebody else's words stand at this place. What comes after "I keep thinking" is the writer's own."""
        nearest = bisect.bisect_right(self.quoted, (place, len(self.folded))) - 1
        if nearest < 0 or place >= self.quoted[nearest][1]:
            return False
        start = self.quoted[nearest][0]
        return not _QUOTES_ITSELF.search(self.folded[max(0, start - BEFORE_A_QUOTE) : start])


def words_of(folded: Folded) -> Words:
    """Linear in the length of the text."""
    said: list[str] = []
    places: list[tuple[int, int]] = []
    sentences: list[int] = []
    sentence = 0
    for match in _PIECE.finditer(folded.words):
        word, end = match.groups()
        place = match.span()
        if word:
            for plain in PLAIN.get(word) or (_number(word) if word[0].isdecimal() else word,):
                said.append(plain)
                places.append(place)
                sentences.append(sentence)
            continue
        said.append(END if end else PAUSE)
        places.append(place)
        sentences.append(sentence)
        sentence += 1 if end else 0
    quoted = [match.span() for match in _QUOTED.finditer(folded.words)]
    return Words(said, places, sentences, quoted, folded.words)


def _number(word: str) -> str:
    if len(word) == 4 and _YEAR.fullmatch(word):
        return "<year>"
    return "<many>" if word.isdecimal() and 1 < len(word) < 4 else word

"""Many phrases as one tree of words, so that a text is read once however many there are."""

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from moderation.screening.spelling import DETERMINERS, FILLERS, plain, word_set

LEXICON = Path(__file__).parent / "data" / "suicide_risk_lexicon.json"
MOST_PASSED: Final = 3  # "I just really want to": more is another sentence
PASSED: Final = FILLERS | DETERMINERS
NEVER_STRANGE: Final = word_set(
    ". , i you he she they we it me him them us not never no nothing without stop stopped and or but so if when because then of to for "
    "with at in on from by about over under off out is was are were be been have had has will would can could do did does am as "
    "than who what how why where which there here now want need like song film book"
)
"""What changes who speaks, or of what: a phrase does not go on across it."""
_SLOT: Final = re.compile(r"\{(\w+)\}|\[([^\]]*)\]")

Tree = dict[str, Any]
HERE: Final = ""  # where a phrase ends: its group
Match = tuple[str, int, int]
"""(group, first word, word after the last)"""


def lexicon(group: str) -> tuple[str, ...]:
    """The phrases of one group of data/suicide_risk_lexicon.json."""
    return tuple(json.loads(LEXICON.read_text(encoding="utf-8"))[group])


class Phrases:
    """Named groups of phrases. A phrase in two groups belongs to the first; the longest phrase at a place wins."""

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
        self._tree: Tree = {}
        for group, phrases in groups.items():
            for phrase in phrases:
                self._add(group, plain(phrase))

    def find(self, said: Sequence[str]) -> Iterator[Match]:
        """Each phrase in order, none inside another. Fillers and small words inside a phrase are passed over."""
        tree, furthest = self._tree, 0
        for place, word in enumerate(said):
            below = tree.get(word)
            if below is None:
                continue
            found = _longest(said, place + 1, below, 1, 0, 0)
            if found is not None and found[1] > furthest:
                furthest = found[1]
                yield found[0], place, furthest

    def _add(self, group: str, words: Sequence[str]) -> None:
        node = self._tree
        for word in words:
            node = node.setdefault(word, {})
        if words:
            node.setdefault(HERE, group)


def _longest(
    said: Sequence[str], place: int, node: Tree, matched: int, passed: int, strange: int
) -> tuple[str, int] | None:
    """The group and end of the longest phrase that goes on from here. At a word that may be passed both ways are tried.

    `matched`, `passed` and `strange` count words so far: of the phrase, small ones, and the one that may be any other, so that
    "the wrong side of the motorway bridge" is the wrong side of a bridge.
    """
    best = (node[HERE], place) if HERE in node else None
    while place < len(said):
        word = said[place]
        below = node.get(word)
        if below is not None:
            if word not in PASSED:
                node, matched, place = below, matched + 1, place + 1
                best = _longer(best, (node[HERE], place)) if HERE in node else best
                continue
            best = _longer(best, _longest(said, place + 1, below, matched + 1, passed, strange))
        if word in PASSED and passed < MOST_PASSED:
            passed += 1
        elif matched > 2 and not strange and word not in NEVER_STRANGE:
            strange = 1
        else:
            break
        place += 1
    return best


def _longer(one: tuple[str, int] | None, other: tuple[str, int] | None) -> tuple[str, int] | None:
    return other if one is None or (other is not None and other[1] > one[1]) else one


def spelled(patterns: Iterable[str], slots: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Every phrase of patterns such as "{want} to end [my/this] life": a slot's phrases by name, or one of a few, or none."""
    return tuple(phrase for pattern in patterns for phrase in _expanded(pattern, slots))


def _expanded(pattern: str, slots: Mapping[str, Sequence[str]]) -> Iterator[str]:
    pieces: list[Sequence[str]] = []
    at = 0
    for match in _SLOT.finditer(pattern):
        name, few = match.groups()
        chosen = [one for phrase in slots[name] for one in _expanded(phrase, slots)] if name else few.split("/")
        pieces += [[pattern[at : match.start()]], chosen]
        at = match.end()
    pieces.append([pattern[at:]])
    for chosen in itertools.product(*pieces):
        yield " ".join("".join(chosen).split())

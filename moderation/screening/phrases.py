"""Many phrases as one regular expression, so that a text is read once however many there are."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

LEXICON = Path(__file__).parent / "data" / "suicide_risk_lexicon.json"
GAP = r"\s{1,3}"  # bounded: a page of spaces costs no more than a page of words
WORD_START, WORD_END = r"(?<!\w)(?<!\w')", r"(?!\w)"

Tree = dict[str, Any]


def lexicon(group: str) -> tuple[str, ...]:
    """The phrases of one group of data/suicide_risk_lexicon.json."""
    return tuple(json.loads(LEXICON.read_text(encoding="utf-8"))[group])


class Phrases:
    """Named groups of phrases. A phrase in two groups belongs to the first; the longest phrase at a place wins."""

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
        self._group_of: dict[str, str] = {}
        for group, phrases in groups.items():
            for phrase in phrases:
                for spelling in {phrase, phrase.replace("'", "")}:
                    self._group_of.setdefault(spelling, group)
        self._pattern = re.compile(f"{WORD_START}{_pattern(_tree(self._group_of))}{WORD_END}")

    def find(self, words: str) -> Iterator[tuple[str, str, int, int]]:
        """(group, phrase, start, end) of each, in order, none overlapping. Linear in the length of `words`."""
        for match in self._pattern.finditer(words):
            phrase = " ".join(match[0].split())
            yield self._group_of[phrase], phrase, match.start(), match.end()


def one_of(phrases: Iterable[str]) -> str:
    """The source of one expression that matches any of the phrases, with or without their apostrophes."""
    spelled = {spelling for phrase in phrases for spelling in (phrase, phrase.replace("'", ""))}
    return _pattern(_tree(spelled))


def _tree(phrases: Iterable[str]) -> Tree:
    root: Tree = {}
    for phrase in phrases:
        node = root
        for character in phrase:
            node = node.setdefault(character, {})
        node[""] = {}
    return root


def _pattern(tree: Tree) -> str:
    """Shared beginnings once, the longer way tried first: no place in the text is read twice for the same letters."""
    branches = []
    for character, below in sorted(tree.items()):
        if character:
            branches.append((GAP if character == " " else re.escape(character)) + _pattern(below))
    if not branches:
        return ""
    ends_here = "" in tree
    if len(branches) == 1 and not ends_here:
        return branches[0]
    return f"(?:{'|'.join(branches)}){'?' if ends_here else ''}"

"""How like words are to those that were written in danger: a weighed reading beside the rules, for what no phrase foresaw.

People in danger write in pictures ("the dog's with next door"), and no list of phrases has them all. Each pair and triple of
words, each word, and each group of phrases that was found weighs something, as learnt from the labelled examples alone
(`python -m bench.weigh`, which writes data/weights.json). A few sentences at a time are weighed, so that a long text hides
nothing. It never says emergency, and a lone word never raises anything: two words or more must speak for it.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, cast

from moderation.screening.finding import Found
from moderation.screening.words import END, PAUSE, Words

WEIGHTS: Final = Path(__file__).parent / "data" / "weights.json"
TOGETHER: Final = 3  # sentences that are weighed together, as many as the labelled examples have
SPEAKS: Final = 0.3  # what a word must weigh, with what it stands in, to be shown as a reason
ENOUGH: Final = 5  # words: of fewer, what is known says too little
SHOWN: Final = 3  # places, the heaviest ones

STOPS: Final = frozenset({END, PAUSE})

Tree = dict[str, tuple[float, Any]]
"""What a word weighs, and what weighs something with it as its beginning."""


@dataclass(frozen=True)
class Weights:
    """`bias` and what each word or group adds, as `of` holds it by name. Words ask for a look from
    `bar` on.
    """

    bias: float
    bar: float
    of: Mapping[str, float]

    @cached_property
    def tree(self) -> Tree:
        """The same, by first, second and third word: a text is walked once and no name is put together."""
        tree: dict[str, list[Any]] = {}
        for name, weight in self.of.items():
            branch, *words = tree, *name.split(" ")
            for word in words:
                leaf = branch.setdefault(word, [0.0, {}])
                branch = leaf[1]
            leaf[0] = weight
        return cast(Tree, tree)


@dataclass(frozen=True, slots=True)
class Like:
    """Words that read like danger: the places that spoke most for it, as (first word, word after the last)."""

    places: tuple[tuple[int, int], ...]


def likeness(words: Words, found: Sequence[Found], weights: Weights) -> Like | None:
    """The likest few sentences that stand together, or None where none reach the bar. Linear in the number of words."""
    sums = _by_sentence(words, found, weights)
    best, chosen = weights.bar, range(0)
    for start in range(max(1, len(sums) - TOGETHER + 1)):
        window = sums[start : start + TOGETHER]
        total = weigh(weights.bias, sum(each[0] for each in window), sum(each[1] for each in window))
        if total > best:
            numbers = [each[2] for each in window]
            best, chosen = total, range(numbers[0], numbers[-1] + 1)
    places = _places(words, found, weights, chosen) if chosen else []
    written = {words.places[place] for first, last in places for place in range(first, last)}
    if len(written) < 2 or sum(each[3] for each in sums if each[2] in chosen) < ENOUGH:
        return None
    return Like(tuple(sorted(places[:SHOWN])))


def weigh(bias: float, weight: float, features: int) -> float:
    """What some features come to together: long and short texts are held against the same bar."""
    return bias + weight / math.sqrt(max(1, features))


def features_of(words: Words, found: Iterable[Found]) -> Iterator[tuple[str, int, int, int]]:
    """What is weighed: words, neighbours, and groups of phrases with whether they are damped.

    Each with its first word, the word after its last, and the sentence it stands in.
    """
    said = words.said
    for place, word in enumerate(said):
        name = ""
        for last in range(place, min(place + 3, len(said))):
            if said[last] in STOPS:
                break
            name = f"{name} {said[last]}" if name else word
            yield name, place, last + 1, words.sentences[place]
    for each in found:
        yield group_name(each), each.first, each.last, each.sentence


def group_name(found: Found) -> str:
    return f":{found.group}:{found.damped.replace(' ', '-')}"


def read_weights(path: Path = WEIGHTS) -> Weights:
    """Thousandths in the file."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    return Weights(
        bias=kept["bias"] / 1000,
        bar=kept["bar"] / 1000,
        of={name: weight / 1000 for name, weight in kept["of"].items()},
    )


def _by_sentence(words: Words, found: Iterable[Found], weights: Weights) -> list[tuple[float, int, int, int]]:
    """What each sentence with anything in it weighs, of how many features, its number, and how many words are in it."""
    tree, said, numbers = weights.tree, words.said, words.sentences
    length = len(said)
    sums: dict[int, list[float]] = {}
    for place, word in enumerate(said):
        if word in STOPS:
            continue
        of = sums.setdefault(numbers[place], [0.0, 0, 0])
        of[2] += 1
        branch: Tree | None = tree
        for last in range(place, min(place + 3, length)):
            if said[last] in STOPS:
                break
            of[1] += 1
            leaf = branch.get(said[last]) if branch else None
            if leaf is not None:
                of[0] += leaf[0]
            branch = leaf[1] if leaf is not None else None
    for each in found:
        of = sums.setdefault(each.sentence, [0.0, 0, 0])
        of[0] += weights.of.get(group_name(each), 0.0)
        of[1] += 1
    return [(weight, int(features), number, int(said)) for number, (weight, features, said) in sorted(sums.items())]


def _places(words: Words, found: Iterable[Found], weights: Weights, sentences: range) -> list[tuple[int, int]]:
    """Where something of weight stands, the heaviest first; words beside one another are one place."""
    speaks = [0.0] * len(words.said)
    for name, first, last, sentence in features_of(words, found):
        if sentence in sentences and (weight := weights.of.get(name, 0.0)) > 0:
            for place in range(first, last):
                speaks[place] += weight / (last - first)
    spans: list[tuple[float, int, int]] = []
    for place, weight in enumerate(speaks):
        if weight < SPEAKS:
            continue
        if spans and spans[-1][2] == place:
            spans[-1] = spans[-1][0] + weight, spans[-1][1], place + 1
        else:
            spans.append((weight, place, place + 1))
    return [(first, last) for _weight, first, last in sorted(spans, reverse=True)]


LEARNT: Final = read_weights()

"""How people write: short forms, dropped letters, slips of the thumb. Each is read as the plain words it stands for."""

import json
from pathlib import Path
from typing import Final


def word_set(words: str) -> frozenset[str]:
    """The words of a line, to be looked up."""
    return frozenset(words.split())


_WHOLE: Final[dict[str, str]] = json.loads(
    (Path(__file__).parent / "data" / "spelling.json").read_text(encoding="utf-8")
)
_NEGATED: Final = word_set("is are was were do does did have has had would could should need might must")
_SHORTENED: Final = word_set(
    "go kill end die think plan cut take hurt feel do jump hav get say mak hop try tak"
)  # goin, killin, endin …
_OFTEN_MISSPELT: Final = (
    "myself", "tonight", "tomorrow", "suicide", "suicidal", "overdose", "overdosed", "killing", "goodbye", "anymore",
    "tablets", "bridge", "scared", "without", "morning", "thinking", "planning", "ending", "swallowed", "hopeless", "worthless",
)  # fmt: skip
_REAL: Final = frozenset({"tables", *_OFTEN_MISSPELT})
FILLERS: Final = word_set(
    "just really actually honestly literally so very bloody proper fully totally completely absolutely seriously genuinely "
    "only kinda basically definitely probably even tbh ngl already finally effing damn simply truly ffs def deffo well "
    "properly maybe totes right fkn effin freaking somehow"
)


def _slips(word: str) -> set[str]:
    """The word with one letter left out, doubled, or changed places with its neighbour."""
    places = range(1, len(word))
    left_out = {word[:n] + word[n + 1 :] for n in places}
    doubled = {word[:n] + word[n] + word[n:] for n in places}
    swapped = {word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in places if n + 1 < len(word)}
    return (left_out | doubled | swapped) - {word} - _REAL


def _table() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {slip: (word,) for word in _OFTEN_MISSPELT for slip in _slips(word)}
    for verb in _NEGATED:
        table[f"{verb}n't"] = table[f"{verb}nt"] = (verb, "not")
    for stem in _SHORTENED:
        table[f"{stem}in"] = (f"{stem}ing",)
        table[f"{stem}in'"] = (f"{stem}ing",)
    table |= {"plannin": ("planning",), "cuttin": ("cutting",), "gettin": ("getting",), "dyin": ("dying",)}
    table |= {short: tuple(plain.split()) for short, plain in _WHOLE.items()}
    del table["doin"]
    return table | {"doin": ("doing",)}


PLAIN: Final = _table()


def plain(phrase: str) -> tuple[str, ...]:
    """The plain words of a phrase, as they are looked for in a text."""
    return tuple(word for each in phrase.split() for word in PLAIN.get(each, (each,)))


DETERMINERS: Final = word_set("a an the some my this that these her his their whole")

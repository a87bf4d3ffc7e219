"""What the screening finds in the labelled examples, what it finds in everyday words, and how long it takes.

`python -m bench.screening`. The rules were written with `tuned.jsonl` before their author's eyes; `held_out.jsonl` is for
testing alone.
"""

import itertools
import json
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from moderation.screening import screen, screen_crisis

EXAMPLES = Path(__file__).resolve().parents[1] / "moderation" / "screening" / "examples"
LEVELS = {"crisis": "emergency", "red": "urgent", "amber": "soon", "green": None}
"""The labels, and the severity that each one should come to."""
PARTS = ("tuned", "held_out")
LENGTH = 5000  # characters, as long as a post may be
VARIATIONS = 20_000
BESIDE = (
    "Off to bed tonight, night all.", "Anyone up right now?", "It is raining again today.", "lol", "Goodbye for now.",
    "Sorry for going on.", "My mum rang this evening.", "Work tomorrow, worse luck.", "Thanks for reading.",
    "Took my tablets and had some toast.", "The train was late.", "I walked by the river.", "Love to all of you.",
    "I can't sleep.", "See you on Monday.", "Just made a cup of tea.", "I feel a bit better now.",
)  # fmt: skip
"""Sentences that say nothing, with the words in them that weigh most beside others."""
NASTY = (
    "a", " ", "0", "07 ", "(", "[", "((", '"', "'a ", "a@", "a@a.", "1 a ", "12 elm road ", "i took all of the ", "\u200d", "ﷺ",
    "a\u0301", "é ", "pills ", "insta: ", "kill myself tonight. ", "i want to kill myself now ", "not ", "\n> ", "kms ",
    "http://a.b ", "0770090012 ", "+44 ", "just ", "a,", "a.", "how many ", "you are ", "ｋ", "İ", "\ud800", "\n",
)  # fmt: skip


@dataclass(frozen=True)
class Marks:
    """What came of labelled examples. `table` counts (label, severity)."""

    table: Counter[tuple[str, str | None]]

    def of(self, label: str) -> int:
        return sum(count for (each, _), count in self.table.items() if each == label)

    def recall(self, label: str) -> float:
        return self.table[label, LEVELS[label]] / self.of(label)

    def precision(self, label: str) -> float:
        found = sum(count for (_, severity), count in self.table.items() if severity == LEVELS[label])
        return self.table[label, LEVELS[label]] / found if found else 0.0

    @property
    def found(self) -> float:
        """Red and crisis together that come out as urgent or emergency."""
        right = sum(self.table[label, severity] for label in ("crisis", "red") for severity in ("emergency", "urgent"))
        return right / (self.of("crisis") + self.of("red"))

    @property
    def noticed(self) -> float:
        """Red and crisis together that open a case at all."""
        missed = self.table["crisis", None] + self.table["red", None]
        return 1 - missed / (self.of("crisis") + self.of("red"))

    @property
    def green_flagged(self) -> float:
        return 1 - self.table["green", None] / self.of("green")

    @property
    def woken_for_nothing(self) -> int:
        """Emergencies among what is none."""
        return sum(self.table[label, "emergency"] for label in ("red", "amber", "green"))


def examples(part: str) -> list[dict[str, str]]:
    with (EXAMPLES / f"{part}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def mark(rows: Iterable[dict[str, str]]) -> Marks:
    return Marks(Counter((row["level"], screen_crisis(row["text"]).severity) for row in rows))


def everyday(count: int = VARIATIONS) -> Iterator[str]:
    """Variations of the green examples of both parts: two together, with a sentence between, shouted, or misspelt.

    Those of the kind "near" are written to stand as near to a rule as they can and stay out: two of them are no everyday words.
    """
    dice = random.Random(7)
    rows = [row for part in PARTS for row in examples(part) if row["level"] == "green"]
    green = [row["text"] for row in rows if row["kind"] != "near"]
    green = [text for text in green if "\n" not in text]  # a quoted line stands on a line of its own
    for _ in range(count):
        one, other = dice.sample(green, 2)
        text = " ".join(dice.sample([one, other, dice.choice(BESIDE)], 3))
        yield dice.choice((str, str.lower, str.upper, _without_stops, _slipped))(text)


def woken(texts: Iterable[str]) -> tuple[int, int, int]:
    """(emergencies, flagged, all) among words that are none."""
    severities = Counter(screen_crisis(text).severity for text in texts)
    return severities["emergency"], severities.total() - severities[None], severities.total()


def times(text: str, runs: int = 20) -> list[float]:
    """Milliseconds of the processor, shortest first: what else runs on this machine is left out."""
    found = []
    for _ in range(runs):
        began = time.thread_time()
        screen(text)
        found.append(1000 * (time.thread_time() - began))
    return sorted(found)


def _without_stops(text: str) -> str:
    return text.replace(".", "").replace("'", "").lower()


def _slipped(text: str) -> str:
    """Every seventh longer word with two letters swapped."""
    words = text.split(" ")
    for place in range(3, len(words), 7):
        word = words[place]
        if len(word) > 4:
            words[place] = word[:2] + word[3] + word[2] + word[4:]
    return " ".join(words)


def _one_after_another(*labels: str) -> str:
    """Examples of these labels, as many as fit."""
    texts = [row["text"] for part in PARTS for row in examples(part) if row["level"] in labels]
    return " ".join(itertools.islice(itertools.cycle(texts), 400))[:LENGTH]


def _report(part: str) -> None:
    rows = examples(part)
    marks = mark(rows)
    print(f"\n{part}: {len(rows)} examples")
    print(f"{'':8}{'emergency':>10}{'urgent':>8}{'soon':>6}{'none':>6}{'recall':>8}{'precision':>11}")
    for label in LEVELS:
        row = [marks.table[label, severity] for severity in LEVELS.values()]
        print(
            f"{label:8}{row[0]:>10}{row[1]:>8}{row[2]:>6}{row[3]:>6}{marks.recall(label):>8.2f}{marks.precision(label):>11.2f}"
        )
    print(f"red and crisis found as urgent or emergency: {marks.found:.3f}; opening a case at all: {marks.noticed:.3f}")
    print(f"green flagged: {marks.green_flagged:.3f}; emergencies that are none: {marks.woken_for_nothing}")


def _time(name: str, text: str) -> tuple[float, float, float]:
    found = times(text)
    told = statistics.median(found), found[int(0.95 * (len(found) - 1))], found[-1]
    print(f"{name[:28]!r:32}{told[0]:>8.2f}{told[1]:>8.2f}{told[2]:>8.2f}")
    return told


def main() -> None:
    for part in PARTS:
        _report(part)
    emergencies, flagged, total = woken(everyday())
    print(
        f"\neveryday variations: {total}; emergencies {emergencies} ({emergencies / total:.5f}), flagged {flagged / total:.3f}"
    )
    print(f"\n{LENGTH} characters, milliseconds{'p50':>11}{'p95':>8}{'worst':>8}")
    _time("everyday examples", _one_after_another("green"))
    _time("crisis after crisis", _one_after_another("crisis", "red"))
    worst = max((_time(piece, (piece * LENGTH)[:LENGTH]), piece) for piece in NASTY)
    print(f"the worst of them: {worst[1]!r}, p50 {worst[0][0]:.2f} ms")
    for piece in NASTY:
        once, twice = (times((piece * 4 * LENGTH)[:length], 5)[0] for length in (2 * LENGTH, 4 * LENGTH))
        if twice > 2.5 * once:
            print(f"grows too fast: {piece!r}, {once:.2f} to {twice:.2f} ms")


if __name__ == "__main__":
    main()

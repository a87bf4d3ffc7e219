"""`python -m bench.weigh`: learns from the labelled examples what words weigh, and writes moderation/screening/data/weights.json.

A logistic regression, learnt in steps that grow smaller for what was met often (AdaGrad), on tuned.jsonl alone; the held-out
part is never read. Where the bar lies comes from five rounds in which a fifth of the examples was kept back: so high that of the
green ones kept back no more than GREEN is flagged. The same examples always come to the same weights.
"""

import hashlib
import json
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.screening import EXAMPLES, examples
from moderation.screening.crisis import LIKENESS, are_silent, screen_crisis
from moderation.screening.finding import Finder
from moderation.screening.folding import fold
from moderation.screening.likeness import TOGETHER, WEIGHTS, features_of, weigh
from moderation.screening.methods import asked_in
from moderation.screening.own import Own
from moderation.screening.words import words_of

ROUNDS = 25
STEP, SHRINK = 0.3, 0.001
BIAS = -1.5  # what words come to of which nothing is known: most of what people share is no danger
AMBER = 0.3  # what an amber example weighs: the line between amber and red is the thinnest
TIMES = 2  # what stands in fewer examples is not learnt
KEPT = 0.02  # what weighs less is not written down
GREEN = 0.05  # of the green ones, flagged by anything at all; the aim is a tenth
FOLDS = 5
RULES_ALONE = Own(off=frozenset({LIKENESS}))


@dataclass(frozen=True)
class Example:
    """`sentences` holds how often each feature stands in each of them; `severity` is what the rules alone say, `silent` whether
    they leave the word to the likeness.
    """

    sentences: tuple[Counter[str], ...]
    level: str
    severity: str | None
    silent: bool

    @property
    def danger(self) -> int:
        return int(self.level in ("crisis", "red"))

    @property
    def features(self) -> Counter[str]:
        return sum(self.sentences, Counter())


def read(row: dict[str, str]) -> Example:
    folded = fold(row["text"])
    words = words_of(folded)
    found = list(Finder(words, None, asked_in(folded.words)).found())
    sentences: dict[int, Counter[str]] = defaultdict(Counter)
    for name, _first, _last, sentence in features_of(words, found):
        sentences[sentence][name] += 1
    severity = screen_crisis(row["text"], RULES_ALONE).severity
    return Example(tuple(sentences.values()), row["level"], severity, severity is None and are_silent(words, found))


def learn(rows: Sequence[Example]) -> dict[str, float]:
    """What each feature weighs."""
    counts = [row.features for row in rows]
    times = Counter(name for each in counts for name in each)
    known = [[(name, count) for name, count in each.items() if times[name] >= TIMES] for each in counts]
    weights: dict[str, float] = defaultdict(float)
    met: dict[str, float] = defaultdict(lambda: 1.0)
    dice, order = random.Random(1), list(range(len(rows)))
    for _ in range(ROUNDS):
        dice.shuffle(order)
        for place in order:
            row, features = rows[place], counts[place].total()
            total = weigh(BIAS, sum(weights[name] * count for name, count in known[place]), features)
            wrong = 1 / (1 + math.exp(-max(-30.0, min(30.0, total)))) - row.danger
            wrong *= AMBER if row.level == "amber" else 1
            for name, count in known[place]:
                slope = wrong * count / math.sqrt(max(1, features)) + SHRINK * weights[name]
                met[name] += slope * slope
                weights[name] -= STEP * slope / math.sqrt(met[name])
    return dict(weights)


def likest(row: Example, weights: dict[str, float]) -> float:
    """The most that a few of its sentences in a row come to."""
    sums = [(sum(weights.get(name, 0.0) * n for name, n in each.items()), each.total()) for each in row.sentences]
    windows = (sums[start : start + TOGETHER] for start in range(max(1, len(sums) - TOGETHER + 1)))
    return max(weigh(BIAS, sum(each[0] for each in few), sum(each[1] for each in few)) for few in windows)


def kept_back(rows: Sequence[Example]) -> list[float]:
    """What each example comes to by weights that were learnt without it."""
    order = list(range(len(rows)))
    random.Random(3).shuffle(order)
    totals = [0.0] * len(rows)
    for fold_number in range(FOLDS):
        back = set(order[fold_number::FOLDS])
        weights = learn([row for place, row in enumerate(rows) if place not in back])
        for place in back:
            totals[place] = likest(rows[place], weights)
    return totals


def bar_for(rows: Sequence[Example], totals: Iterable[float]) -> float:
    """From where on a look is asked for: as low as GREEN allows, with what the rules flag."""
    green = [(row, total) for row, total in zip(rows, totals, strict=True) if row.level == "green"]
    allowed = int(GREEN * len(green)) - sum(row.severity is not None for row, _total in green)
    return sorted(total for row, total in green if row.silent)[-max(1, allowed) - 1]


def main() -> None:
    rows = [read(row) for row in examples("tuned")]
    totals = kept_back(rows)
    bar = bar_for(rows, totals)
    danger = [(row, total) for row, total in zip(rows, totals, strict=True) if row.danger]
    noticed = sum(row.severity is not None or (row.silent and total > bar) for row, total in danger)
    print(f"kept back: {noticed / len(danger):.3f} of red and crisis open a case")
    weights = learn(rows)
    kept = {name: round(1000 * weight) for name, weight in sorted(weights.items()) if abs(weight) >= KEPT}
    made = {
        "from": hashlib.sha256((EXAMPLES / "tuned.jsonl").read_bytes()).hexdigest(),
        "bias": round(1000 * BIAS),
        "bar": round(1000 * bar),
        "of": kept,
    }
    WEIGHTS.write_text(json.dumps(made, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{len(kept)} weights, bar {bar:.3f}")


if __name__ == "__main__":
    main()

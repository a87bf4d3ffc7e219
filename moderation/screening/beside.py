"""The phrases of one text that speak of the writer and of now, and what stands beside each of them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from moderation.screening.finding import Found
from moderation.screening.result import Severity
from moderation.screening.words import END, PAUSE, Words

Raised = tuple[Severity, str, Found]
"""(severity, rule, where)"""
MOST: Final = 30  # phrases of a group: a page of one word is as clear as thirty of it
BREATH: Final = 9  # words between a wish and its time
SHORT: Final = 4  # words: "Tonight." after a sentence about it belongs to it
BOUGHT: Final = frozenset({"bought", "ordered", "collected"})
SAFE: Final = frozenset({"not", "safe", "ok", "okay", "fine", "better"})


class Beside:
    """`of` holds the phrases by group. `of_others` speak of somebody else, and `told` are what somebody told the writer."""

    def __init__(self, words: Words, found: Iterable[Found]) -> None:
        self.words = words
        self.of: defaultdict[str, list[Found]] = defaultdict(list)
        self.of_others: list[Found] = []
        self.told: list[Found] = []
        self.at: defaultdict[tuple[str, int], list[Found]] = defaultdict(list)
        self.found = list(found)
        for each in self.found:
            if not each.damped and len(self.of[each.group]) < MOST:
                self.of[each.group].append(each)
                self.at[each.group, each.sentence].append(each)
            elif each.damped == "someone else":
                self.of_others.append(each)
            elif each.damped == "told" and each.group in {"intent", "method"}:
                self.told.append(each)

    def any(self, *groups: str) -> bool:
        return any(self.of[group] for group in groups)

    def near(self, phrase: Found, group: str, sentences: int = 1) -> list[Found]:
        """At most two of each sentence: enough to show, and a page of one word stays linear."""
        around = range(phrase.sentence - sentences, phrase.sentence + sentences + 1)
        return [each for sentence in around for each in self.at.get((group, sentence), [])[:2]]

    def now(self, phrase: Found) -> list[Found]:
        """Times that say now, in the same sentence or alone in a short one next to it."""
        near = self.near(phrase, "now")
        timed = [each for each in near if self._is_beside(each, phrase) or self._stands_alone(each)]
        timed = [each for each in timed if not self._not_that_time(each)]
        return timed or ([phrase] if self._bare_now(phrase) or self._is_about_to(phrase) else [])

    def timed_leaning(self) -> list[Found]:
        return [each for each in self.of["leaning"] if self.at["now", each.sentence] or self.at["later", each.sentence]]

    def phrase(self, each: Found) -> tuple[str, ...]:
        return tuple(word for word in self.words.said[each.first : each.last] if word != PAUSE)

    def _is_beside(self, time: Found, phrase: Found) -> bool:
        """In the same sentence and the same breath: people leave out their full stops."""
        apart = max(time.first - phrase.last, phrase.first - time.last)
        return time.sentence == phrase.sentence and apart <= BREATH

    def _not_that_time(self, time: Found) -> bool:
        """ "I'm safe tonight"; "I bought a rope today", when it was bought and not when it is meant."""
        said = self.words.said
        return not SAFE.isdisjoint(said[max(0, time.first - 2) : time.first]) or not BOUGHT.isdisjoint(
            said[max(0, time.first - 4) : time.first]
        )

    def _is_about_to(self, phrase: Found) -> bool:
        said = self.words.said
        before = said[max(0, phrase.first - 4) : phrase.first + 2]
        return "about to" in " ".join(before) and not {"was", "thinking"} & set(before)

    def _bare_now(self, phrase: Found) -> bool:
        after = self.words.said[phrase.last : phrase.last + 4]
        after = after[: after.index(END)] if END in after else after
        if "now" not in after or after[after.index("now") + 1 : after.index("now") + 3] == ["and", "then"]:
            return False
        return {"for", "years", "months", "weeks"}.isdisjoint(after)

    def _stands_alone(self, time: Found) -> bool:
        said = self.words.said
        after = said[time.last : time.last + SHORT]
        before = said[max(0, time.first - SHORT) : time.first]
        return (END in after or time.last + SHORT >= len(said)) and (END in before or time.first < SHORT)

"""Where the phrases stand, and which of them speak of the writer and of now."""

import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from moderation.screening import company, rules
from moderation.screening.phrases import Match, Phrases
from moderation.screening.words import END, Words

MARKERS: Final = frozenset({"nothing", "now", "later", "past", "recent", "minutes", "alarm", "call_now", "do_as_told"})
ALWAYS: Final = frozenset({"means", "word", "voices", *MARKERS})  # what is never damped
ANYBODYS: Final = frozenset({"asks_how", "leaving", "parting", "goodbye", "decision", "no_longer", "alarm"})
"""What the writer says whoever else is named in it: "does anyone know a painless way", "you have all been lovely"."""
SAYS_ME: Final = frozenset({"my", "myself", "i", "me"})
FELT: Final = frozenset({"passive", "intent", "hopeless", "despair", "self_injury"})
GONE: Final = frozenset({"stopped", "faded", "gone", "went", "passed", "lifted"})
RETURNS: Final = frozenset({"still", "again"})
MOST: Final = 30  # phrases that are weighed, far more than anybody writes; what comes after them counts as it stands
BEFORE_NOW: Final = frozenset({"before", "twice", "once", "several"})  # "I have taken an overdose before"


@dataclass(frozen=True, slots=True)
class Found:
    """One phrase where it stands. `damped` says why it does not speak of the writer and of now ("" when it does)."""

    group: str
    start: int
    end: int
    sentence: int
    first: int  # its first word, and the word after its last
    last: int
    damped: str
    manner: str


class Finder:
    """The phrases of one text, weighed in the order in which they stand."""

    def __init__(self, words: Words, own: Phrases | None, asked: Iterable[tuple[int, int]]) -> None:
        """`own` are an operator's phrases, `asked` the places in the folded text where somebody asks how."""
        self.words = words
        matches = list(rules.GROUPS.find(words.said))
        more = [*(own.find(words.said) if own else ()), *(self._match("asks_how", *span) for span in asked)]
        matches = sorted([*matches, *more], key=lambda match: match[1]) if more else matches
        self.lone = len({words.said[first] for _, first, _ in rules.WORDS.find(words.said)})
        self._matches = matches
        self._times = [(start, group) for group, start, _ in matches if group in {"past", "recent", "now", "minutes"}]
        self._ends = [place for place, word in enumerate(words.said) if word == END]

    def found(self) -> Iterator[Found]:
        weighed = 0
        for match in self._matches:
            group, first, last = match
            start, end = self.words.places[first][0], self.words.places[last - 1][1]
            damped, manner = "", "wish"
            if group not in ALWAYS and weighed < MOST:
                weighed += 1
                begins = self._begins(first)
                damped = self._damped(match, begins)
                manner = company.manner(self.words.said, first, last, begins)
            yield Found(group, start, end, self.words.sentences[first], first, last, damped, manner)

    def _match(self, group: str, start: int, end: int) -> Match:
        places = self.words.places
        first = bisect.bisect_right(places, (start, end)) - 1
        return group, max(0, first), max(first + 1, bisect.bisect_left(places, (end, end)))

    def _begins(self, place: int) -> int:
        """The first word of the sentence that `place` is in."""
        before = bisect.bisect_left(self._ends, place)
        return self._ends[before - 1] + 1 if before else 0

    def _damped(self, match: Match, begins: int) -> str:
        group, first, last = match
        said = self.words.said
        own = group in ANYBODYS or not SAYS_ME.isdisjoint(said[first:last])
        return (
            ("quoted" if self.words.is_quoted(self.words.places[first][0]) else "")
            or ("figure of speech" if company.is_figure(said, first, last, group) else "")
            or ("denied" if company.denied(said, first, last, begins) else "")
            or ("told" if company.told(said, first, begins) else "")
            or ("past" if self._is_past(group, first, last, begins) else "")
            or ("someone else" if not own and company.somebody_elses(said, first, begins) else "")
            or ("story" if company.is_story(said, first, begins) else "")
        )

    def _is_past(self, group: str, first: int, last: int, begins: int) -> bool:
        """The nearest time before the phrase decides, else the nearest after it; "still" and "again" bring it back."""
        said = self.words.said
        if group in {"act", "overdose", "attempt"} and not BEFORE_NOW.isdisjoint(said[last : last + 2]):
            return True
        at = bisect.bisect_left(self._times, (first, ""))
        after = said[last : last + company.AFTER]
        after = after[: after.index(END)] if END in after else after
        if not RETURNS.isdisjoint(after):
            return False
        if group in FELT and not GONE.isdisjoint(after[:3]):
            return True
        if at and self._times[at - 1][0] >= begins:
            return self._times[at - 1][1] == "past" and not self._now_between(self._times[at - 1][0], first)
        if at < len(self._times) and self._times[at][0] < last + len(after):
            return self._times[at][1] == "past"
        return False

    def _now_between(self, marker: int, first: int) -> bool:
        return "now" in self.words.said[marker:first]

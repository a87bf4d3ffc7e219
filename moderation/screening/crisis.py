"""Worry about the one who writes: what they say of themselves and of now, not what they quote, remember or deny."""

import bisect
from collections.abc import Iterator
from dataclasses import dataclass

from moderation.screening import rules
from moderation.screening.folding import fold
from moderation.screening.result import CRISIS, Reason, Screening, Severity

BEFORE, AFTER = (
    120,
    60,
)  # characters read beside a phrase: the cost of one phrase is bounded, so a text costs what it is long
SHORT_SENTENCE = 40  # "Tonight." after a sentence about it belongs to it
BANDS: dict[Severity | None, tuple[float, float]] = {
    "emergency": (0.9, 1.0), "urgent": (0.7, 0.89), "soon": (0.4, 0.69), None: (0.0, 0.39),
}  # fmt: skip
WEIGHT_OF_A_WORD = 0.02
ORDER: tuple[Severity, ...] = ("routine", "soon", "urgent", "emergency")


@dataclass(frozen=True, slots=True)
class Found:
    """One phrase where it stands. `damped` says why it does not speak of the writer and of now ("" when it does)."""

    group: str
    start: int
    end: int
    sentence: int
    damped: str
    manner: str


Raised = tuple[Severity, str, Found]


def screen_crisis(text: str) -> Screening:
    """Severity, score and reasons for worry about the writer of `text`. Never raises; linear in its length."""
    folded = fold(text)
    found = list(_found(folded.words))
    raised = _raised(folded.words, [each for each in found if not each.damped])
    if not raised:
        return Screening(None, "", _score(None, len(found), 0), ())
    severity = max((severity for severity, _, _ in raised), key=ORDER.index)
    reasons = sorted({Reason(rule, *folded.span(each.start, each.end)) for _, rule, each in raised},
                     key=lambda reason: (reason.start, reason.rule))  # fmt: skip
    return Screening(severity, CRISIS, _score(severity, len(found), len(reasons)), tuple(reasons))


def _score(severity: Severity | None, phrases: int, reasons: int) -> float:
    lowest, highest = BANDS[severity]
    return round(min(highest, lowest + WEIGHT_OF_A_WORD * (phrases + reasons)), 3)


def _found(words: str) -> Iterator[Found]:
    ends = [match.end() for match in rules.SENTENCE_END.finditer(words)]
    quoted = [
        (match.start(), match.end()) for match in rules.QUOTED.finditer(words) if not _own_thought(words, match.start())
    ]
    starts = [start for start, _ in quoted]
    for group, phrase, start, end in _matches(words):
        sentence = bisect.bisect_right(ends, start)
        first = ends[sentence - 1] if sentence else 0
        last = ends[sentence] if sentence < len(ends) else len(words)
        before, after = words[max(first, start - BEFORE) : start], words[end : min(last, end + AFTER)]
        nearest = bisect.bisect_right(starts, start) - 1
        inside = nearest >= 0 and start < quoted[nearest][1]
        damped = "quoted" if inside else _damped(group, phrase, before, after)
        yield Found(group, start, end, sentence, damped, _manner(before, after))


def _matches(words: str) -> Iterator[tuple[str, str, int, int]]:
    yield from rules.GROUPS.find(words)
    for match in rules.TAKEN.finditer(words):
        yield "act", match[0], match.start(), match.end()


def _own_thought(words: str, opening: int) -> bool:
    """A quotation after "I keep thinking" is the writer's own."""
    return bool(rules.QUOTES_ITSELF.search(words[max(0, opening - SHORT_SENTENCE) : opening]))


def _damped(group: str, phrase: str, before: str, after: str) -> str:
    if group in {"now", "later"}:
        return "denied" if rules.NOT_THAT_TIME.search(before) else ""
    if group in {"means", "word"}:
        return ""
    beside = before + " " + after
    signs = {
        "figure of speech": rules.IDIOM.search(after),
        "denied": rules.DENIED.search(before),
        "someone else": _of_someone_else(phrase, before),
        "past": rules.PAST.search(beside) and not rules.RECENT.search(beside),
    }
    return next((sign for sign, there in signs.items() if there), "")


def _of_someone_else(phrase: str, before: str) -> bool:
    if rules.TOLD.search(before):
        return True
    if rules.FIRST_PERSON.search(phrase):
        return False
    subjects = list(rules.SUBJECT.finditer(before.rpartition(",")[2]))
    return bool(subjects) and subjects[-1]["other"] is not None


def _manner(before: str, after: str) -> str:
    if rules.THOUGHT.search(before) or rules.DENIED_AFTER.search(after):
        return "thought"
    return "declared" if rules.DECLARED.search(before) else "wish"


def _raised(words: str, found: list[Found]) -> list[Raised]:
    by_group: dict[str, list[Found]] = {}
    for each in found:
        by_group.setdefault(each.group, []).append(each)
    wishes = _intents(by_group)
    thoughts = by_group.get("passive", [])
    raised: list[Raised] = [("emergency", "act", each) for each in by_group.get("act", [])]
    raised += [("emergency", "goodbye", each) for each in by_group.get("goodbye", [])]
    raised += [("urgent", "plan", each) for each in by_group.get("plain_plan", [])]
    if wishes or thoughts:
        raised += [("emergency", "act", each) for each in by_group.get("act_in_company", [])]
        raised += [("emergency", "goodbye", each) for each in by_group.get("leaving", [])]
    beside = _Beside(words, by_group)
    for wish in wishes:
        raised += _raised_by_intent(wish, beside)
    for thought in thoughts:
        raised += [("soon", "passive", thought), *(("urgent", "plan", plan) for plan in beside.near(thought, "plan"))]
    return [*raised, *_raised_by_injury(words, by_group)]


def _intents(by_group: dict[str, list[Found]]) -> list[Found]:
    timed = {each.sentence for group in ("now", "later") for each in by_group.get(group, [])}
    leaning = [each for each in by_group.get("leaning", []) if each.sentence in timed]
    return [*by_group.get("intent", []), *by_group.get("method", []), *leaning]


class _Beside:
    """What stands in the same sentence as a phrase, or in the one before or after it."""

    def __init__(self, words: str, by_group: dict[str, list[Found]]) -> None:
        self.words = words
        self._at: dict[tuple[str, int], list[Found]] = {}
        for group in ("means", "plan", "now", "later"):
            for each in by_group.get(group, []):
                self._at.setdefault((group, each.sentence), []).append(each)

    def near(self, phrase: Found, group: str) -> list[Found]:
        """At most two of each sentence: enough to show, and a page of one word stays linear."""
        around = (phrase.sentence, phrase.sentence - 1, phrase.sentence + 1)
        return [each for sentence in around for each in self._at.get((group, sentence), [])[:2]]

    def now(self, phrase: Found) -> list[Found]:
        """Times that say now, in the same sentence or alone in a short one next to it."""
        near = self.near(phrase, "now")
        timed = [each for each in near if each.sentence == phrase.sentence or self._stands_alone(each)]
        bare = rules.NOW_AFTER.search(self.words[phrase.end : phrase.end + AFTER])
        return timed or ([phrase] if bare else [])

    def _stands_alone(self, time: Found) -> bool:
        after = rules.SENTENCE_END.search(self.words, time.end, time.end + SHORT_SENTENCE)
        before = self.words[max(0, time.start - SHORT_SENTENCE) : time.start]
        return bool(after or time.end + SHORT_SENTENCE >= len(self.words)) and (
            time.start < SHORT_SENTENCE or rules.SENTENCE_END.search(before) is not None
        )


def _raised_by_intent(wish: Found, beside: _Beside) -> list[Raised]:
    severity: Severity = "urgent" if wish.manner == "declared" or wish.group == "method" else "soon"
    raised: list[Raised] = [(severity, wish.group if wish.group == "method" else "intent", wish)]
    now: Severity = "urgent" if wish.manner == "thought" else "emergency"
    raised += [(now, "time", each) for each in beside.now(wish)]
    for group, rule in (("later", "time"), ("means", "means"), ("plan", "plan")):
        raised += [("urgent", rule, each) for each in beside.near(wish, group)]
    return raised


def _raised_by_injury(words: str, by_group: dict[str, list[Found]]) -> Iterator[Raised]:
    """A wish to hurt oneself is soon, a hurt just done urgent; the words alone people here say every day."""
    for each in by_group.get("self_injury", []):
        before = words[max(0, each.start - SHORT_SENTENCE) : each.start]
        if rules.OWN_HARM_NOW.search(before):
            yield "urgent", "self_injury", each
        elif each.manner != "wish" or rules.OWN_HARM_WISH.search(before + words[each.start : each.end]):
            yield "soon", "self_injury", each

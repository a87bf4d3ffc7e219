"""Worry about the one who writes: what they say of themselves and of now, not what they quote, remember or deny."""

from collections.abc import Iterable

from moderation.screening.finding import MARKERS, Finder, Found
from moderation.screening.folding import Folded, fold
from moderation.screening.likeness import LEARNT, Like, likeness
from moderation.screening.methods import asked_in
from moderation.screening.own import BUILT_IN, Own
from moderation.screening.raising import Raised, raised_by
from moderation.screening.result import CRISIS, ORDER, Reason, Screening, Severity
from moderation.screening.rules import GROUPS, WORDS
from moderation.screening.words import Words, words_of

BANDS: dict[Severity | None, tuple[float, float]] = {
    "emergency": (0.9, 1.0), "urgent": (0.7, 0.89), "soon": (0.4, 0.69), None: (0.0, 0.34),
}  # fmt: skip
LIGHT = MARKERS | {"leaving", "hopeless", "decision", "sign_tool", "sign_final", "sign_prep"}  # everyday by themselves
LIKENESS = "likeness"  # the rule that speaks where words read like danger and no phrase foresaw them
WEIGHTS = {
    "reason": 0.025,
    "word": 0.01,
    "hopeless": 0.03,
    "damped": 0.02,
}  # of each; what is damped is still spoken of


def screen_crisis(text: str, own: Own = BUILT_IN) -> Screening:
    """Severity, score and reasons for worry about the writer of `text`. Never raises; linear in its length."""
    folded = fold(text)
    return crisis_in(folded, words_of(folded), own)


def crisis_in(folded: Folded, words: Words, own: Own) -> Screening:
    """As `screen_crisis`, for words that are folded already."""
    finder = Finder(words, own.phrases, asked_in(folded.words))
    found = list(finder.found())
    raised = [each for each in raised_by(words, found) if each[1] not in own.off]
    severity = max((severity for severity, _, _ in raised), key=ORDER.index, default=None)
    reasons = {Reason(rule, *folded.span(each.start, each.end)) for _, rule, each in raised}
    like = _like(words, found, own) if severity is None else None
    if like:
        severity, reasons = "soon", _reasons(folded, words, like)
    if severity is None:
        return Screening(None, "", _score(None, found, [], finder.lone), ())
    ordered = tuple(sorted(reasons, key=lambda reason: (reason.start, reason.rule)))
    return Screening(severity, CRISIS, _score(severity, found, raised, finder.lone), ordered)


def _like(words: Words, found: list[Found], own: Own) -> Like | None:
    """Words that read like danger where no rule has anything to say."""
    if LIKENESS in own.off or not are_silent(words, found):
        return None
    return likeness(words, found, LEARNT)


def _reasons(folded: Folded, words: Words, like: Like) -> set[Reason]:
    spans = ((words.places[first][0], words.places[last - 1][1]) for first, last in like.places)
    return {Reason(LIKENESS, *folded.span(*span)) for span in spans}


def are_silent(words: Words, found: Iterable[Found]) -> bool:
    """Whether the rules leave the word to the likeness: not where they have read a phrase and know that it is quoted, denied,
    past or somebody else's, nor where the writer does not speak of themselves.
    """
    return words.is_own() and not any(each.damped for each in found if each.group not in LIGHT)


def is_heavy(text: str) -> bool:
    """Whether anything in these words is of the lexicon, a mere time left aside. Too wide for a case, right for a help line."""
    said = words_of(fold(text)).said
    return any(group not in LIGHT for phrases in (GROUPS, WORDS) for group, *_where in phrases.find(said))


def _score(severity: Severity | None, found: list[Found], raised: list[Raised], lone: int) -> float:
    """What raised it counts once for each rule and sentence, so that a word said fifty times is said once."""
    lowest, highest = BANDS[severity]
    said = {(each.group, each.sentence) for each in found if each.group not in MARKERS}
    weight = WEIGHTS["reason"] * len({(rule, each.sentence) for _, rule, each in raised})
    weight += WEIGHTS["word"] * (len(said) + lone)
    weight += WEIGHTS["hopeless"] * len({sentence for group, sentence in said if group in {"hopeless", "despair"}})
    weight += WEIGHTS["damped"] * sum(bool(each.damped) for each in found)
    return round(min(highest, lowest + weight), 3)

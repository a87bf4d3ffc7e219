"""Words that say how: amounts, ways asked for, things put together. Their writer is asked to look again before they go."""

import re
from collections.abc import Iterable, Iterator

from moderation.screening.folding import Folded, fold
from moderation.screening.own import Own
from moderation.screening.result import METHOD, Reason, Screening, gathered

UNITS = (
    r"(?:mg|milligrams?|grams?|ml|tablets?|pills?|capsules?|packets?|boxes|bottles?|units|paracetamol|ibuprofen|aspirin|co-?codamol"
    r"|codeine|morphine|insulin|diazepam|sleeping (?:pills|tablets)|painkillers|antidepressants)"
)
AMOUNT = re.compile(
    rf"(?<![\w.])(?:\d{{1,5}}|(?:a|one|two|three|four|five|six|ten|twenty|thirty|forty|fifty|hundred)) ?(?:x )?{UNITS}(?!\w)"
)
DEADLY = re.compile(
    r"\b(?:overdos\w{0,4}|enough to (?:kill|die|do it|end)|lethal|fatal|(?:would|will|should|can|could|to) (?:kill|finish)"
    r" (?:me|you|myself|yourself|him|her|someone|somebody|anyone|an adult)|to die|to end (?:it|my life|your life)"
    r"|kill(?:ed|ing)? (?:my|your|him|her)self|suicide)\b"
)
ASKED = re.compile(
    r"\b(?:how (?:much|many)\b[^.!?\n]{0,60}\b"
    r"(?:to (?:die|kill|overdose|end (?:it|my life))|would (?:kill|it take to die)|is (?:fatal|lethal))"
    r"|(?:least painful|most painless|painless|quickest|easiest|surest|best|most effective|quick and painless) (?:way|method|means)s?"
    r" (?:to (?:die|kill|do it|end (?:it|my life)|go)|of (?:dying|killing|doing it|ending (?:it|my life))|out)"
    r"|how to (?:kill yourself|kill myself|hang (?:your|my)self|overdose|tie a noose|make a noose))\b"
)
PUT_TOGETHER = re.compile(
    r"\b(?:(?:tie|tied|tying|knot|knotted|loop|looped|attach|attached) (?:a |the |my |it |one end of )?(?:\w{1,12} )?(?:noose|ligature)"
    r"|(?:take|took|taking|get|got|getting|prise|prised|break|broke) (?:the |a )?(?:razor )?blades? (?:out of|from) (?:a|my|the|your)"
    r"|(?:rope|belt|cord|scarf) (?:around|round) (?:my|your|his|her) neck (?:and|then|tied|from))\b"
)
ABOUT_IT = re.compile(r"die|kill|overdose|end|fatal|lethal|noose|painless|painful|quickest|easiest|surest|hang")
SCORE = 0.5
HANDS_ON = re.compile(r"ligature|blade|neck")
NEAR = 120  # characters on either side of an amount in which its purpose is looked for


def asked_in(words: str) -> list[tuple[int, int]]:
    """Where folded words ask how somebody can die."""
    if not ABOUT_IT.search(words):
        return []
    return [match.span() for match in ASKED.finditer(words)]


def screen_methods(text: str) -> tuple[Reason, ...]:
    """Where `text` says or asks how somebody can harm themselves. Never raises; linear in its length."""
    folded = fold(text)
    found = [("asked", span) for span in asked_in(folded.words)] + list(_said_in(folded.words))
    return tuple(Reason(rule, *folded.span(*span)) for rule, span in sorted(found, key=lambda each: each[1]))


def method_in(folded: Folded, own: Own, added: Iterable[Reason]) -> Screening:
    """What says how, as a matter of house rules: `soon`. Asking how is no matter of rules; it is read as worry."""
    said = {Reason(rule, *folded.span(*span)) for rule, span in _said_in(folded.words) if rule not in own.off}
    return gathered("soon", METHOD, SCORE, [*said, *added])


def _said_in(words: str) -> Iterator[tuple[str, tuple[int, int]]]:
    if ABOUT_IT.search(words) or HANDS_ON.search(words):
        yield from (("put_together", match.span()) for match in PUT_TOGETHER.finditer(words))
    if not DEADLY.search(words):
        return
    for match in AMOUNT.finditer(words):
        if DEADLY.search(words[max(0, match.start() - NEAR) : match.end() + NEAR]):
            yield "amount", match.span()

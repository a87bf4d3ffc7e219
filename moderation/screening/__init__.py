"""A first reading of new words by rules that anyone can read. It orders the work, shows why, and removes nothing.

Pure: words in, reasons out. No database, no settings, no Django. What an operator adds or switches off is an argument.
"""

from moderation.screening.abuse import abuse_in, is_aimed
from moderation.screening.contact import contact_in, screen_contact
from moderation.screening.crisis import LIKENESS, crisis_in, is_heavy, screen_crisis
from moderation.screening.folding import Folded, fold
from moderation.screening.methods import method_in, screen_methods
from moderation.screening.own import BUILT_IN, Own
from moderation.screening.posing import posing_in
from moderation.screening.result import ABUSE, CRISIS, DETAILS, METHOD, NOTHING, ORDER, POSING, SPAM, Reason, Screening
from moderation.screening.spam import spam_in
from moderation.screening.words import Words, words_of

__all__ = [
    "ABUSE",
    "BUILT_IN",
    "CRISIS",
    "DETAILS",
    "LIKENESS",
    "METHOD",
    "NOTHING",
    "OWN_WORDS",
    "POSING",
    "SPAM",
    "Own",
    "Reason",
    "Screening",
    "findings",
    "is_heavy",
    "screen",
    "screen_contact",
    "screen_crisis",
    "screen_methods",
]
OWN_WORDS = "own_words"  # the rule that speaks where an operator's words of method, abuse or spam stand


def findings(text: str, own: Own = BUILT_IN) -> list[Screening]:
    """Everything that asks for a case: words can hold a worry and a telephone number, and each has a lane of its own."""
    return [found for found in _lanes(text, own) if found.severity is not None]


def screen(text: str, own: Own = BUILT_IN) -> Screening:
    """What stands out most in these words: the gravest, and worry about the writer before all else of the same severity.

    `text` may be anything at all; nothing is raised. `severity` is None when no case should be opened.
    """
    lanes = _lanes(text, own)
    asking = [found for found in lanes if found.severity is not None]
    return max(asking, key=lambda found: ORDER.index(found.severity or "routine"), default=lanes[0])


def _lanes(text: str, own: Own) -> list[Screening]:
    folded = fold(text)
    words = words_of(folded)
    added = _added(folded, words, own)
    return [
        crisis_in(folded, words, own),
        abuse_in(folded, words, own, added.get("abuse", ())),
        method_in(folded, own, added.get("method_detail", ())),
        contact_in(text, folded, own),
        spam_in(folded, own, added.get("spam", ())),
        posing_in(folded, own),
    ]


def _added(folded: Folded, words: Words, own: Own) -> dict[str, list[Reason]]:
    """Where an operator's own words of method, abuse and spam stand; abuse only where it is aimed at somebody."""
    found: dict[str, list[Reason]] = {}
    if own.others is None or OWN_WORDS in own.off:
        return found
    for match in own.others.find(words.said):
        group, first, last = match
        if group == "abuse" and not ("you" in words.said[max(0, first - 4) : last + 3] and is_aimed(words, match)):
            continue
        span = folded.span(words.places[first][0], words.places[last - 1][1])
        found.setdefault(group, []).append(Reason(OWN_WORDS, *span))
    return found

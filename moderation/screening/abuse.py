"""Abuse, aimed at somebody: threats, goading, insults. A small list on purpose: a word by itself is nobody's fault.

Words that people use of themselves (mad, queer, crip and others) are not in it, and nothing counts but what is said to "you".
"""

from collections.abc import Iterable, Iterator
from typing import Final

from moderation.screening import company
from moderation.screening.folding import Folded
from moderation.screening.own import Own
from moderation.screening.phrases import Match, Phrases, spelled
from moderation.screening.result import ABUSE, Reason, Screening, Severity, gathered
from moderation.screening.spelling import word_set
from moderation.screening.words import Words

SLOTS: Final = {
    "will": ("i will", "i am going to", "i am coming to", "i would love to", "someone should", "going to"),
    "hurt": ("kill", "hurt", "stab", "batter", "smash", "beat", "burn", "strangle", "shoot", "rape", "slap", "punch", "end"),
    "insult": (
        "pathetic", "disgusting", "worthless", "scum", "vile", "stupid", "thick", "idiot", "moron", "bitch", "cunt",
        "twat", "wanker", "prick", "dickhead", "slag", "slut", "whore", "loser", "attention seeker", "attention seeking",
        "waste of space", "waste of oxygen", "freak", "nutter", "psycho", "parasite", "piece of shit", "snowflake", "liar",
        "coward", "bellend", "tosser", "fat cow", "scrounger",
    ),
    "slur": ("retard", "spastic", "spaz", "mong", "faggot", "tranny", "paki", "gyppo", "wog", "nonce", "poof"),
}  # fmt: skip
OWN: Final = {
    "threat": (
        "{will} {hurt} you", "{will} find you", "{will} make you [pay/suffer/regret it]", "i know where you live",
        "watch your back", "you are dead", "you are a dead [man/woman]", "you will get what is coming", "you will be sorry when i",
        "{will} smash your [face/head/teeth] in", "{will} ruin your life", "{will} send people round",
    ),
    "goading": (
        "kill yourself", "go [and/] kill yourself", "kys", "end yourself", "neck yourself", "top yourself", "go [and/] die",
        "you should [die/be dead/kill yourself]", "hope you die", "hope you kill yourself", "do everyone a favour and [die/end it]",
        "do us all a favour", "no one would miss you", "better off without you", "go drink bleach", "go hang yourself",
        "go and hang yourself", "just do it then", "get on with it then and die", "you deserve to die",
    ),
    "insult": (
        "you are [so/such/an/a/just a/nothing but a/absolutely/] {insult}",
        "you [absolute/stupid/little/fucking/pathetic/total/utter/fat] {insult}",
        "you are all {insult}", "shut up you {insult}", "are you [stupid/thick]", "fuck you", "fuck off", "you make me sick",
        "you disgust me", "no one [likes/wants] you", "everyone hates you", "what a {insult} you are",
    ),
    "slur": ("you [are/are a/absolute/little/stupid/fucking/] {slur}", "you [are/] all {slur}", "you {slur}s"),
}  # fmt: skip
URGENT: Final = frozenset({"threat", "goading"})
SCORES: Final[dict[Severity, float]] = {"urgent": 0.7, "soon": 0.48}
PHRASES: Final = Phrases({rule: spelled(patterns, SLOTS) for rule, patterns in OWN.items()})
REPORTED: Final = word_set(
    "said says say saying told tells telling tell wrote writes shouted shouting called calls calling voice voices head brain "
    "mind myself thinks thought thinking replied texted like used messages asked"
)
CONSOLING: Final = word_set("if or who whoever whenever anyone")


def abuse_in(folded: Folded, words: Words, own: Own, added: Iterable[Reason]) -> Screening:
    """Threats and goading are urgent, the rest is soon. What is quoted, reported or denied is not aimed at anybody here."""
    reasons = {
        Reason(rule, *folded.span(words.places[first][0], words.places[last - 1][1]))
        for rule, first, last in _aimed(words)
        if rule not in own.off
    } | set(added)
    severity: Severity = "urgent" if any(each.rule in URGENT for each in reasons) else "soon"
    return gathered(severity, ABUSE, SCORES[severity], reasons)


def is_aimed(words: Words, match: Match) -> bool:
    """Whether these words are said to somebody, here and now."""
    _, first, last = match
    said = words.said
    before = said[max(0, first - 6) : first]
    if words.is_quoted(words.places[first][0]):
        return False
    if not REPORTED.isdisjoint(before) or not CONSOLING.isdisjoint(before[-2:]):
        return False
    if company.denied(said, first, last, max(0, first - 9)) or "not" in before[-2:]:
        return False
    return company.JOKING.isdisjoint(said[last : last + 4])


def _aimed(words: Words) -> Iterator[Match]:
    yield from (match for match in PHRASES.find(words.said) if is_aimed(words, match))

"""The company a phrase keeps: who is spoken of, whether it is denied, long past, told by others or a manner of speaking.

Each question looks at a bounded number of words beside the phrase, so a text costs what it is long.
"""

from collections.abc import Sequence
from typing import Final

from moderation.screening.spelling import DETERMINERS, FILLERS, word_set
from moderation.screening.words import END, PAUSE

BEFORE: Final = 14  # words read before a phrase
AFTER: Final = 9
OWN: Final = word_set("i me we us myself")
OTHER: Final = word_set(
    "he she they you someone anyone everyone people who person children child son daughter brother sister mum dad mother "
    "father friend friends partner husband wife boyfriend girlfriend ex man woman guy girl boy lad neighbour colleague "
    "character detective uncle aunt nan gran grandad cousin nephew niece flatmate housemate teenager lass bloke"
)
NEGATIONS: Final = word_set("not never without nor stopped neither")
BETWEEN: Final = FILLERS | DETERMINERS | word_set(
    "going to about planning plan plans want wanting feel feeling like have having any thinking of think i trying be been "
    "mean saying ever wanted intention intentions wish desire thoughts thought urge urges had am do did does would doing "
    "intend no hurt or intending in for")  # fmt: skip
ASKING: Final = word_set("asked asks ask asking checked checks checking")
WHETHER: Final = word_set("if whether am is are")
TELLING: Final = word_set("told tells telling said says asked begged wants wanted")
TOLD_WHAT: Final = word_set("me i to should can go and just that")
STORY: Final = word_set(
    "song songs lyric lyrics film movie episode character novel book poem drama soap telly corrie emmerdale eastenders "
    "leaflet poster play album advert documentary podcast scene quote quoted story"
)
JOKING: Final = word_set("lol lmao haha hahaha hahahaha hehe rofl lolz jk")
PENNED: Final = word_set(
    "embarrassment laughing laughter cringe boredom overtime housework envy shame heat cold hunger thirst jealousy "
    "happiness awkwardness curiosity"
)
MISHAPS: Final = word_set("shaving cooking chopping gardening accident accidentally peeling opening onions")
ENDINGS: Final = word_set(
    "relationship boyfriend girlfriend contract membership friendship marriage call meeting game chat subscription lease "
    "job tenancy dating session"
)
TAKING: Final = frozenset({"act", "act_in_company", "took_all"})
TAKEN: Final = word_set("tablets them sleeping insulin these those it")
AFTER_MANY: Final = frozenset(
    {END, PAUSE, "tablets", "and", "now", "about", "i", "sleeping", "this", "last", "an", "to", "again"}
)
WITH_WHOM: Final = word_set("him her them my the us")
TRIFLES: Final = word_set("do sing watch wear listen see hear sit speak talk eat use share date")
DECLARING: Final = frozenset(
    ("going to", "i will", "about to", "planning to", "planning on", "plan to", "plan on", "decided to", "decided on",
     "ready to", "intend to", "intending to", "have to", "end up", "might", "may", "i am", "will", "probably will", "will be",
     "need to", "making plans to", "plans to", "plan", "how to", "set on", "i shall", "should just"),
)  # fmt: skip
THINKING: Final = word_set(
    "think thinking thought thoughts imagine imagining images dream dreaming fantasise fantasising feel feeling feels urge "
    "urges scared afraid idea tempted wonder intrusive"
)


def somebody_elses(said: Sequence[str], start: int, first: int) -> bool:
    """Whether the nearest one spoken of before the phrase, in the same breath, is not the writer."""
    for place in range(start - 1, max(first, start - BEFORE) - 1, -1):
        word = said[place]
        if word in {PAUSE, "but"}:
            return False
        if word in OWN:
            return False
        if word in OTHER:
            return True
    return False


def told(said: Sequence[str], start: int, first: int) -> bool:
    """Words that somebody said to the writer, or asked about: "told me to", "asked if I"."""
    nearby = said[max(first, start - BEFORE) : start]
    for back in range(len(nearby) - 1, -1, -1):
        word = nearby[back]
        if word in ASKING and WHETHER.intersection(nearby[back + 1 :]):
            return True
        if (
            word in TELLING
            and all(each in TOLD_WHAT or each in FILLERS for each in nearby[back + 1 :])
            and "me" in nearby[back + 1 :]
        ):
            return True
    return False


def denied(said: Sequence[str], start: int, end: int, first: int) -> bool:
    """A negation reaches the phrase through nothing but small words: "I don't know if" is none, "no plans to" is one."""
    for place in range(start - 1, max(first, start - 9) - 1, -1):
        word = said[place]
        if word in NEGATIONS or (word == "no" and place < start):
            return not (end < len(said) and said[end] in {"more", "so", "as"})
        if word not in BETWEEN:
            return False
    return False


def is_story(said: Sequence[str], start: int, first: int) -> bool:
    return not STORY.isdisjoint(said[max(first, start - BEFORE) : start])


WANTING: Final = word_set("want going will think thinking about feel urge could might tempted need")
HYPERBOLE: Final = frozenset({"method", "intent", "leaning"})
FOR_A_TRIFLE: Final = frozenset(("for", other) for other in ("that", "a", "some", "one", "this"))
NIGHT: Final = frozenset({"morning", "tomorrow", "sunrise", "midnight", "night", "dawn", "day"})


JESTED: Final = frozenset({"intent", "method", "leaning"})


def is_figure(said: Sequence[str], start: int, end: int, group: str) -> bool:
    """A manner of speaking: of embarrassment, laughing, shaving; something else that was taken; a joke that says so itself."""
    before, after = said[max(0, start - AFTER) : start], said[end : end + AFTER]
    return (
        _is_idiom(group, after)
        or (group in TAKING and _of_something_else(said[end - 1], after))
        or (group in {"self_injury", "act"} and not MISHAPS.isdisjoint(after[:4]))
        or (group == "leaning" and _is_hyperbole(before, after))
        or (said[end - 1] == "window" and WANTING.isdisjoint(before[-5:]))
        or (group in JESTED and _is_jest(said[max(0, start - 2 * AFTER) : end + AFTER], said[end - 1]))
    )


def _is_idiom(group: str, after: Sequence[str]) -> bool:
    if after[:1] == ["laughing"]:
        return True
    if len(after) < 2:
        return False
    first, second = after[0], after[1]
    return (
        (first in {"of", "from", "with"} and not PENNED.isdisjoint(after[1:3]))
        or (first in {"with", "between"} and second in WITH_WHOM and group == "intent")
        or (first == "than" and second in TRIFLES)
        or (group in HYPERBOLE and (first, second) in FOR_A_TRIFLE)
    )


def _is_hyperbole(before: Sequence[str], after: Sequence[str]) -> bool:
    """ "I'll be dead before they answer", "if it rains I'll die"."""
    return (after[:1] == ["before"] and NIGHT.isdisjoint(after[1:4])) or "if" in before


def _is_jest(near: Sequence[str], last: str) -> bool:
    """A joke that says so, or the end of something that is no life."""
    return (last == "it" and not ENDINGS.isdisjoint(near)) or (not JOKING.isdisjoint(near) and "joke" not in near)


def _of_something_else(last: str, after: Sequence[str]) -> bool:
    """ "The whole box of biscuits", "too many photos": what was taken is named, and it is nothing to take."""
    if after[:1] == ["of"]:
        return after[1:2] != [] and TAKEN.isdisjoint(after[1:4])
    return last == "many" and after != [] and after[0] not in AFTER_MANY


def manner(said: Sequence[str], start: int, end: int, first: int) -> str:
    """How the phrase is meant: "thought" of, "declared", or a "wish". What stands nearest to it decides."""
    before = [word for word in said[max(first, start - 6) : start] if word not in FILLERS]
    if _will_not(said, end):
        return "thought"
    lasts = {" ".join(before[-count:]) for count in (1, 2)} | {said[start], " ".join(said[start : start + 2])}
    lasts |= {f"{before[-1]} {said[start]}"} if before else set()
    if lasts & DECLARING:
        return "declared"
    return "wish" if THINKING.isdisjoint(before) else "thought"


def _will_not(said: Sequence[str], end: int) -> bool:
    """ "… but I won't": said right after."""
    after = [word for word in said[end : end + AFTER] if word not in FILLERS]
    for place, word in enumerate(after):
        if word == END:
            return False
        if word in {"but", "though", "although"}:
            rest = after[place + 1 : place + 5]
            return rest[:1] == ["i"] and not {"not", "never"}.isdisjoint(rest[1:4])
    return False

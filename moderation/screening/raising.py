"""Which of the phrases ask for a person, and how soon: intent, plan, means and time raise each other, a lone word does not."""

from collections.abc import Iterable, Iterator
from typing import Final

from moderation.screening.acts import DYING, WISHING, raised_by_acts, raised_by_goodbyes, raised_by_others
from moderation.screening.beside import Beside, Raised
from moderation.screening.finding import Found
from moderation.screening.result import Severity
from moderation.screening.signs import signs_of
from moderation.screening.spelling import word_set
from moderation.screening.words import Words

STRONG: Final = (
    "intent",
    "method",
    "passive",
    "plain_plan",
    "place",
    "armed",
    "unsafe",
    "asks_how",
    "attempt",
    "goodbye",
)
WEAK: Final = ("leaning_in_company", "plan", "decision", "leaving", "parting", "despair", "no_longer", "hopeless")
FINAL: Final = ("parting", "no_longer", "plan", "despair", "passive", "armed")
HURT: Final = word_set("cut burnt burned hurt hit harmed")


def raised_by(words: Words, found: Iterable[Found]) -> list[Raised]:
    """Everything that raises a case, each with its severity, its rule and where it stands."""
    found = list(found)
    beside = Beside(words, found)
    raised = [
        *raised_by_acts(beside),
        *raised_by_others(beside),
        *raised_by_goodbyes(beside),
        *_by_preparing(beside),
        *_by_deciding(beside),
        *(each for wish in _intents(beside) for each in _by_intent(beside, wish)),
        *_by_thoughts(beside),
        *_by_injury(beside),
    ]
    if words.is_own():
        raised += [(severity, "signs", each) for severity, each in signs_of(found)]
    return raised


def _by_preparing(beside: Beside) -> Iterator[Raised]:
    for group, rule in (("plain_plan", "plan"), ("asks_how", "asks_how"), ("unsafe", "unsafe")):
        yield from (("urgent", rule, each) for each in beside.of[group])
    for voice in beside.of["voices"]:
        if beside.told or beside.near(voice, "do_as_told"):
            yield "urgent", "voices", voice


def _by_deciding(beside: Beside) -> Iterator[Raised]:
    """Preparations and last things, which are everyday by themselves and not beside one another."""
    plans = beside.of["plan"]
    several = len({beside.phrase(each) for each in plans}) > 1
    if several or beside.any("decision", "no_longer", "despair", "parting", "hopeless"):
        yield from (("urgent", "plan", each) for each in plans)
    if beside.any(*FINAL):
        yield from (("urgent", "decision", each) for each in beside.of["decision"])
    for each in beside.of["no_longer"]:
        yield "urgent" if beside.any("plan", "decision", *DYING) else "soon", "no_future", each


def _intents(beside: Beside) -> list[Found]:
    alone = [*beside.of["intent"], *beside.of["method"], *beside.timed_leaning()]
    in_company = beside.of["leaning_in_company"]
    if in_company and (alone or beside.any(*STRONG) or sum(bool(beside.of[group]) for group in WEAK) > 1):
        return [*alone, *in_company]
    return alone


def _by_intent(beside: Beside, wish: Found) -> Iterator[Raised]:
    leaning = wish.group in {"leaning", "leaning_in_company"}
    declared = wish.manner == "declared" or wish.group == "method" or leaning
    yield "urgent" if declared else "soon", "method" if wish.group == "method" else "intent", wish
    now: Severity = "urgent" if wish.manner == "thought" else "emergency"
    yield from ((now, "time", each) for each in beside.now(wish))
    for group, rule in (("later", "time"), ("means", "means"), ("armed", "means"), ("plan", "plan")):
        yield from (("urgent", rule, each) for each in beside.near(wish, group))


def _by_thoughts(beside: Beside) -> Iterator[Raised]:
    for thought in beside.of["passive"]:
        yield "soon", "passive", thought
        for group, rule in (("plan", "plan"), ("armed", "means")):
            yield from (("urgent", rule, each) for each in beside.near(thought, group))
        if thought.manner == "declared":
            yield from (("emergency", "time", each) for each in beside.now(thought))
    for thought in beside.of["passive_past"]:
        if beside.near(thought, "recent") or beside.near(thought, "now"):
            yield "soon", "passive", thought
    for group, rule in (("despair", "hopeless"), ("not_safe", "unsafe")):
        yield from (("soon", rule, each) for each in beside.of[group])
    hopeless = beside.of["hopeless"]
    if len({beside.phrase(each) for each in hopeless}) > 1 or len(hopeless) > 2:
        yield from (("soon", "hopeless", each) for each in hopeless)


def _by_injury(beside: Beside) -> Iterator[Raised]:
    """A wish to hurt oneself is soon, a hurt just done urgent; the words alone people here say every day."""
    for each in beside.of["self_injury"]:
        if _is_fresh(beside, each) and _is_done(beside, each):
            yield "urgent", "self_injury", each
        elif _is_meant(beside, each):
            yield "soon", "self_injury", each


def _is_fresh(beside: Beside, injury: Found) -> bool:
    said = beside.words.said
    around = said[max(0, injury.first - 6) : injury.last + 6]
    timed = beside.at["minutes", injury.sentence] or beside.at["now", injury.sentence]
    return bool(
        {"just", "badly"} & set(around) or timed or "last night" in " ".join(said[injury.first : injury.last + 6])
    )


def _is_done(beside: Beside, injury: Found) -> bool:
    said = beside.words.said[injury.first : injury.last]
    before = set(beside.words.said[max(0, injury.first - 4) : injury.first])
    return (said[0] in HURT or "harmed" in said) and not (before & WISHING - {"again"})


def _is_meant(beside: Beside, injury: Found) -> bool:
    said = beside.words.said[injury.first : injury.last]
    before = beside.words.said[max(0, injury.first - 6) : injury.first]
    after = beside.words.said[injury.last : injury.last + 6]
    return (
        "harmed" in said
        or injury.manner == "thought"
        or not WISHING.isdisjoint([*before, *said])
        or not {"purpose", "urge"}.isdisjoint([*before, *said, *after])
        or any(word.endswith("ing") for word in said)
    )

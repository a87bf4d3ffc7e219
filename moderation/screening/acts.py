"""What cannot wait: an act under way, a goodbye, somebody else in danger now."""

from collections.abc import Iterator
from typing import Final

from moderation.screening.beside import Beside, Raised
from moderation.screening.finding import Found
from moderation.screening.spelling import word_set

DYING: Final = ("intent", "method", "passive", "despair", "goodbye", "plain_plan", "attempt", "asks_how", "unsafe")
WISHES: Final = ("intent", "passive", "method", "plain_plan", "act_in_company")
ACTS: Final = frozenset({"act", "act_in_company", "took_all", "overdose", "place", "other_act"})
WISHING: Final = word_set(
    "want wanna going need urge urges about like thinking tempted keep started again might scared frightened will bad"
)
MILD: Final = word_set("love thank thanks sorry been forgive find look be take")


def raised_by_acts(beside: Beside) -> Iterator[Raised]:
    for act in beside.of["act"]:
        if beside.words.said[max(0, act.first - 1)] == "has":
            continue  # "the illness has took sixty of them": it is somebody else who has
        yield ("urgent", "method", act) if is_wished(beside, act) else ("emergency", "act", act)
    yield from _in_company(beside)
    yield from _all_taken(beside)
    yield from _at_a_place(beside)
    yield from _overdoses(beside)
    for attempt in beside.of["attempt"]:
        yield _attempt(beside, attempt)


def _in_company(beside: Beside) -> Iterator[Raised]:
    alarmed = beside.any(*DYING, "leaving", "parting", "alarm", "minutes", "leaning_in_company")
    several = len({beside.phrase(each) for each in beside.of["act_in_company"]}) > 1
    for act in beside.of["act_in_company"]:
        if alarmed or several or beside.near(act, "armed") or beside.near(act, "means"):
            yield "emergency", "act", act


def _all_taken(beside: Beside) -> Iterator[Raised]:
    for act in beside.of["took_all"]:
        if beside.any(*DYING, "act_in_company", "minutes") or beside.near(act, "means"):
            yield "emergency", "act", act
        elif beside.any("leaving", "parting", "alarm"):
            yield "urgent", "act", act


def _at_a_place(beside: Beside) -> Iterator[Raised]:
    company = (*DYING, "leaving", "parting", "leaning_in_company", "leaning")
    for place in beside.of["place"]:
        if any(beside.near(place, group, 2) for group in company):
            yield "emergency", "place", place
        else:
            yield "urgent" if beside.any("alarm") else "soon", "place", place


def _overdoses(beside: Beside) -> Iterator[Raised]:
    for taken in beside.of["overdose"]:
        earlier = beside.at["recent", taken.sentence] or beside.at["later", taken.sentence]
        if not earlier and any(beside.near(taken, group) for group in ("minutes", "now", "alarm", "call_now")):
            yield "emergency", "act", taken
        else:
            yield _attempt(beside, taken)


def _attempt(beside: Beside, attempt: Found) -> Raised:
    fresh = any(beside.near(attempt, group) for group in ("recent", "later", "minutes", "now"))
    return "urgent" if fresh else "soon", "attempt", attempt


def raised_by_others(beside: Beside) -> Iterator[Raised]:
    """Somebody else who is in danger now: a person can help the writer to help them."""
    for act in [*beside.of["other_act"], *(each for each in beside.of_others if each.group in ACTS)]:
        if "if" in beside.words.said[max(0, act.first - 4) : act.first]:
            continue  # "if you have taken something, ring 999"
        if beside.near(act, "call_now", 2) or beside.near(act, "minutes"):
            yield "emergency", "someone_else", act


def raised_by_goodbyes(beside: Beside) -> Iterator[Raised]:
    """By itself, beside a wish, or one after the other: each of them is said at night by people who only leave for it."""
    for goodbye in beside.of["goodbye"]:
        yield "emergency", "goodbye", goodbye
    parting, leaving = beside.of["parting"], [*beside.of["leaving"], *beside.of["parting"]]
    wishes = [each for group in WISHES for each in beside.of[group]] + beside.timed_leaning()
    near = [each for each in leaving if any(_is_farewell(beside, each, wish) for wish in wishes)]
    several = len({beside.phrase(each) for each in parting}) > 1 and len(leaving) > 2
    if near or several or (parting and beside.any("leaning", "leaning_in_company")):
        yield from (("emergency", "goodbye", each) for each in near or leaving)
    elif len({beside.phrase(each) for each in leaving}) > (1 if parting else 2):
        yield from (("urgent", "goodbye", each) for each in leaving)


def is_wished(beside: Beside, act: Found) -> bool:
    before = beside.words.said[max(0, act.first - 4) : act.first]
    before = before[before.index("but") + 1 :] if "but" in before else before
    return act.manner == "thought" or not WISHING.isdisjoint(before)


def _is_farewell(beside: Beside, leaving: Found, wish: Found) -> bool:
    """Beside a wish. What everyone says at night needs more than a thought of dying beside it."""
    if abs(leaving.sentence - wish.sentence) > 2:
        return False
    if wish.group != "passive" or leaving.group == "parting":
        return True
    said = beside.words.said[leaving.first : leaving.last]
    return said[0] not in MILD and said != ["goodbye"]

"""What the screening of crisis looks for: the lexicon's phrases, and our own beside them, by group.

Own phrases stand in data/phrases.json, written for this project; {slots} in data/slots.json, [a/b/] is one of a few, or nothing.
Each has two words or more, but for signs, times and means, which count only in company: a lone word never raises a case.
What a group comes to is in raising.py.

| group | what it holds |
| --- | --- |
| act, took_all, act_in_company, overdose, place | an act under way: by itself, or beside a wish to die or alarm |
| goodbye, parting, leaving | from what nobody says who only leaves for the night to what everybody says |
| plain_plan, plan, decision, no_longer | preparations, by themselves or beside other signs |
| intent, method, leaning, leaning_in_company | ending one's life, with a way of doing it, or said so that a time or company decides |
| asks_how, attempt, unsafe, not_safe, voices, do_as_told | asking how, an attempt, not being safe with oneself, voices that tell one to |
| armed, means | means at hand |
| passive, passive_past, despair, hopeless | thoughts of dying, and no hope |
| self_injury | hurting oneself |
| other_act, call_now | somebody else in danger now |
| sign_death, sign_tool, sign_final, sign_prep | signs, which count two by two (signs.py) |
| now, later, past, recent, minutes, alarm | times, and alarm: markers of the others |
| nothing | found so that nothing else is: "goodbye for now" |
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from moderation.screening.phrases import Phrases, lexicon, spelled

DATA: Final = Path(__file__).parent / "data"
OWN: Final[Mapping[str, Sequence[str]]] = json.loads((DATA / "phrases.json").read_text(encoding="utf-8"))
SLOTS: Final[Mapping[str, Sequence[str]]] = json.loads((DATA / "slots.json").read_text(encoding="utf-8"))
ALSO_OF_THE_LEXICON: Final = ("passive", "intent", "method", "plan", "self_injury", "means")


def _table() -> dict[str, tuple[str, ...]]:
    table = {group: spelled(patterns, SLOTS) for group, patterns in OWN.items()}
    return table | {group: (*table[group], *lexicon(group)) for group in ALSO_OF_THE_LEXICON}


GROUPS: Final = Phrases(_table())
WORDS: Final = Phrases({"word": (*lexicon("words"), *lexicon("vague"))})
"""Lone and vague words: they never raise a case and only count towards the score."""

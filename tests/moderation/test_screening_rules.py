"""Each rule by its own examples, an operator's phrases, and rules that are switched off."""

import pytest

from moderation.screening import Own, findings, screen
from moderation.screening.catalogue import RULES
from moderation.screening.own import FAMILIES, is_enough
from moderation.wording import SCREENING_RULES


def rules_in(text: str, own: Own | None = None) -> set[str]:
    return {reason.rule for found in findings(text, own or Own()) for reason in found.reasons}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_catches_what_it_must_and_leaves_what_it_must(rule):
    caught = {text: rule in rules_in(text) for text in RULES[rule].catches}
    left = {text: rule not in rules_in(text) for text in RULES[rule].leaves}
    assert caught and left
    assert [text for text, right in {**caught, **left}.items() if not right] == []


def test_every_rule_has_a_name_that_people_read():
    assert set(RULES) <= set(SCREENING_RULES)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_that_is_off_says_nothing(rule):
    text = RULES[rule].catches[0]
    assert rule in rules_in(text)
    assert rule not in rules_in(text, Own(off=frozenset({rule})))


def test_without_a_rule_the_others_still_speak():
    text = "I'm going to kill myself tonight"
    assert screen(text).severity == "emergency"
    assert screen(text, Own(off=frozenset({"time"}))).severity == "urgent"


@pytest.mark.parametrize(("family", "text", "severity", "category"), [
    ("passive", "I want to go past the last buoy", "soon", "crisis"),
    ("plan", "I want to die. Past the last buoy it is.", "urgent", "crisis"),
    ("method", "You can do it past the last buoy", "soon", "method"),
    ("spam", "Everything cheaper past the last buoy", "routine", "spam"),
    ("abuse", "you are past the last buoy", "soon", "abuse"),
])  # fmt: skip
def test_a_phrase_of_this_site_is_read_as_its_family(family, text, severity, category):
    own = Own(words=((family, "past the last buoy"),))
    found = next(found for found in findings(text, own) if found.category == category)
    assert found.severity == severity
    assert any("last buoy" in text[each.start : each.end].lower() for each in found.reasons)


@pytest.mark.parametrize(
    "text",
    ["My sister says she is past the last buoy", '"past the last buoy" is a song', "I used to be past the last buoy"],
)
def test_a_phrase_of_this_site_is_not_read_in_what_others_say_or_what_is_over(text):
    own = Own(words=(("passive", "past the last buoy"),))
    assert screen("I am past the last buoy", own).severity == "soon"
    assert screen(text, own).severity is None


def test_abuse_of_this_site_counts_only_where_it_is_said_to_somebody():
    own = Own(words=(("abuse", "barnacle"),))
    assert screen("you barnacle", own).category == "abuse"
    assert screen("There is a barnacle on the hull", own).severity is None


@pytest.mark.parametrize(("family", "phrase", "enough"), [
    ("passive", "die", False), ("intent", "just really", False), ("plan", "...", False), ("passive", "last buoy", True),
    ("means", "harpoon", True), ("abuse", "barnacle", True), ("spam", "cheap", False), ("passive", "", False),
])  # fmt: skip
def test_a_lone_word_is_not_enough(family, phrase, enough):
    assert is_enough(family, phrase) is enough


def test_every_family_of_the_database_is_one_that_screening_reads(db):
    from moderation.models import RuleFamily

    assert set(RuleFamily.values) == set(FAMILIES)


def test_public_contacts_are_nobodys_own():
    text = "ring 020 7946 0018 or write to help@line.example.org"
    assert rules_in(text) == {"phone", "email"}
    assert rules_in(text, Own(public=frozenset({"02079460018", "help@line.example.org"}))) == set()


def test_the_known_failure_of_a_past_that_is_over():
    assert screen("I used to want to die every day. It took years. Now I have a dog and now I sleep.").severity is None
    assert screen("I used to want to die, now I have a dog").severity is None
    assert screen("I used to want to die and I still do").severity == "soon"

"""Changing the rules of screening: phrases by one of the staff, rules off by two, all of it in a log that is only added to."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from moderation import screening_rules
from moderation.actions.rules import (
    AlreadyThat,
    add_words,
    agree_to_switch_off,
    ask_to_switch_off,
    switch_on,
    take_out_words,
)
from moderation.models import Case, RuleEvent, RuleSwitch, RuleWords
from moderation.refusals import Missing, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh():
    """What this process remembers of the rules is of this test alone."""
    screening_rules.forget()
    yield
    screening_rules.forget()


def changes() -> list[str]:
    return list(RuleEvent.objects.order_by("pk").values_list("what", flat=True))


def test_a_phrase_of_the_staff_opens_a_case_from_then_on(staff, member, post_by):
    post_by(member, "We swam past the last buoy")
    assert not Case.objects.exists()
    add_words(staff, "passive", "Past  the last BUOY")
    screening_rules.forget()
    post_by(member, "We swam past the last buoy")
    assert Case.objects.get().severity == "soon"


def test_the_same_phrase_again_is_once(staff, other_staff):
    first = add_words(staff, "passive", "past the last buoy")
    assert add_words(other_staff, "passive", "PAST THE LAST BUOY") == first
    assert changes() == ["added"]


@pytest.mark.parametrize(("family", "phrase", "field"), [
    ("passive", "buoy", "phrase"), ("passive", "", "phrase"), ("passive", "w " * 60, "phrase"), ("weather", "past the buoy", "family"),
])  # fmt: skip
def test_a_phrase_that_says_too_little_is_refused(staff, family, phrase, field):
    with pytest.raises(Missing) as refusal:
        add_words(staff, family, phrase)
    assert refusal.value.field == field
    assert not RuleWords.objects.exists()


def test_there_is_room_for_so_many_and_no_more(staff, monkeypatch):
    monkeypatch.setattr(RuleWords, "MOST", 1)
    add_words(staff, "passive", "past the last buoy")
    with pytest.raises(Missing):
        add_words(staff, "passive", "past the first buoy")


def test_a_phrase_is_taken_out_once_and_can_come_back(staff, other_staff):
    words = add_words(staff, "passive", "past the last buoy")
    take_out_words(other_staff, words)
    with pytest.raises(AlreadyThat):
        take_out_words(staff, words)
    assert screening_rules.read().words == ()
    add_words(staff, "passive", "past the last buoy")
    assert screening_rules.read().words == (("passive", "past the last buoy"),)
    assert changes() == ["added", "taken_out", "added"]


def test_a_rule_is_off_when_a_second_person_agrees(staff, other_staff):
    switch = ask_to_switch_off(staff, "sales", "The allotment group trades seeds.")
    assert screening_rules.read().off == frozenset()
    agree_to_switch_off(other_staff, switch)
    assert screening_rules.read().off == {"sales"}
    switch_on(staff, switch)
    assert screening_rules.read().off == frozenset()
    assert changes() == ["asked_off", "switched_off", "switched_on"]


def test_nobody_agrees_with_themselves(staff, other_staff):
    switch = ask_to_switch_off(staff, "sales", "Seeds.")
    with pytest.raises(NotAllowed):
        agree_to_switch_off(staff, switch)
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleSwitch.objects.filter(pk=switch.pk).update(confirmed_by=staff, off_since=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleSwitch.objects.filter(pk=switch.pk).update(off_since=timezone.now())
    assert RuleSwitch.objects.filter(pk=switch.pk).update(confirmed_by=other_staff, off_since=timezone.now()) == 1


def test_a_wish_is_asked_once_taken_back_once_and_then_agreed_by_nobody(staff, other_staff):
    switch = ask_to_switch_off(staff, "sales", "Seeds.")
    with pytest.raises(AlreadyThat):
        ask_to_switch_off(other_staff, "sales", "Seeds, too.")
    switch_on(staff, switch)
    with pytest.raises(AlreadyThat):
        switch_on(staff, switch)
    with pytest.raises(AlreadyThat):
        agree_to_switch_off(other_staff, switch)
    assert changes() == ["asked_off", "withdrawn"]


@pytest.mark.parametrize(("rule", "why"), [("", "Seeds."), ("gravity", "Seeds."), ("sales", "")])
def test_a_wish_names_a_rule_and_says_why(staff, rule, why):
    with pytest.raises(Missing):
        ask_to_switch_off(staff, rule, why)
    assert changes() == []


@pytest.mark.parametrize("role", ["member", "moderator", "independent", "administrator"])
def test_only_staff_change_the_rules(make_member, staff, role):
    person = make_member("plover", role=role)
    words, switch = add_words(staff, "passive", "past the last buoy"), ask_to_switch_off(staff, "sales", "Seeds.")
    for act in (
        lambda: add_words(person, "passive", "past the first buoy"),
        lambda: take_out_words(person, words),
        lambda: ask_to_switch_off(person, "links", "Why not."),
        lambda: agree_to_switch_off(person, switch),
        lambda: switch_on(person, switch),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert changes() == ["added", "asked_off"]


def test_the_log_is_only_ever_added_to(staff):
    add_words(staff, "passive", "past the last buoy")
    for sql in ("UPDATE moderation_ruleevent SET what = 'taken_out'", "DELETE FROM moderation_ruleevent"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert changes() == ["added"]


def test_while_the_database_is_away_the_rules_are_those_last_read(staff, monkeypatch):
    add_words(staff, "passive", "past the last buoy")
    screening_rules.forget()
    known = screening_rules.current()
    assert known.words

    def away():
        raise DatabaseError("away")

    monkeypatch.setattr(screening_rules, "read", away)
    monkeypatch.setattr(screening_rules, "FRESH", -1.0)
    assert screening_rules.current() == known
    screening_rules.forget()
    assert screening_rules.current().words == ()


@pytest.mark.django_db(transaction=True)
def test_two_who_agree_at_once_switch_it_off_once(staff, other_staff, make_member, at_once):
    third = make_member("dunlin", role="staff")
    switch = ask_to_switch_off(staff, "sales", "Seeds.")
    results = at_once(lambda: agree_to_switch_off(other_staff, switch), lambda: agree_to_switch_off(third, switch))
    assert sorted(type(result).__name__ for result in results) == ["AlreadyThat", "NoneType"]
    assert changes() == ["asked_off", "switched_off"]


@pytest.mark.django_db(transaction=True)
def test_a_phrase_added_twice_at_once_is_there_once(staff, other_staff, at_once):
    first, second = at_once(
        lambda: add_words(staff, "passive", "past the last buoy"),
        lambda: add_words(other_staff, "passive", "past the last buoy"),
    )
    assert first == second
    assert RuleWords.objects.count() == 1 and changes() == ["added"]

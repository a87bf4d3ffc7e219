"""The member is asked once, a day later, how it was: outside their quiet hours, and never pressed for it."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from forum.models import Member, Notice
from forum.refusals import NotThere
from moderation import how_statistics
from moderation.actions.decisions import decide_case, undo_decision
from moderation.actions.how import ask_how_it_was, say_how_it_was
from moderation.models import Case, Decision, HowItWas

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def decision(held_case, moderator):
    case = held_case(door="rule")
    return decide_case(case, moderator, "fold", seen_post_version=1, rule="kindness")


def ask_after(decision, span=DAY, **more) -> int:
    return ask_how_it_was(decision.made_at + span + timedelta(minutes=1), **more)


def notices(member) -> int:
    return Notice.objects.filter(member=member, kind="how").count()


def test_they_are_asked_a_day_later_and_once(decision, member):
    assert ask_after(decision, timedelta(hours=23)) == 0
    assert ask_after(decision) == 1
    assert ask_after(decision, 2 * DAY) == 0
    assert notices(member) == 1


@pytest.mark.django_db(transaction=True)
def test_two_clocks_ask_once(decision, member, at_once):
    results = at_once(*(lambda: ask_after(decision) for _each in range(2)))
    assert sorted(results) == [0, 1] and notices(member) == 1


def test_quiet_hours_are_kept_and_then_they_are_asked(decision, member):
    due = timezone.localtime(decision.made_at + DAY)
    Member.objects.filter(pk=member.pk).update(
        quiet_from=(due - timedelta(hours=1)).time(), quiet_until=(due + timedelta(hours=2)).time()
    )
    assert ask_after(decision) == 0
    assert ask_after(decision, DAY + timedelta(hours=3)) == 1


def test_nobody_is_asked_while_the_team_looks_after_them_nor_on_a_break(decision, member, open_case):
    care = open_case("ending_life", about_post=False)
    assert ask_after(decision) == 0
    Case.objects.filter(pk=care.pk).update(state="closed")
    Member.objects.filter(pk=member.pk).update(standing="on_break")
    assert ask_after(decision) == 0
    Member.objects.filter(pk=member.pk).update(standing="active")
    assert ask_after(decision) == 1


def test_after_a_week_nobody_is_reminded_of_it(decision, member):
    assert ask_after(decision, 8 * DAY) == 0


def test_what_was_undone_or_took_nothing_is_not_asked_about(decision, held_case, moderator):
    undo_decision(decision, moderator)
    assert ask_after(decision) == 0
    decide_case(held_case(door="rule"), moderator, "no_action", seen_post_version=1)
    assert ask_after(decision) == 0


def test_of_several_decisions_they_are_asked_about_the_last(decision, held_case, moderator, member):
    last = decide_case(held_case(door="rule"), moderator, "fold", seen_post_version=1, rule="kindness")
    assert ask_after(last) == 1
    assert Notice.objects.get(kind="how").ref == last.pk
    assert ask_after(last, 2 * DAY) == 0


def test_who_does_not_want_to_be_asked_is_not(decision, member):
    Member.objects.filter(pk=member.pk).update(notices_off=["how"])
    ask_after(decision)
    assert notices(member) == 0


def test_the_page_asks_one_question_and_keeps_the_answer(as_, decision, member, other_member):
    url = reverse("how_it_was", args=[decision.pk])
    assert as_(member).get(url).status_code == 404  # not before they were asked
    with time_machine.travel(decision.made_at + DAY + timedelta(minutes=5)):
        ask_how_it_was()
        assert url in as_(member).get("/me/decisions/").text
        assert "How was it for you? One question" in as_(member).get("/notices/").text
        assert as_(other_member).get(url).status_code == 404
        assert as_(member).post(url, {"words": "Hm."}).status_code == 422
        assert as_(member).post(url, {"choice": "hard", "words": "I cried, then I saw why."}).status_code == 303
        as_(member).post(url, {"choice": "fair"})
        assert HowItWas.objects.get().choice == "hard"
        assert "Your answer is kept" in as_(member).get(url).text
        assert "One question" not in as_(member).get("/notices/").text
        assert url not in as_(member).get("/me/decisions/").text


@pytest.mark.django_db(transaction=True)
def test_answered_twice_at_once_the_first_stands(decision, member, at_once):
    ask_after(decision)
    decision = Decision.objects.get()
    at_once(*(lambda choice=choice: say_how_it_was(decision, member, choice) for choice in ("fair", "wrong")))
    assert HowItWas.objects.count() == 1


def test_nobody_answers_for_somebody_else(decision, other_member):
    ask_after(decision)
    with pytest.raises(NotThere):
        say_how_it_was(Decision.objects.get(), other_member, "fair")


def test_the_team_sees_a_tally_only_of_eight_or_more(as_, decision, moderator, member):
    when = timezone.now().replace(day=1) - timedelta(days=10)  # last month, which is over
    for n in range(8):
        if n == 7:
            assert all(not row.told and not row.words for row in how_statistics.months())
        copy = Decision.objects.get(pk=decision.pk)
        copy.pk = None
        copy.save(force_insert=True)
        HowItWas.objects.create(decision=copy, choice="fair", words=f"Kindly put, {n}.", said_at=when)
    row = next(row for row in how_statistics.months() if row.told)
    assert row.answers == "" and row.chosen == ["about 10", "", ""]
    page = as_(moderator).get("/moderation/statistics/").text
    assert "How it was to be told" in page and "Kindly put, 3." in page and "robin" not in page

"""The conversation of a care case: who may write, who hears, what it does to the clock."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from forum.models import Member
from forum.refusals import KeyUsed
from moderation.actions.cases import answer_word, conversations_of, read_words, send_word
from moderation.actions.escalation import close_case, take_case
from moderation.actions.reports import ask_for_team
from moderation.models import Case, State, Word
from moderation.refusals import Missing, NotAllowed


def test_the_holder_writes_and_the_member_hears(told, held_case, moderator, member, other_member):
    case = held_case()
    heard = told(lambda: send_word(case, moderator, "Hello Robin.", uuid4()))
    assert (f"member:{member.pk}", "word.sent", case.pk) in heard
    assert (f"member:{other_member.pk}", "notice.changed", case.pk) in heard
    assert [word.body for word in case.words.all()] == ["Hello Robin."]
    assert list(conversations_of(member)) == [case]


def test_the_member_answers_and_the_holder_hears(told, held_case, moderator, member):
    case = held_case()
    send_word(case, moderator, "Is this a good moment?", uuid4())
    heard = told(lambda: answer_word(case, member, "Yes.", uuid4()))
    assert (f"member:{moderator.pk}", "word.sent", case.pk) in heard
    assert ("moderation", "case.changed", case.pk) in heard


def test_an_answer_pulls_the_clock_forward(held_case, moderator, member):
    case = held_case()
    send_word(case, moderator, "Hello.", uuid4())
    before = Case.objects.get(pk=case.pk).due_at
    answer_word(case, member, "Hello.", uuid4())
    assert Case.objects.get(pk=case.pk).due_at < before
    assert Case.objects.get(pk=case.pk).due_at <= timezone.now() + timedelta(hours=12)


def test_a_word_renews_the_claim(held_case, moderator):
    case = held_case()
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        send_word(case, moderator, "Hello.", uuid4())
        assert Case.objects.get(pk=case.pk).lapses_at > timezone.now() + timedelta(minutes=29)


def test_only_the_holder_writes(held_case, other_moderator, other_member, moderator):
    case = held_case()
    for stranger in (other_moderator, other_member):
        with pytest.raises(NotAllowed):
            send_word(case, stranger, "Hello.", uuid4())
    assert send_word(case, moderator, "Hello.", uuid4())


def test_there_is_no_conversation_about_conduct(held_case, moderator):
    with pytest.raises(NotAllowed, match="conduct"):
        send_word(held_case(door="rule"), moderator, "Hello.", uuid4())


def test_whoever_escalated_goes_on_until_staff_join_the_same_conversation(escalated_case, moderator, staff):
    case = escalated_case()
    send_word(case, moderator, "I am still here.", uuid4())
    case.refresh_from_db()
    with pytest.raises(NotAllowed):
        send_word(case, staff, "Hello.", uuid4())
    case.refresh_from_db()
    take_case(case, staff)
    send_word(case, staff, "I am Puffin.", uuid4())
    with pytest.raises(NotAllowed):
        send_word(Case.objects.get(pk=case.pk), moderator, "And I.", uuid4())
    assert [word.author for word in case.words.all()] == [moderator, staff]


def test_who_knows_of_no_case_answers_none(held_case, member, moderator, other_member):
    case = held_case()
    with pytest.raises(NotAllowed, match="nothing here"):
        answer_word(case, member, "Is somebody talking about me?", uuid4())
    send_word(case, moderator, "Hello.", uuid4())
    assert answer_word(case, member, "Hello.", uuid4())
    with pytest.raises(NotAllowed):
        answer_word(case, other_member, "And me?", uuid4())


def test_who_asked_for_the_team_writes_before_anybody_answered(member):
    case = ask_for_team(member, "when_you_can", key=uuid4()).case
    assert answer_word(case, member, "It is about work.", uuid4()).case == case


def test_a_suspended_member_answers_too(held_case, moderator, member):
    case = held_case()
    send_word(case, moderator, "Hello.", uuid4())
    Member.objects.filter(pk=member.pk).update(standing="suspended")
    assert answer_word(case, Member.objects.get(pk=member.pk), "Hello.", uuid4())


def test_an_answer_to_a_closed_case_opens_it_again(staff_case, staff, member, told):
    case = staff_case()
    send_word(case, staff, "Hello.", uuid4())
    close_case(Case.objects.get(pk=case.pk), staff, because="All well.")
    heard = told(lambda: answer_word(case, member, "It is not.", uuid4()))
    case.refresh_from_db()
    assert (case.state, case.offered_to, case.closed_at) == (State.OPEN, staff, None)
    assert case.due_at is not None
    assert ("moderation", "case.changed", case.pk) in heard


def test_an_answer_to_a_closed_case_goes_to_the_live_one(staff_case, staff, member):
    closed = staff_case()
    send_word(closed, staff, "Hello.", uuid4())
    close_case(Case.objects.get(pk=closed.pk), staff, because="All well.")
    living = ask_for_team(member, "when_you_can", key=uuid4()).case
    assert answer_word(closed, member, "Are you there?", uuid4()).case == living
    assert Case.objects.get(pk=closed.pk).state == State.CLOSED


def test_an_empty_word_is_refused(held_case, moderator):
    with pytest.raises(Missing):
        send_word(held_case(), moderator, "  ", uuid4())


def test_the_same_key_is_one_word(held_case, moderator, member):
    case, key = held_case(), uuid4()
    assert send_word(case, moderator, "Hello.", key) == send_word(case, moderator, "Hello.", key)
    answer = answer_word(case, member, "Hello.", key)
    assert answer == answer_word(case, member, "Hello.", key)
    assert Word.objects.count() == 2


def test_the_same_key_with_other_words_swallows_nothing(held_case, moderator, member):
    case, key = held_case(), uuid4()
    first = send_word(case, moderator, "Hello.", key)
    with pytest.raises(KeyUsed) as refused:
        send_word(case, moderator, "Are you there?", key)
    assert refused.value.first_id == first.pk
    answer_word(case, member, "Yes.", key)
    with pytest.raises(KeyUsed):
        answer_word(case, member, "It has become worse.", key)
    assert Word.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_once_is_one_word(held_case, moderator, at_once):
    case, key = held_case(), uuid4()
    results = at_once(*[lambda: send_word(Case.objects.get(pk=case.pk), moderator, "Hello.", key)] * 6)
    assert {result.pk for result in results} == {Word.objects.get().pk}


def test_reading_marks_the_other_sides_words(held_case, moderator, member, other_moderator):
    case = held_case()
    send_word(case, moderator, "Hello.", uuid4())
    read_words(case, other_moderator)
    assert Word.objects.get().read_at is None
    read_words(case, member)
    assert Word.objects.get().read_at is not None

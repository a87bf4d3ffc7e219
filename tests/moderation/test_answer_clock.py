"""An answer that nobody reads is not left lying: whoever writes with them is told and, where it is about danger, on call."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from forum.access import facts_of
from moderation import answer_clock, deadlines
from moderation.actions.cases import answer_word, claim_case, note_case, read_words, release_case, send_word
from moderation.actions.escalation import close_case, escalate_case, take_case
from moderation.board import read_board
from moderation.models import Case, Duty, State, Word
from realtime.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation(open_case, moderator):
    """heron talks with robin, whose life is in danger."""
    case = claim_case(open_case("danger_now"), moderator)
    send_word(case, moderator, "Are you safe where you are?", uuid4())
    return Case.objects.get(pk=case.pk)


def answer(case, member) -> Word:
    return answer_word(case, member, "I don't know.", uuid4())


def call(word: Word, minutes: float = 1) -> int:
    with time_machine.travel(word.answer_due_at + timedelta(minutes=minutes), tick=False):
        return answer_clock.call_about_answers()


def called() -> set[str]:
    return set(Delivery.objects.filter(dedupe__startswith="answer:").values_list("address", flat=True))


def test_an_answer_in_an_emergency_is_due_within_five_minutes(conversation, member):
    word = answer(conversation, member)
    assert word.answer_due_at - word.sent_at <= timedelta(minutes=5)


def test_nobody_is_called_while_there_is_time_nor_for_what_was_read(conversation, member, moderator):
    word = answer(conversation, member)
    assert call(word, -2) == 0
    read_words(conversation, moderator)
    assert call(word) == 0 and called() == set()


def test_whoever_holds_it_and_whoever_is_on_call_are_told_once(conversation, member, moderator, staff, on_duty):
    on_duty(staff, kind="on_call")
    word = answer(conversation, member)
    assert call(word) == 1
    assert called() == {moderator.email, staff.email}
    assert call(word, 30) == 0 and len(called()) == 2
    assert conversation.events.filter(action="answer_late").count() == 1


def test_the_calls_say_nothing_about_the_person(conversation, member, staff, on_duty):
    on_duty(staff, kind="on_call")
    call(answer(conversation, member))
    for row in Delivery.objects.filter(dedupe__startswith="answer:"):
        assert "robin" not in row.subject + row.body and "I don't know" not in row.subject + row.body


def test_an_answer_that_waits_for_staff_with_nobody_there_reaches_who_is_on_call(
    conversation, member, moderator, staff, on_duty
):
    case = escalate_case(conversation, moderator, "Please take this.")
    on_duty(staff, kind="on_call")
    call(answer(case, member))
    assert staff.email in called()


def test_an_answer_to_staff_reaches_who_holds_it_and_who_is_on_call(
    conversation, member, moderator, staff, other_staff, on_duty
):
    case = take_case(escalate_case(conversation, moderator, "Please take this."), staff)
    on_duty(other_staff, kind="on_call")
    call(answer(case, member))
    assert called() == {staff.email, other_staff.email}


def with_staff(conversation, moderator, staff) -> Case:
    return take_case(escalate_case(conversation, moderator, "Please take this."), staff)


def both_clocks(moment) -> None:
    with time_machine.travel(moment, tick=False):
        answer_clock.call_about_answers()
        deadlines.escalate_late()


def test_whoever_reads_the_answer_keeps_the_case_and_the_time_they_had(conversation, member, moderator, staff):
    """They ring 999 meanwhile: for their next step they have what they had, no less and no more."""
    case = with_staff(conversation, moderator, staff)
    due = case.next_action_due
    word = answer(case, member)
    read_words(Case.objects.get(pk=case.pk), staff)
    both_clocks(word.answer_due_at + timedelta(minutes=1))
    now_is = Case.objects.get(pk=case.pk)
    assert (now_is.holder, now_is.next_action_due) == (staff, due)
    both_clocks(due)
    assert Case.objects.get(pk=case.pk).state == State.ESCALATED


def test_an_answer_that_lies_unread_takes_the_case_from_whoever_sleeps(conversation, member, moderator, staff):
    case = with_staff(conversation, moderator, staff)
    word = answer(case, member)
    both_clocks(word.answer_due_at - timedelta(seconds=1))
    assert Case.objects.get(pk=case.pk).holder == staff
    both_clocks(word.answer_due_at)
    waits = Case.objects.get(pk=case.pk)
    assert (waits.state, waits.episode, waits.escalated_by) == (State.ESCALATED, 2, staff)
    assert called() == {staff.email}


def test_whoever_did_something_since_it_came_keeps_the_case_and_is_told(conversation, member, moderator, staff):
    case = with_staff(conversation, moderator, staff)
    word = answer(case, member)
    note_case(Case.objects.get(pk=case.pk), staff, "On the line with 999.")
    both_clocks(word.answer_due_at)
    assert Case.objects.get(pk=case.pk).holder == staff and called() == {staff.email}


def test_the_board_counts_down_to_an_answer_that_nobody_has_read(conversation, member, moderator, staff):
    case = with_staff(conversation, moderator, staff)
    word = answer(case, member)
    board = read_board(facts_of(staff))
    assert [row.clock for row in board.held] == [word.answer_due_at]
    read_words(Case.objects.get(pk=case.pk), staff)
    assert [row.clock for row in read_board(facts_of(staff)).held] == [case.next_action_due]


def test_an_answer_to_a_closed_case_reaches_who_is_on_call(
    conversation, member, moderator, staff, other_staff, on_duty
):
    case = take_case(escalate_case(conversation, moderator, "Please take this."), staff)
    send_word(case, staff, "Write whenever you like.", uuid4())
    close_case(Case.objects.get(pk=case.pk), staff, because="Safe with a friend.")
    on_duty(other_staff, kind="on_call")
    call(answer(case, member))
    assert other_staff.email in called()


def test_what_is_no_danger_wakes_nobody(held_case, member, moderator, staff, on_duty):
    case = held_case()
    send_word(case, moderator, "Hello.", uuid4())
    on_duty(staff, kind="on_call")
    call(answer(case, member))
    assert called() == {moderator.email}


def test_what_nobody_holds_reaches_who_is_on_shift(held_case, member, moderator, other_moderator, on_duty):
    case = held_case()
    send_word(case, moderator, "Hello.", uuid4())
    release_case(Case.objects.get(pk=case.pk), moderator)
    Duty.objects.all().delete()
    on_duty(other_moderator)
    call(answer(case, member))
    assert called() == {other_moderator.email}


def test_after_a_pause_without_a_clock_it_is_caught_up_once(conversation, member, moderator):
    word = answer(conversation, member)
    answer_word(conversation, member, "Hello?", uuid4())
    assert call(word, 24 * 60) == 1
    assert len(called()) == 1 and Word.objects.filter(late_at__isnull=False).count() == 2


@pytest.mark.django_db(transaction=True)
def test_four_clocks_call_once(conversation, member, moderator, at_once):
    word = answer(conversation, member)
    now = word.answer_due_at + timedelta(minutes=1)
    assert sorted(at_once(*[lambda: answer_clock.call_about_answers(now)] * 4)) == [0, 0, 0, 1]
    assert Delivery.objects.filter(dedupe__startswith="answer:").count() == 1
    assert timezone.now() < now

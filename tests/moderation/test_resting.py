"""Asking again at a time: who looks in, what wakes it, and that no worry is left without an owner or a due time."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from forum.models import Notice
from moderation import audit, clocks, deadlines, queues
from moderation.access import facts_of
from moderation.actions.cases import answer_word, claim_case, release_case, send_word
from moderation.actions.duty import sign_off
from moderation.actions.escalation import escalate_case
from moderation.actions.handing import hand_over_case
from moderation.actions.reports import report_member
from moderation.actions.resting import ask_again
from moderation.models import Case, State
from moderation.refusals import CaseMoved, Missing, NotAllowed
from moderation.resting import choices_for

pytestmark = pytest.mark.django_db
NOTE = "Did the doctor ring back?"


@pytest.fixture
def rest(moderator):
    def rest(case, *, keep=True, note=NOTE, person=None, **ahead):
        return ask_again(case, person or moderator, timezone.now() + timedelta(**ahead), note, keep=keep)

    return rest


@pytest.fixture
def later():
    """`later(hours=2)`: the clock runs once, that long from the start of the test."""
    start = timezone.now()

    def run(**ahead):
        with time_machine.travel(start + timedelta(**ahead), tick=False):
            deadlines.run_deadlines()

    return run


def actions(case):
    return [event.action for event in case.events.all()]


def test_it_stays_with_its_holder_and_nothing_is_due_until_then(held_case, rest, later, moderator):
    case = rest(held_case(), days=2)
    assert (case.state, case.holder) == (State.IN_REVIEW, moderator)
    later(days=1, hours=23)
    assert actions(case) == ["open", "claim", "ask_again"]
    later(days=2, seconds=5)
    later(days=2, seconds=10)
    case.refresh_from_db()
    assert actions(case) == ["open", "claim", "ask_again", "time_to_ask"]
    assert (case.state, case.holder, case.asks_again_at) == (State.IN_REVIEW, moderator, None)
    assert case.lapses_at - timezone.now() > timedelta(days=2, minutes=29)
    assert [notice.kind for notice in Notice.objects.filter(member=moderator)] == ["ask_again"]
    assert audit.verify() is None


def test_a_holder_who_is_not_there_then_loses_it_to_the_queue_and_nobody_waits_long(held_case, rest, later):
    case = rest(held_case(), days=2)
    later(days=2, seconds=5)
    later(days=2, minutes=31)
    case.refresh_from_db()
    assert (case.state, actions(case)[-1]) == (State.OPEN, "lapse")
    later(days=2, minutes=32, hours=4)
    assert Case.objects.get(pk=case.pk).state == State.ESCALATED


def test_it_rests_in_the_queue_and_comes_back_to_it(held_case, rest, later, moderator):
    case = rest(held_case(), hours=20, keep=False)
    assert (case.state, case.holder) == (State.OPEN, None)
    seen = queues.read_queue(facts_of(moderator))
    assert (seen.waiting, seen.total, [row.case for row in seen.rows]) == (0, 1, [case])
    assert seen.rows[0].rests and seen.oldest is None
    assert not queues.waiting(facts_of(moderator)).exists()
    later(hours=20, seconds=5)
    assert queues.read_queue(facts_of(moderator)).waiting == 1
    assert Case.objects.get(pk=case.pk).due_at < timezone.now() + timedelta(hours=24, minutes=1)


@pytest.mark.parametrize("keep", [True, False])
def test_a_clock_that_was_down_for_a_quarter_of_an_hour_wakes_it_once(held_case, rest, later, keep):
    case = rest(held_case("ending_life"), hours=2, keep=keep)
    later(hours=2, minutes=15)
    later(hours=2, minutes=15, seconds=5)
    case.refresh_from_db()
    assert actions(case).count("time_to_ask") == 1
    assert case.state == (State.IN_REVIEW if keep else State.OPEN)


@pytest.mark.parametrize("keep", [True, False])
def test_a_clock_that_never_wakes_it_makes_it_late_and_never_lost(held_case, rest, keep):
    case = rest(held_case(), days=1, keep=keep)
    assert case.due_at is not None and case.due_at <= case.asks_again_at + clocks.DECISION["soon"]
    with time_machine.travel(case.due_at + timedelta(seconds=5), tick=False):
        deadlines.lapse_claims()
        deadlines.escalate_late()
        case.refresh_from_db()
        assert case.state == State.ESCALATED or case.due_at <= timezone.now() + clocks.LOOK_IN["soon"]


@pytest.mark.parametrize("keep", [True, False])
def test_an_answer_wakes_it_at_once(held_case, rest, moderator, member, keep):
    case = held_case()
    send_word(case, moderator, "I'll look in on Thursday.", uuid4())
    case = rest(Case.objects.get(pk=case.pk), days=3, keep=keep)
    answer_word(case, member, "It is worse than I said.", uuid4())
    case.refresh_from_db()
    assert case.asks_again_at is None
    assert case.due_at <= timezone.now() + clocks.ANSWER["soon"]
    assert case.state == (State.IN_REVIEW if keep else State.OPEN)


@pytest.mark.parametrize("keep", [True, False])
@pytest.mark.parametrize("category", ["worried", "ending_life", "danger_now"])
def test_a_new_report_wakes_it_at_once_and_an_emergency_never_rests(
    held_case, rest, moderator, member, make_member, category, keep
):
    case = rest(held_case(), days=3, keep=keep)
    report_member(make_member("finch"), member, "worry", category, key=uuid4())
    case.refresh_from_db()
    assert case.asks_again_at is None
    assert case.due_at <= timezone.now() + clocks.DECISION[case.severity]
    if keep:
        assert case.lapses_at <= timezone.now() + clocks.CLAIM[case.severity]


def test_how_long_it_may_rest(held_case, make_member, rest):
    soon, urgent, danger = (
        held_case(category, subject=make_member(name))
        for category, name in (("worried", "finch"), ("ending_life", "siskin"), ("danger_now", "dunnock"))
    )
    for case, ahead in (
        (soon, {"days": 7, "minutes": 1}),
        (urgent, {"hours": 24, "minutes": 1}),
        (soon, {"minutes": 2}),
    ):
        with pytest.raises(Missing) as refusal:
            rest(case, **ahead)
        assert refusal.value.field == "at"
    with pytest.raises(NotAllowed, match="emergency"):
        rest(danger, hours=1)
    assert rest(soon, days=6, hours=23).asks_again_at
    assert rest(urgent, hours=23).asks_again_at


def test_the_database_lets_no_emergency_and_no_conduct_case_rest(held_case):
    until = {"asks_again_at": timezone.now() + timedelta(hours=1)}
    case = held_case()
    Case.objects.filter(pk=case.pk).update(**until)
    for wrong in ({"severity": "emergency"}, {"kind": "conduct"}, {"due_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(**until, **wrong)


def test_only_the_holder_may_and_never_about_conduct(held_case, rest, make_member, other_moderator, member):
    case = held_case()
    for person in (other_moderator, member):
        with pytest.raises(NotAllowed):
            rest(case, person=person, hours=2)
    with pytest.raises(NotAllowed):
        rest(held_case(door="rule", subject=make_member("finch")), hours=2)
    with pytest.raises(Missing):
        rest(case, note=" ", hours=2)


def test_nobody_puts_off_what_they_have_not_read(held_case, rest, moderator, member):
    case = held_case()
    send_word(case, moderator, "Is this a good moment?", uuid4())
    shown = Case.objects.get(pk=case.pk)
    answer_word(case, member, "No. Please stay.", uuid4())
    with pytest.raises(CaseMoved):
        rest(shown, hours=2)
    assert Case.objects.get(pk=case.pk).asks_again_at is None


def test_a_word_while_it_rests_does_not_wake_it_and_a_release_keeps_the_time(held_case, rest, moderator, later):
    case = rest(held_case(), days=2)
    send_word(case, moderator, "Until Thursday, then.", uuid4())
    later(hours=3)
    case.refresh_from_db()
    assert (case.state, case.asks_again_at is not None) == (State.IN_REVIEW, True)
    until = case.asks_again_at
    sign_off(moderator)
    case.refresh_from_db()
    assert (case.state, case.asks_again_at) == (State.OPEN, until)
    case = claim_case(case, moderator)
    assert case.asks_again_at is None
    assert release_case(case, moderator).due_at <= timezone.now() + clocks.LOOK_IN["soon"]


def test_a_rest_is_handed_on_and_ends_with_an_escalation(held_case, rest, moderator, other_moderator, on_duty):
    on_duty(other_moderator)
    case = rest(held_case(), days=2)
    case = hand_over_case(case, moderator, other_moderator, "Please ask for me.")
    assert (case.holder, case.asks_again_at is not None) == (other_moderator, True)
    case = escalate_case(case, other_moderator, "It cannot wait.")
    assert (case.asks_again_at, case.due_at) == (None, None)


def test_staff_ask_again_and_hold_it_until_then(staff_case, rest, staff, later):
    case = rest(staff_case(), person=staff, days=2)
    later(days=1, hours=23)
    assert Case.objects.get(pk=case.pk).state == State.WITH_STAFF
    later(days=2, seconds=5)
    case.refresh_from_db()
    assert (case.state, case.asks_again_at, actions(case)[-1]) == (State.WITH_STAFF, None, "time_to_ask")
    later(days=2, hours=5)
    assert Case.objects.get(pk=case.pk).state == State.ESCALATED


def test_the_times_that_are_offered_are_worth_it():
    friday = datetime(2026, 11, 6, 14, 30, tzinfo=UTC)
    assert [each.key for each in choices_for("soon", friday)] == ["hours", "evening", "tomorrow", "days"]
    assert [each.key for each in choices_for("urgent", friday)] == ["hours", "evening", "tomorrow"]
    night = datetime(2026, 11, 6, 23, 10, tzinfo=UTC)
    assert [each.label for each in choices_for("soon", night)][1] == "Tomorrow, Saturday at 10:00"
    assert choices_for("emergency", friday) == []


def test_on_the_page_it_says_until_when_and_what_to_ask(as_, held_case, moderator, other_moderator):
    case = held_case()
    page = reverse("case", args=[case.pk])
    at = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    wrong = as_(moderator).post(
        page, {"do": "ask_again", "seen": case.version, "when": "at", "note": NOTE, "who": "queue"}
    )
    assert wrong.status_code == 422 and NOTE in wrong.text
    sent = {"do": "ask_again", "seen": case.version, "when": "at", "at": at, "note": NOTE, "who": "queue"}
    assert as_(moderator).post(page, sent).status_code == 303
    shown = as_(other_moderator).get(page).text
    assert "It rests until" in shown and NOTE in shown
    assert "rests until" in as_(other_moderator).get(reverse("queue")).text
    assert NOTE not in as_(other_moderator).get(reverse("queue")).text
    as_(other_moderator).post(page, {"do": "claim"})
    assert NOTE in as_(other_moderator).get(page).text
    send_word(Case.objects.get(pk=case.pk), other_moderator, "Did they ring?", uuid4())
    assert "To ask then" not in as_(other_moderator).get(page).text


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_the_clock_at_once_wake_it_once(held_case, rest, moderator, member, at_once):
    case = held_case()
    send_word(case, moderator, "Until later.", uuid4())
    case = rest(Case.objects.get(pk=case.pk), minutes=11)
    Case.objects.filter(pk=case.pk).update(asks_again_at=timezone.now())
    at_once(deadlines.run_deadlines, lambda: answer_word(case, member, "Now.", uuid4()), deadlines.run_deadlines)
    case.refresh_from_db()
    assert case.asks_again_at is None
    assert actions(case).count("time_to_ask") <= 1 and actions(case).count("answer") == 1

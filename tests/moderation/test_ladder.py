"""The ladder: each level at its minute, once, waiting for whoever is up, and told in the case's time line."""

import json
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forum.models import Notice
from moderation import audit, calls, deadlines, reading
from moderation.actions import climbing
from moderation.actions.acknowledging import acknowledge
from moderation.actions.escalation import take_case
from moderation.actions.reports import ask_for_team, report_member
from moderation.ladder import lasts_until, steps_due, time_gone
from moderation.models import Case, CaseEvent, EscalationSource, LadderCall, LadderStep, State
from moderation.turns import SomeFailed
from realtime.models import Delivery
from tests.moderation.ladders import called, clock_at, since

T0 = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
MINUTES = (0, 2, 5, 10)
LONDON = ZoneInfo("Europe/London")


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def test_steps_come_at_their_minute_and_then_in_repeats():
    assert steps_due(MINUTES, T0, T0 - minutes(1)) == []
    assert steps_due(MINUTES, T0, T0) == [0]
    assert steps_due(MINUTES, T0, T0 + minutes(9.9)) == [0, 1, 2]
    assert steps_due(MINUTES, T0, T0 + minutes(24.9)) == [0, 1, 2, 3]
    assert steps_due(MINUTES, T0, T0 + minutes(40)) == [0, 1, 2, 3, 4, 5]
    assert steps_due((), T0, T0 + minutes(600)) == []


def test_a_pause_stops_the_ladder_and_it_goes_on_from_where_it_was():
    pause = (T0 + minutes(1), T0 + minutes(6))
    assert steps_due(MINUTES, T0, T0 + minutes(5.9), [pause]) == [0]
    assert steps_due(MINUTES, T0, T0 + minutes(6.9), [pause]) == [0]
    assert steps_due(MINUTES, T0, T0 + minutes(7), [pause]) == [0, 1]


def test_two_who_are_up_at_once_stop_it_once():
    pauses = [(T0 + minutes(2), T0 + minutes(7)), (T0 + minutes(1), T0 + minutes(6))]
    assert time_gone(T0, T0 + minutes(10), pauses) == minutes(4)
    assert time_gone(T0, T0 + minutes(3), pauses) == minutes(1)  # a pause that is not over yet


def test_acts_buy_the_time_again_and_only_while_it_lasts():
    up = (T0, T0 + minutes(5))
    assert lasts_until(*up, [T0 + minutes(4), T0 + minutes(8)], minutes(5)) == T0 + minutes(13)
    assert lasts_until(*up, [T0 + minutes(6)], minutes(5)) == T0 + minutes(5)


@pytest.mark.parametrize(("day", "hour"), [((2026, 3, 29), 0), ((2026, 10, 25), 0)])
def test_the_hour_that_the_clocks_skip_or_repeat_moves_no_step(day, hour):
    """Wall time jumps; the minutes that people wait do not."""
    begin = datetime(*day, hour, 50, tzinfo=LONDON)
    for after in range(0, 180, 5):
        now = (begin.astimezone(UTC) + minutes(after)).astimezone(LONDON)
        assert time_gone(begin, now) == minutes(after)


@pytest.fixture
def contact(settings):
    settings.EMERGENCY_CONTACT = "chair@org.test"


def test_each_level_is_a_line_in_the_case_with_who_was_called_and_what_came_of_it(
    escalated_case, staff, other_staff, on_duty, contact
):
    on_duty(staff, "on_call")
    case = escalated_case("danger_now")
    clock_at(since(case, minutes=10, seconds=1))
    lines = [each.line for each in reading.read_timeline(case) if each.event.action == "called"]
    assert lines == [
        "Called: puffin (mail: on its way)",
        "Called: gannet (mail: on its way)",
        "Called: puffin (mail: on its way), gannet (mail: on its way)",
        "Called: the emergency contact (mail: on its way)",
    ]
    Delivery.objects.filter(address=staff.email).update(state="sent")
    Delivery.objects.filter(address="chair@org.test").update(tries=2)
    lines = [each.line for each in reading.read_timeline(case) if each.event.action == "called"]
    assert lines[0] == "Called: puffin (mail: handed over)"
    assert lines[3] == "Called: the emergency contact (mail: not through yet, it is tried again)"
    assert audit.verify() is None


def test_a_step_with_nobody_to_call_says_so(escalated_case, staff):
    case = escalated_case("danger_now")
    clock_at(since(case, minutes=2, seconds=1))
    lines = [each.line for each in reading.read_timeline(case) if each.event.action == "called"]
    assert lines == ["Called: puffin (mail: on its way)", "Nobody was there to call at this step"]


def test_what_is_kept_of_a_step_holds_numbers_and_no_names(escalated_case, staff):
    case = escalated_case("danger_now")
    clock_at(since(case, seconds=1))
    told = json.loads(case.events.get(action="called").said.words)
    assert told == {"episode": 1, "step": 0, "of": 4, "called": {str(staff.pk): 1}, "contact": False}


def test_a_page_holds_a_link_and_a_severity_and_nothing_about_the_person(escalated_case, staff):
    case = escalated_case("danger_now")
    clock_at(since(case, seconds=1))
    page = Delivery.objects.get(address=staff.email)
    assert "emergency" in page.subject and "/up/" in page.body
    for word in ("robin", "wren", "sleeping", "danger", f"/{case.pk}/", "please look"):
        assert word not in (page.subject + page.body).lower()


def test_a_page_is_in_the_language_of_whoever_is_called(escalated_case, staff, other_staff):
    type(staff).objects.filter(pk=other_staff.pk).update(language="cy")
    case = escalated_case("danger_now")
    clock_at(since(case, minutes=2, seconds=1))
    english, welsh = (Delivery.objects.get(address=person.email).subject for person in (staff, other_staff))
    assert "emergency" in english and "emergency" not in welsh


def test_the_ladder_waits_for_whoever_is_up_and_then_goes_on_from_where_it_was(
    escalated_case, staff, other_staff, on_duty
):
    on_duty(staff, "on_call")
    case = escalated_case("danger_now")
    clock_at(since(case, seconds=1))
    with time_machine.travel(since(case, minutes=1), tick=False):
        acknowledge(case, staff)
    clock_at(since(case, minutes=5, seconds=59))
    assert called(case) == [(0, "puffin")]
    clock_at(since(case, minutes=6, seconds=55))
    assert called(case) == [(0, "puffin")]
    clock_at(since(case, minutes=7, seconds=5))
    assert called(case) == [(0, "puffin"), (1, "gannet")]


def test_who_is_up_and_takes_it_ends_the_calls(escalated_case, staff, other_staff, on_duty):
    on_duty(staff, "on_call")
    case = escalated_case("danger_now")
    clock_at(since(case, seconds=1))
    with time_machine.travel(since(case, minutes=1), tick=False):
        acknowledge(case, staff)
        take_case(Case.objects.get(pk=case.pk), staff)
    clock_at(since(case, minutes=25))
    assert called(case) == [(0, "puffin")]


def test_after_a_pause_without_a_clock_each_level_goes_out_once_and_is_given_its_time_before_it_counts_as_unanswered(
    as_, escalated_case, other_member, staff, other_staff, contact, on_duty
):
    on_duty(staff, "on_call")
    case = escalated_case("danger_now")
    clock_at(since(case, hours=2))
    steps = [step for step, _handle in called(case)]
    assert sorted(set(steps)) == [0, 1, 2, 3]
    assert LadderStep.objects.filter(case=case).count() == 4 + 7
    assert CaseEvent.objects.filter(action="called").count() == 4
    case.refresh_from_db()
    assert case.unanswered_at is None
    assert "Nobody has answered our calls yet." not in as_(other_member).get("/me/reports/").text
    before = called(case)
    clock_at(since(case, hours=2, seconds=5))
    assert called(case) == before


def test_of_the_repeats_that_piled_up_the_newest_goes_out(escalated_case, staff, other_staff, contact, on_duty):
    on_duty(staff, "on_call")
    case = escalated_case("danger_now")
    clock_at(since(case, minutes=10))
    clock_at(since(case, hours=2))
    assert sorted({step for step, _handle in called(case)}) == [0, 1, 2, 3, 4 + 6]
    assert LadderStep.objects.filter(case=case).count() == 4 + 7
    case.refresh_from_db()
    assert case.unanswered_at is not None


def test_who_told_us_is_told_once_when_nobody_answers(as_, member, other_member, staff):
    case = report_member(other_member, member, "worry", "danger_now", key=uuid4()).case  # nobody is on duty
    clock_at(since(case, minutes=10, seconds=1))
    assert not Notice.objects.filter(member=other_member, kind="outcome", state="unanswered").exists()
    clock_at(since(case, minutes=25, seconds=1))
    clock_at(since(case, minutes=40, seconds=1))
    assert Notice.objects.filter(member=other_member, kind="outcome", state="unanswered").count() == 1
    assert "Nobody has answered our calls yet." in as_(other_member).get("/me/reports/").text


def test_who_asked_for_themselves_is_told_when_nobody_answers(as_, member, staff):
    case = ask_for_team(member, "danger_now", key=uuid4()).case
    assert Case.objects.get(pk=case.pk).state == State.ESCALATED  # nobody is on duty
    for passed in (11, 26):
        Case.objects.filter(pk=case.pk).update(escalated_at=timezone.now() - minutes(passed))
        deadlines.run_deadlines()
    assert "Nobody has answered our calls yet." in as_(member).get("/me/reports/").text


def test_a_case_that_fails_keeps_no_other_from_its_turn_and_the_clock_does_not_call_itself_well(
    escalated_case, make_member, staff, monkeypatch, caplog
):
    poor, fine = escalated_case("danger_now"), escalated_case("danger_now", subject=make_member("finch"))
    level = calls.level

    def break_one(case, step):
        if case.pk == poor.pk:
            raise RuntimeError("no such level")
        return level(case, step)

    monkeypatch.setattr(climbing.calls, "level", break_one)
    with pytest.raises(SomeFailed):
        clock_at(since(fine, seconds=1))
    assert called(fine) == [(0, "puffin")] and called(poor) == []
    assert f"ladder_failed: case {poor.pk}" in caplog.text
    monkeypatch.undo()
    clock_at(since(fine, seconds=6))
    assert called(poor) == [(0, "puffin")]


@pytest.mark.parametrize("task", ["waking.wake_resting", "lapse_claims", "escalate_late"])
def test_what_fails_before_it_stops_no_ladder(escalated_case, staff, monkeypatch, caplog, task):
    case = escalated_case("danger_now")

    def broken():
        raise RuntimeError("poisoned")

    monkeypatch.setattr(f"moderation.deadlines.{task}", broken)
    with pytest.raises(SomeFailed):
        clock_at(since(case, seconds=1))
    assert called(case) == [(0, "puffin")] and "broken_failed" in caplog.text


def test_one_poisoned_case_that_is_late_stops_neither_the_next_nor_anybodys_ladder(
    open_case, escalated_case, make_member, staff, monkeypatch, caplog
):
    fine = escalated_case("danger_now", subject=make_member("finch"))
    poor, late = open_case("danger_now"), open_case("danger_now", subject=make_member("siskin"))
    move = deadlines._move

    def break_one(case, *args, **named):
        if case.pk == poor.pk:
            raise RuntimeError("poisoned")
        return move(case, *args, **named)

    monkeypatch.setattr(deadlines, "_move", break_one)
    with pytest.raises(SomeFailed):
        clock_at(since(fine, minutes=6))
    late.refresh_from_db()
    assert late.state == State.ESCALATED and (0, "puffin") in called(fine)
    assert f"late_failed: case {poor.pk}" in caplog.text


def test_the_emergency_contact_may_be_a_webhook_of_the_organisations(escalated_case, staff, settings):
    settings.EMERGENCY_CONTACT = "https://pager.org.test/hook"
    case = escalated_case("danger_now")
    clock_at(since(case, minutes=10, seconds=1))
    assert (3, "") in called(case)


def test_a_second_escalation_has_a_ladder_of_its_own(staff_case, staff, other_staff):
    case = staff_case("danger_now")
    clock_at(timezone.now() + minutes(31))
    case.refresh_from_db()
    assert (case.state, case.episode) == (State.ESCALATED, 2)
    assert {call.step.episode for call in LadderCall.objects.filter(step__case=case)} == {2}


def test_twenty_steps_that_came_due_while_no_clock_ran_go_out_at_one_look(escalated_case, make_member, staff):
    """15 minutes without a clock: what is due is due at the first look after it, and none is left for the second."""
    cases = [escalated_case("danger_now", subject=make_member(f"sub{letter}")) for letter in "abcde"]
    clock_at(max(since(case, minutes=15) for case in cases))
    assert LadderStep.objects.count() == 20
    assert Delivery.objects.filter(dedupe__startswith="ladder:").count() == len(
        set(Delivery.objects.values_list("dedupe", flat=True))
    )
    clock_at(max(since(case, minutes=15, seconds=5) for case in cases))
    assert LadderStep.objects.count() == 20


@pytest.mark.parametrize("month", [3, 10])
@pytest.mark.parametrize(
    ("category", "levels"), [("danger_now", (0, 2, 5, 10, 25)), ("ending_life", (0, 10, 30, 60, 75))]
)
def test_over_a_month_with_its_change_of_clocks_each_level_comes_at_its_minute(
    escalated_case, staff, other_staff, contact, month, category, levels
):
    """Random moments of the month, the hours of the change among them: nothing a look before its minute, all at it."""
    case = escalated_case(category)
    chance = Random(month)
    change = datetime(2026, month, 29 if month == 3 else 25, tzinfo=UTC)
    moments = [datetime(2026, month, 1, tzinfo=UTC) + minutes(chance.uniform(0, 31 * 24 * 60)) for _each in range(8)]
    moments += [change + minutes(count) for count in (-3, 55, 59, 60, 61, 118)]
    for episode, begin in enumerate(sorted(moments), start=2):
        fresh = {"episode": episode, "escalated_at": begin, "unanswered_at": None}
        Case.objects.filter(pk=case.pk).update(escalation_source=EscalationSource.HUMAN, **fresh)
        for step, after in enumerate(levels):
            climb_at(begin + minutes(after) - timedelta(seconds=1))
            assert taken(case, episode) == list(range(step))
            climb_at(begin + minutes(after))
            assert taken(case, episode) == list(range(step + 1))


def climb_at(moment: datetime) -> None:
    with time_machine.travel(moment, tick=False):
        climbing.climb_ladders()


def taken(case: Case, episode: int) -> list[int]:
    steps = LadderStep.objects.filter(case=case, episode=episode).order_by("step")
    return list(steps.values_list("step", flat=True))


def test_a_look_at_which_nothing_is_due_writes_nothing(escalated_case, staff):
    case = escalated_case("danger_now")
    clock_at(since(case, seconds=1))
    with time_machine.travel(since(case, seconds=30), tick=False), CaptureQueriesContext(connection) as asked:
        climbing.climb_ladders()
    assert not [query["sql"] for query in asked if not query["sql"].lstrip().upper().startswith("SELECT")]


@pytest.mark.django_db(transaction=True)
def test_four_clocks_call_each_person_once_a_step(escalated_case, make_member, staff, other_staff, at_once):
    for letter in "abcde":
        escalated_case("danger_now", subject=make_member(f"sub{letter}"))
    with time_machine.travel(timezone.now() + minutes(26), tick=False):
        failures = [each for each in at_once(*[climbing.climb_ladders] * 4) if isinstance(each, Exception)]
    assert failures == []
    assert LadderStep.objects.count() == 5 * 5
    assert CaseEvent.objects.filter(action="called").count() == 5 * 4  # and no repeat beside the levels
    assert audit.verify() is None

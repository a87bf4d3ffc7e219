"""New danger about somebody whom a person holds already: whoever holds the case hears at once, and if they sleep, others do."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from forum.models import Block
from moderation import deadlines
from moderation.actions.cases import claim_case, note_case
from moderation.actions.reports import ask_for_team, report_member
from moderation.actions.staying import stay_with
from moderation.models import Case, Duty, EscalationSource, Report, Source, State
from moderation.staying import stay_of
from realtime.models import Delivery
from tests.moderation.ladders import called, clock_at, since

pytestmark = pytest.mark.django_db
FIVE_MINUTES = timedelta(minutes=5)


def later(**ahead):
    return time_machine.travel(timezone.now() + timedelta(**ahead), tick=False)


def now_is(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def paged() -> list[str]:
    """Who was told that more had come about a case of theirs."""
    return list(Delivery.objects.filter(dedupe__startswith="joined:").values_list("address", flat=True))


@pytest.mark.parametrize("category", ["ending_life", "danger_now"])
def test_the_member_says_that_it_is_now_and_whoever_of_staff_holds_it_is_called(staff_case, member, staff, category):
    case = staff_case(category)
    with later(minutes=20):
        ask_for_team(member, "danger_now", key=uuid4())
        assert now_is(case).next_action_due <= timezone.now() + FIVE_MINUTES
    assert (now_is(case).holder, now_is(case).severity) == (staff, "emergency")
    assert paged() == [staff.email]


def test_a_friend_reports_a_goodbye_and_whoever_sleeps_through_it_loses_the_case_to_who_is_on_call(
    staff_case, member, make_member, other_staff, on_duty
):
    case = staff_case("danger_now")
    with later(minutes=1):
        report_member(make_member("finch"), member, "worry", "danger_now", key=uuid4())
        come = timezone.now()
    on_duty(other_staff, "on_call")
    clock_at(come + FIVE_MINUTES - timedelta(seconds=1))
    assert now_is(case).state == State.WITH_STAFF
    clock_at(come + FIVE_MINUTES)
    assert now_is(case).state == State.ESCALATED
    clock_at(since(case, seconds=1))
    assert called(case)[0] == (0, "gannet")


def test_one_act_keeps_the_case(staff_case, member, make_member, staff):
    case = staff_case("danger_now")
    report_member(make_member("finch"), member, "worry", "danger_now", key=uuid4())
    with later(minutes=4):
        note_case(now_is(case), staff, "Reading it, and ringing 999.")
    with later(minutes=30):
        deadlines.escalate_late()
    assert now_is(case).holder == staff


def test_a_page_about_it_says_nothing_of_the_person(staff_case, member):
    case = staff_case("ending_life")
    ask_for_team(member, "danger_now", key=uuid4(), note="On the bridge.")
    page = Delivery.objects.get(dedupe__startswith="joined:")
    assert "emergency" in page.subject and f"/staff/cases/{case.pk}/" in page.body
    assert not [word for word in ("robin", "bridge", "danger") if word in (page.subject + page.body).lower()]


def test_what_whoever_holds_it_told_of_themselves_calls_nobody(staff_case, member, staff):
    case = staff_case("ending_life")
    report_member(staff, member, "worry", "danger_now", key=uuid4())
    assert now_is(case).severity == "emergency" and paged() == []


def test_a_worry_by_somebody_they_have_blocked_and_one_that_can_wait_call_nobody(staff_case, member, make_member):
    case, finch = staff_case("ending_life"), make_member("finch")
    due = case.next_action_due
    Block.objects.create(blocker=member, blocked=finch)
    report_member(finch, member, "worry", "danger_now", key=uuid4())
    report_member(make_member("siskin"), member, "worry", "worried", key=uuid4())
    assert paged() == [] and now_is(case).next_action_due == due


def test_a_moderator_who_reads_it_just_now_is_told_and_keeps_it(held_case, member, moderator):
    case = held_case("ending_life")
    ask_for_team(member, "danger_now", key=uuid4())
    assert (now_is(case).holder, paged()) == (moderator, [moderator.email])


def test_a_moderator_who_has_dozed_off_is_not_waited_for(held_case, member, moderator, staff, on_duty):
    case = held_case("ending_life")
    Duty.objects.filter(member=moderator).delete()
    on_duty(staff, "on_call")
    with later(minutes=6):
        ask_for_team(member, "danger_now", key=uuid4())
        assert now_is(case).state == State.ESCALATED
    clock_at(since(case, seconds=1))
    assert called(case) == [(0, "puffin")] and paged() == []


def test_where_a_colleague_is_here_the_case_goes_to_them(held_case, member, moderator, other_moderator, on_duty):
    case = held_case("ending_life")
    Duty.objects.filter(member=moderator).delete()
    on_duty(other_moderator)
    with later(minutes=6):
        ask_for_team(member, "danger_now", key=uuid4())
        assert now_is(case).state == State.OPEN and now_is(case).due_at <= timezone.now() + FIVE_MINUTES
        assert claim_case(now_is(case), other_moderator).holder == other_moderator


# --- what waits for staff already ------------------------------------------------------------------------------------


def steps_at(case: Case, **ahead: float) -> list[int]:
    """Which levels were called by then, counted from when the case waits on this ladder."""
    clock_at(since(case, **ahead))
    return sorted({step for step, _handle in called(case)})


def test_worse_news_of_a_case_that_waited_all_night_begins_its_ladder_and_does_not_say_that_nobody_answers(
    as_, escalated_case, member, other_member, staff, other_staff, on_duty
):
    on_duty(staff, "on_call")
    case = escalated_case("worried")
    clock_at(since(case, hours=5))
    assert called(case) == []
    told = since(case, hours=5)
    with time_machine.travel(told, tick=False):
        ask_for_team(member, "danger_now", key=uuid4())
    clock_at(told + timedelta(seconds=1))
    assert called(case) == [(0, "puffin")] and now_is(case).unanswered_at is None
    for person in (member, other_member):
        assert "Nobody has answered our calls yet." not in as_(person).get("/me/reports/").text
    assert steps_at(case, minutes=2) == [0, 1]


def test_whoever_stays_with_them_goes_on_staying(escalated_case, member, moderator):
    case = escalated_case("worried")
    stay_with(case, moderator)
    ask_for_team(member, "danger_now", key=uuid4())
    staying = stay_of(now_is(case))
    assert staying and staying.goes_on and now_is(case).escalated_by == moderator


def test_what_screening_alone_found_urgent_is_called_about_from_when_a_person_tells_of_it(
    escalated_case, member, other_member, make_member, staff
):
    case = escalated_case("ending_life")
    Report.objects.filter(case=case).update(source=Source.SCREENING)
    Case.objects.filter(pk=case.pk).update(escalation_source=EscalationSource.SCREENING, first_looked_at=None)
    assert steps_at(case, hours=5) == []
    told = since(case, hours=5)
    with time_machine.travel(told, tick=False):
        report_member(make_member("finch"), member, "worry", "ending_life", key=uuid4())
    clock_at(told + timedelta(seconds=1))
    assert called(case) == [(0, "puffin")]


def test_a_second_report_that_is_no_worse_leaves_the_ladder_where_it_is(escalated_case, member, make_member, staff):
    case = escalated_case("danger_now")
    clock_at(since(case, seconds=1))
    begun = now_is(case).escalated_at
    report_member(make_member("finch"), member, "worry", "danger_now", key=uuid4())
    assert (now_is(case).episode, now_is(case).escalated_at) == (1, begun)


def test_what_calls_nobody_goes_on_waiting_since_it_came(escalated_case, member, make_member):
    case = escalated_case("worried")
    Case.objects.filter(pk=case.pk).update(severity="routine")
    begun = now_is(case).escalated_at
    report_member(make_member("finch"), member, "worry", "worried", key=uuid4())
    assert (now_is(case).severity, now_is(case).episode, now_is(case).escalated_at) == ("soon", 1, begun)

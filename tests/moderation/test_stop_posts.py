"""Others are being hurt: new posts are stopped for an hour, staff are called, and the member is told so plainly."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from forum.actions.posts import publish_post
from forum.actions.support import set_support
from forum.models import Member
from forum.refusals import PostingPaused
from moderation.actions.cases import claim_case
from moderation.actions.climbing import climb_ladders
from moderation.actions.decisions import undo_decision
from moderation.actions.reports import report_member, report_post
from moderation.actions.stopping import stop_posts
from moderation.models import Case, Decision, State
from moderation.refusals import Missing, NotAllowed, PostsStopped
from realtime.models import Delivery
from tests.moderation.members import again, decide

NOTE = "They are writing to three people at once."


@pytest.fixture
def conduct(held_case):
    return held_case(door="rule")


def stands(member):
    return Member.objects.get(pk=member.pk).current_standing


def test_posts_stop_for_an_hour_and_everything_else_stays_open(
    conduct, moderator, member, other_member, post_by, time_machine
):
    theirs = post_by(other_member)
    decision = stop_posts(conduct, moderator, NOTE)
    fresh = Member.objects.get(pk=member.pk)
    with pytest.raises(PostingPaused) as refused:
        publish_post(fresh, body="More.", key=uuid4())
    assert f"until {timezone.localtime(decision.until):%A}" in refused.value.message
    set_support(fresh, theirs, "with_you", on=True)
    assert theirs.supports.count() == 1
    time_machine.move_to(timezone.now() + timedelta(minutes=60))
    assert publish_post(Member.objects.get(pk=member.pk), body="More.", key=uuid4())


def test_the_member_is_told_that_it_is_for_safety_and_until_when(conduct, moderator, member):
    decision = stop_posts(conduct, moderator, NOTE)
    assert (decision.rule, decision.told, decision.subject) == ("safety", True, member)
    assert f"{timezone.localtime(decision.until):%H:%M}" in decision.statement
    assert "staff has been told" in decision.statement and "does not count against you" in decision.statement
    assert NOTE not in decision.statement


def test_staff_are_called_at_once_whatever_the_case_was_before(conduct, moderator, staff, on_duty):
    on_duty(staff, kind="on_call")
    Case.objects.filter(pk=conduct.pk).update(severity="routine")
    stop_posts(again(conduct), moderator, NOTE)
    case = again(conduct)
    assert (case.state, case.severity, case.escalated_by) == (State.ESCALATED, "urgent", moderator)
    climb_ladders()
    assert Delivery.objects.filter(address=staff.email).exists()


def test_an_emergency_stays_one(conduct, moderator):
    Case.objects.filter(pk=conduct.pk).update(severity="emergency")
    stop_posts(again(conduct), moderator, NOTE)
    assert again(conduct).severity == "emergency"


def test_it_waits_for_nobody_who_looks_after_them(open_case, conduct, moderator, other_moderator, member):
    claim_case(open_case("ending_life", about_post=False), other_moderator)
    assert stop_posts(again(conduct), moderator, NOTE)
    assert stands(member) == "paused"


def test_who_noticed_it_may_stop_it(member, moderator, post_by):
    case = report_post(moderator, post_by(member), "rule", "abuse", key=uuid4()).case
    assert stop_posts(again(case), moderator, NOTE)
    assert stands(member) == "paused"


def test_a_colleague_may_while_another_holds_it_but_not_while_staff_do(
    conduct, staff_case, moderator, other_moderator, staff
):
    assert stop_posts(conduct, other_moderator, NOTE)
    held = staff_case(door="rule", about_post=False)
    with pytest.raises(NotAllowed, match="Somebody else holds"):
        stop_posts(held, moderator, NOTE)


def test_once_a_day_without_staff(conduct, staff_case, moderator, other_moderator, staff, member, time_machine):
    held = staff_case(door="rule", about_post=False)
    first = stop_posts(conduct, moderator, NOTE)
    with pytest.raises(PostsStopped) as refused:
        stop_posts(again(conduct), other_moderator, NOTE)
    assert refused.value.message.startswith("heron stopped their new posts")
    time_machine.move_to(timezone.now() + timedelta(hours=2))
    with pytest.raises(PostsStopped):
        stop_posts(again(conduct), other_moderator, NOTE)
    assert stop_posts(again(held), staff, NOTE)  # staff may, and the case stays with them
    assert again(held).state == State.WITH_STAFF
    time_machine.move_to(timezone.now() + timedelta(hours=25))
    assert stop_posts(again(conduct), other_moderator, NOTE)
    assert first.until < timezone.now()


def test_who_cannot_post_anyway_is_left_alone(conduct, staff_case, moderator, staff):
    held = staff_case(door="rule", about_post=False)
    decide(held, staff, "suspend")
    with pytest.raises(NotAllowed, match="cannot post just now anyway"):
        stop_posts(conduct, moderator, NOTE)


def test_it_is_never_done_for_a_worry_and_never_without_a_word_to_staff(held_case, conduct, moderator):
    with pytest.raises(NotAllowed, match="being worried about"):
        stop_posts(held_case(), moderator, NOTE)
    with pytest.raises(Missing):
        stop_posts(conduct, moderator, " ")
    assert not Decision.objects.exists()


def test_moderators_stop_nobody_of_the_team(other_member, other_moderator, moderator, independent):
    case = report_member(other_member, other_moderator, "rule", "abuse", key=uuid4()).case
    with pytest.raises(NotAllowed, match="nothing here"):
        stop_posts(case, moderator, NOTE)
    assert stop_posts(case, independent, NOTE)


def test_undone_they_can_post_again(conduct, moderator, staff, member):
    undo_decision(stop_posts(conduct, moderator, NOTE), staff)
    assert publish_post(Member.objects.get(pk=member.pk), body="Back.", key=uuid4())


@pytest.mark.django_db(transaction=True)
def test_two_at_once_stop_them_once(conduct, open_case, moderator, other_moderator, at_once):
    other = open_case(door="rule", about_post=False)
    results = at_once(
        lambda: stop_posts(again(conduct), moderator, NOTE),
        lambda: stop_posts(again(other), other_moderator, NOTE),
    )
    assert sum(isinstance(result, Decision) for result in results) == 1
    assert sum(isinstance(result, PostsStopped) for result in results) == 1

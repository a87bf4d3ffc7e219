"""What the clock does for requests, incidents and lessons: once each, however many clocks there are and however late."""

from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.actions.incidents import add_line, ask_to_close
from moderation.actions.lessons import mark_done, write_lesson
from moderation.actions.outside_requests import agree, hand_over, put_off_telling, tell_member
from moderation.models import OutsideRequest, RequestEvent
from moderation.outside_clock import run_outside
from moderation.refusals_register import RegisterMoved
from realtime import retention
from realtime.models import Delivery
from tests.moderation.registers import a_request, an_incident, decided, fresh, proposed

pytestmark = pytest.mark.django_db


def mailed(words):
    return sorted(Delivery.objects.filter(subject__contains=words).values_list("address", flat=True))


@pytest.fixture
def later(time_machine):
    start = timezone.now()
    return lambda **span: time_machine.move_to(start + timedelta(**span), tick=False)


def test_a_request_is_reminded_of_a_day_before_and_once_it_is_late(staff, other_staff, later):
    a_request(staff)
    run_outside()
    assert mailed("is due") == []
    later(hours=30)
    run_outside()
    run_outside()
    assert mailed("is due") == [other_staff.email, staff.email]
    later(hours=49)
    run_outside()
    run_outside()
    assert mailed("is late") == [other_staff.email, staff.email]


def test_an_answered_request_is_reminded_of_no_more(staff, other_staff, staff_case, later):
    staff_case("thoughts")
    hand_over(decided(staff, other_staff), staff, "By hand.")
    later(days=5)
    run_outside()
    assert mailed("from outside is") == []


def test_staff_are_reminded_of_no_request_about_themselves(staff, other_staff, later):
    a_request(other_staff, about_words="puffin")
    later(days=3)
    run_outside()
    assert mailed("is late") == [other_staff.email]


def test_a_proposal_that_nobody_answers_lapses_after_seven_days(staff, other_staff, staff_case, later):
    staff_case("thoughts")
    row = proposed(staff)
    later(days=6, hours=23)
    run_outside()
    assert fresh(row).proposed_by == staff
    later(days=7, minutes=1)
    run_outside()
    run_outside()
    assert fresh(row).proposed_by is None
    assert RequestEvent.objects.filter(what="lapsed", by=None).count() == 1
    with pytest.raises(RegisterMoved):
        agree(row, other_staff)


def test_an_incident_that_nobody_else_closes_goes_on(staff, later):
    row = an_incident(staff)
    add_line(row, staff, "changed", "Pages ring now.", at=timezone.now())
    ask_to_close(row, staff)
    later(days=7, minutes=1)
    run_outside()
    assert fresh(row).close_asked_by is None


def test_the_72_hours_are_called_out_a_day_before_and_when_they_are_over(staff, other_staff, later):
    an_incident(staff, "breach", found_at=timezone.now() - timedelta(minutes=1))
    an_incident(staff, "near_miss")
    later(hours=47)
    run_outside()
    assert mailed("regulator") == []
    later(hours=49)
    run_outside()
    run_outside()
    assert mailed("Has the regulator") == [other_staff.email, staff.email]
    later(hours=72)
    run_outside()
    run_outside()
    assert mailed("72 hours are over") == [other_staff.email, staff.email]


def test_after_a_long_pause_of_the_clock_only_what_is_true_now_is_said(staff, other_staff, later):
    an_incident(staff, "breach")
    later(days=9)
    run_outside()
    assert mailed("Has the regulator") == [] and len(mailed("72 hours are over")) == 2


def test_once_the_regulator_was_told_nobody_is_reminded(staff, later):
    row = an_incident(staff, "breach")
    add_line(row, staff, "regulator", "Told by form.", at=timezone.now())
    later(days=4)
    run_outside()
    assert mailed("regulator") == [] and mailed("72 hours") == []


def test_on_its_day_it_is_asked_again_whether_the_person_can_be_told(staff, other_staff, staff_case, later):
    staff_case("thoughts")
    row = hand_over(decided(staff, other_staff), staff, "By hand.")
    row = put_off_telling(row, staff, "Her partner reads her telephone.", timezone.localdate() + timedelta(days=3))
    later(days=2)
    run_outside()
    assert mailed("be told now") == []
    later(days=3)
    run_outside()
    run_outside()
    assert mailed("be told now") == [other_staff.email, staff.email]
    tell_member(row, staff, "Hello Robin.")
    later(days=4)
    run_outside()
    assert len(mailed("be told now")) == 2


def test_who_is_to_do_something_hears_of_it_on_its_day(staff, moderator, later):
    lesson = write_lesson(
        staff, "Ring first.", step="Write it up.", who=moderator, due_on=timezone.localdate() + timedelta(days=2)
    )
    run_outside()
    assert mailed("is due") == []
    later(days=2)
    run_outside()
    run_outside()
    assert mailed("is due") == [moderator.email]
    mail = Delivery.objects.get(subject__contains="is due")
    assert "/moderation/learning/" in mail.body and "Write it up" not in mail.body
    mark_done(lesson, moderator)


@pytest.mark.django_db(transaction=True)
def test_four_clocks_at_once_say_each_thing_once(staff, other_staff, later, at_once):
    a_request(staff)
    an_incident(staff, "breach")
    later(days=4)
    results = at_once(*[run_outside] * 4)
    assert [each for each in results if each is not None] == []
    assert len(mailed("is late")) == 2 and len(mailed("72 hours are over")) == 2


def test_after_six_years_the_names_go_and_what_was_decided_stays(staff, other_staff, staff_case, later):
    staff_case("thoughts")
    row = decided(staff, other_staff)
    OutsideRequest.objects.filter(pk=row.pk).update(stage="closed", closed_at=timezone.now(), closed_by=staff)
    later(days=5 * 365)
    assert retention.forget("request_names") == 0
    later(days=6 * 365, hours=1)
    assert retention.forget("request_names") == 1
    old = fresh(row)
    assert (old.name, old.reach, old.asked) == ("", "", "") and old.give and old.confirmed_by == other_staff

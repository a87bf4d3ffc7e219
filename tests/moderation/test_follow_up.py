"""A follow-up comes back on its date, wakes nobody, and joins what is going on already."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from forum import data_rights
from moderation import record_clock
from moderation.actions.climbing import climb_ladders
from moderation.actions.escalation import close_case, take_case
from moderation.actions.records import current_record
from moderation.actions.reports import report_member
from moderation.models import Case, CrisisRecord, LadderStep, Severity, State
from moderation.record_parts import stored
from moderation.refusals import Missing
from tests.moderation.records import write_record

pytestmark = pytest.mark.django_db
ASKED = stored(["contacts"])


@pytest.fixture
def closed(staff_case, staff):
    case = staff_case("danger_now")
    day = timezone.localdate() + timedelta(days=3)
    write_record(case, staff, not_known=ASKED, follow_up_on=day.isoformat(), how_it_ended="To be rung on Thursday.")
    return close_case(Case.objects.get(pk=case.pk), staff)


@pytest.fixture
def at_ten(monkeypatch):
    """The clock on the wall says ten in the morning so many days from today."""
    today = timezone.localtime()

    def at(days: int, hour: int = 10):
        then = today.replace(hour=hour, minute=0) + timedelta(days=days)
        monkeypatch.setattr(timezone, "now", lambda: then)

    return at


def test_it_comes_back_on_the_morning_of_its_day(as_, staff, closed, at_ten):
    at_ten(2)
    assert record_clock.follow_up() == 0
    at_ten(3, hour=7)
    assert record_clock.follow_up() == 0
    at_ten(3)
    assert record_clock.follow_up() == 1
    assert record_clock.follow_up() == 0
    case = Case.objects.get(pk=closed.pk)
    assert (case.state, case.severity, case.closed_at) == (State.ESCALATED, Severity.SOON, None)
    assert case.events.filter(action="follow_up").count() == 1
    board = as_(staff).get("/staff/").text
    assert "To be followed up today" in board and "To be rung on Thursday." in board
    climb_ladders()
    assert not LadderStep.objects.exists(), "a day is no alarm"


def test_the_same_record_goes_on_and_asks_for_the_next_day(staff, closed, at_ten):
    at_ten(3)
    record_clock.follow_up()
    case = take_case(Case.objects.get(pk=closed.pk), staff)
    record = current_record(case)
    assert record == CrisisRecord.objects.get()
    with pytest.raises(Missing, match="The day to follow it up"):
        close_case(case, staff)
    write_record(case, staff, not_known=stored(["contacts", "follow_up_on"]), follow_up_on="")
    assert close_case(Case.objects.get(pk=case.pk), staff).state == State.CLOSED
    assert record_clock.follow_up() == 0


def test_a_new_day_comes_back_again(staff, closed, at_ten):
    at_ten(3)
    record_clock.follow_up()
    case = take_case(Case.objects.get(pk=closed.pk), staff)
    write_record(case, staff, not_known=ASKED, follow_up_on=(timezone.localdate() + timedelta(days=5)).isoformat())
    close_case(Case.objects.get(pk=case.pk), staff)
    at_ten(7)
    assert record_clock.follow_up() == 0
    at_ten(8)
    assert record_clock.follow_up() == 1


def test_it_joins_a_case_that_is_live(other_member, member, closed, at_ten):
    live = report_member(other_member, member, "worry", "worried", key=uuid4()).case
    at_ten(3)
    assert record_clock.follow_up() == 1
    assert live.events.filter(action="follow_up_joins").count() == 1
    assert Case.objects.get(pk=closed.pk).state == State.CLOSED


@pytest.mark.django_db(transaction=True)
def test_of_two_clocks_one_brings_it_back(closed, at_ten, at_once):
    at_ten(3)
    assert sorted(at_once(record_clock.follow_up, record_clock.follow_up)) == [0, 1]
    assert closed.events.filter(action="follow_up").count() == 1


def test_it_is_caught_up_after_a_clock_that_stood_still(closed, at_ten):
    at_ten(30)
    assert record_clock.follow_up() == 1


def test_what_staff_write_on_from_then_is_read_by_its_person_only_once_it_is_whole(as_, member, staff, closed, at_ten):
    assert "They want it to stop." in as_(member).get("/me/records/").text
    at_ten(3)
    record_clock.follow_up()
    case = take_case(Case.objects.get(pk=closed.pk), staff)
    write_record(case, staff, what_they_said="A draft of Thursday.", what_we_did="", not_known=ASKED)
    assert current_record(case).what_we_did == "", "an answer can be taken out again while it is written"
    page = as_(member).get("/me/records/").text
    assert "A draft of Thursday." not in page and "They want it to stop." not in page
    write_record(case, staff, what_they_said="What came of Thursday.")
    close_case(Case.objects.get(pk=case.pk), staff)
    assert "What came of Thursday." in as_(member).get("/me/records/").text


def test_a_follow_up_ends_nothing_of_the_three_days(member, closed, at_ten):
    CrisisRecord.objects.update(follow_up_on=timezone.localdate() + timedelta(days=1))
    at_ten(1)
    assert data_rights.keeps_contact(member.pk)
    assert record_clock.follow_up() == 1
    assert data_rights.keeps_contact(member.pk) and data_rights.kept_words(member.pk, taking_back=True)
    at_ten(4)
    assert not data_rights.keeps_contact(member.pk)

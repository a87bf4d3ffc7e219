"""What a person reads of the records about them, and how two people keep one back for a while."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from forum.models import Member
from moderation import own_records, record_clock
from moderation.actions.contacts import Tried, add_contact
from moderation.actions.escalation import close_case
from moderation.actions.withholding import (
    confirm_withholding,
    end_withholding,
    propose_withholding,
    renew_withholding,
)
from moderation.clocks import PROPOSAL_FOR
from moderation.models import Case, RecordWithheld
from moderation.refusals import Missing, NotAllowed
from realtime.models import Delivery
from tests.moderation.records import write_record

pytestmark = pytest.mark.django_db
PAGE = "/me/records/"


def soon(days: int = 14):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def finished(staff_case, staff):
    """A closed case with a whole record: Mo is somebody else in it."""

    def make(**changes):
        case = staff_case()
        record = write_record(case, staff, **changes)
        close_case(Case.objects.get(pk=case.pk), staff)
        record.refresh_from_db()
        return record

    return make


@pytest.fixture
def morning(monkeypatch):
    """The clock on the wall says ten in the morning of a day so many days from now."""

    today = timezone.localtime()

    def at(days: int = 0):
        then = today.replace(hour=10, minute=0) + timedelta(days=days)
        monkeypatch.setattr(timezone, "now", lambda: then)

    return at


def test_the_person_reads_it_once_the_case_is_closed(as_, member, staff, staff_case):
    case = staff_case()
    write_record(case, staff)
    assert "Talked for an hour" not in as_(member).get(PAGE).text
    close_case(Case.objects.get(pk=case.pk), staff)
    page = as_(member).get(PAGE).text
    assert "Talked for an hour" in page and "Third night of not sleeping." in page
    assert 'href="/me/records/"' in as_(member).get("/me/").text


def test_other_peoples_details_are_left_out(as_, member, staff, staff_case):
    case = staff_case()
    write_record(case, staff, what_we_did="Rang Mo Smith, twice.", left_out="mo smith",
                 others_words="A boy called Ali.", who_was_told="Aunt May.")  # fmt: skip
    add_contact(Case.objects.get(pk=case.pk), staff, Tried("other", "reached", "Doctor Who"))
    close_case(Case.objects.get(pk=case.pk), staff)
    page = as_(member).get(PAGE).text
    assert "Rang […], twice." in page and "Another service or person" in page
    for name in ("Mo Smith", "Ali", "Aunt May", "Doctor Who"):
        assert name not in page


def test_nobody_else_reads_it_there(as_, other_member, finished):
    finished()
    assert "Talked for an hour" not in as_(other_member).get(PAGE).text


def test_it_is_read_from_the_small_room_too(as_, member, finished):
    finished()
    Member.objects.filter(pk=member.pk).update(standing="on_break")
    assert "Talked for an hour" in as_(member).get(PAGE).text


def test_a_short_close_is_read_as_well(as_, member, staff, staff_case):
    close_case(staff_case(), staff, because="It was a line of a song.")
    assert "It was a line of a song." in as_(member).get(PAGE).text


def test_a_copy_holds_what_the_page_shows(member, other_member, finished):
    finished(what_we_did="Rang Mo.", left_out="Mo", who_was_told="Aunt May.")
    (row,) = own_records.rows_of(member.pk)
    assert row["what_we_did"] == "Rang […]."
    assert "Aunt May" not in str(row)
    assert list(own_records.rows_of(other_member.pk)) == []


def test_two_people_keep_it_back(as_, member, staff, other_staff, moderator, finished):
    record = finished()
    url = reverse("record_withholding", args=[record.case_id])
    fields = {
        "do": "propose",
        "record": record.pk,
        "why": "Their partner reads along.",
        "review_on": soon().isoformat(),
    }
    assert as_(staff).post(url, {**fields, "why": ""}).status_code == 422
    assert as_(staff).post(url, fields).status_code == 303
    assert "Talked for an hour" not in as_(member).get(PAGE).text
    row = RecordWithheld.objects.get()
    assert as_(staff).post(url, {"do": "confirm", "record": record.pk, "withheld": row.pk}).status_code == 409
    assert as_(other_staff).post(url, {"do": "confirm", "record": record.pk, "withheld": row.pk}).status_code == 303
    with pytest.raises(NotAllowed):
        end_withholding(row, moderator)
    assert list(own_records.rows_of(member.pk)) == []
    assert as_(staff).post(url, {"do": "end", "record": record.pk, "withheld": row.pk}).status_code == 303
    assert "Talked for an hour" in as_(member).get(PAGE).text


def test_the_database_says_that_two_people_differ(staff, finished):
    row = propose_withholding(finished(), staff, why="Danger.", review_on=soon())
    with pytest.raises(IntegrityError), transaction.atomic():
        RecordWithheld.objects.filter(pk=row.pk).update(confirmed_by=staff, confirmed_at=timezone.now())


@pytest.mark.parametrize("days", [0, -1, 91])
def test_the_review_is_within_three_months(staff, finished, days):
    with pytest.raises(Missing) as refused:
        propose_withholding(finished(), staff, why="Danger.", review_on=soon(days))
    assert refused.value.field == "review_on"


def test_what_nobody_confirms_lapses_after_a_week(as_, member, staff, finished):
    propose_withholding(finished(), staff, why="Danger.", review_on=soon())
    RecordWithheld.objects.update(proposed_at=timezone.now() - PROPOSAL_FOR)
    record_clock.run_records()
    assert "Talked for an hour" in as_(member).get(PAGE).text


def test_on_its_day_it_is_looked_at_again_and_never_forgotten(as_, staff, other_staff, finished, morning):
    row = propose_withholding(finished(), staff, why="Danger.", review_on=soon(3))
    confirm_withholding(row, other_staff)
    morning(3)
    assert record_clock.remind_of_reviews() == 1
    assert record_clock.remind_of_reviews() == 0
    assert Delivery.objects.filter(dedupe__startswith=f"withheld:{row.pk}:").count() == 2
    assert "it is time to look again" in as_(staff).get("/staff/").text
    morning(4)
    assert record_clock.remind_of_reviews() == 1
    again = renew_withholding(row, staff, why="Still so.", review_on=soon(20))
    assert (again.confirmed_by, RecordWithheld.objects.filter(ended_at=None).count()) == (None, 1)


def test_nobody_keeps_it_back_alone_week_after_week(as_, member, staff, other_staff, finished):
    record = finished()
    row = propose_withholding(record, staff, why="Danger.", review_on=soon())
    with pytest.raises(NotAllowed, match="nothing to renew"):
        renew_withholding(row, staff, why="Still so.", review_on=soon())
    RecordWithheld.objects.update(proposed_at=timezone.now() - PROPOSAL_FOR)
    record_clock.run_records()
    with pytest.raises(NotAllowed, match="somebody else asks this time"):
        propose_withholding(record, staff, why="Danger.", review_on=soon())
    assert "Talked for an hour" in as_(member).get(PAGE).text
    assert propose_withholding(record, other_staff, why="Danger.", review_on=soon())

"""Danger among many rings late rather than never: neither a letter that waits nor a claim without a step may end its waiting."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from moderation.actions.cases import claim_case, note_case, release_case
from moderation.actions.reports import report_member
from moderation.deadlines import run_deadlines
from moderation.models import Case, Report
from tests.moderation.outside import climbed

pytestmark = pytest.mark.django_db


@pytest.fixture
def gathered(crowd, make_member):
    """What somebody tells us about one more person when they have told us of five others within the hour."""

    def tell(about, category="danger_now", by="wren"):
        sender = make_member(by)
        for each in crowd:
            report_member(sender, each, "worry", "danger_now", key=uuid4())
        report = report_member(sender, about, "worry", category, key=uuid4())
        assert report.gathered and report.rings_from, "the premise: it rings nobody now"
        return report

    return tell


def at(minutes: int):
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False)


def now_is(report) -> Case:
    return Case.objects.get(pk=report.case_id)


def look(minutes: int) -> None:
    with at(minutes):
        run_deadlines()
        run_deadlines()


def test_a_letter_that_waits_for_its_own_hour_silences_no_gathered_danger(
    telephone, send, make_member, gathered, member
):
    report = gathered(member)
    send(make_member("first").handle)
    with at(40):
        held = send(member.handle)
        assert held.report.case_id == report.case_id and held.rang_at is None, "the premise: it waits in the same case"
    look(61)
    assert climbed(now_is(report))[:1] == [0] and Report.objects.get(pk=report.pk).rang_at


def test_of_several_in_one_case_the_worst_rings(telephone, gathered, member):
    urgent = gathered(member, "ending_life", by="wren")
    emergency = gathered(member, "danger_now", by="siskin")
    assert urgent.case_id == emergency.case_id
    look(61)
    assert now_is(urgent).severity == "emergency"
    assert Report.objects.get(pk=emergency.pk).severity == "emergency"


def test_what_is_urgent_is_no_answer_to_an_emergency(telephone, gathered, member, make_member):
    emergency = gathered(member)
    report_member(make_member("siskin"), member, "worry", "ending_life", key=uuid4())
    assert now_is(emergency).severity == "urgent", "the premise: somebody is called, and not as for an emergency"
    look(61)
    assert now_is(emergency).severity == "emergency"


def test_an_emergency_told_by_another_is_call_enough(telephone, gathered, member, make_member):
    report = gathered(member)
    report_member(make_member("siskin"), member, "worry", "danger_now", key=uuid4())
    look(61)
    assert Report.objects.get(pk=report.pk).rang_at is None


@pytest.mark.parametrize("how", ["lapses", "is given back"])
def test_a_claim_without_a_step_is_no_look(telephone, gathered, member, moderator, on_duty, how):
    on_duty(moderator)
    report = gathered(member)
    with at(20):
        case = claim_case(now_is(report), moderator)
        assert Report.objects.get(pk=report.pk).read_at, "the premise: it counts as read"
        if how == "is given back":
            release_case(case, moderator)
    look(61)
    assert now_is(report).severity == "emergency" and Report.objects.get(pk=report.pk).rang_at


def test_while_somebody_holds_it_and_after_they_did_something_it_stays_still(
    telephone, gathered, member, moderator, on_duty
):
    on_duty(moderator)
    report = gathered(member)
    with at(50):
        case = claim_case(now_is(report), moderator)
    look(61)
    assert now_is(report).severity == "soon"
    with at(62):
        note_case(now_is(report), moderator, "It is about the joke of yesterday. She is well.")
        release_case(now_is(case.reports.first()), moderator)
    look(70)
    assert (now_is(report).severity, climbed(now_is(report))) == ("soon", [])


def test_the_most_severe_of_one_sender_rings_first(telephone, gathered, crowd, member, other_member):
    urgent = gathered(member, "ending_life", by="siskin")
    emergency = report_member(urgent.reporter, other_member, "worry", "danger_now", key=uuid4())
    look(61)
    assert (now_is(emergency).severity, now_is(urgent).severity) == ("emergency", "soon")

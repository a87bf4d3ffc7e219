"""Taking a report back: until somebody has it, and without closing anything."""

from uuid import uuid4

import pytest

from forum.refusals import NotThere
from moderation.actions.cases import claim_case, release_case
from moderation.actions.reports import report_post, withdraw_report
from moderation.models import Case, Report, State
from moderation.refusals import CaseMoved, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(open_case):
    return open_case().reports.get()


def test_a_worry_is_marked_and_its_case_stays_open(report, other_member, told, as_, moderator):
    heard = told(lambda: withdraw_report(other_member, report))
    case = Case.objects.get()
    assert Report.objects.get().withdrawn_at is not None
    assert (case.state, [event.action for event in case.events.order_by("n")]) == (State.OPEN, ["open", "take_back"])
    assert ("moderation", "case.changed", case.pk) in heard
    page = as_(moderator).get(f"/moderation/cases/{case.pk}/").content.decode()
    assert "taken back by whoever made it" in page and "A report was taken back" in page
    assert "wren" not in page, "who it was is told nowhere"


def test_a_rule_report_that_was_the_only_one_waits_for_a_person_too(open_case, other_member):
    case = open_case(door="rule")
    withdraw_report(other_member, case.reports.get())
    case.refresh_from_db()
    assert case.state == State.OPEN


def test_twice_is_once(report, other_member, told):
    first = withdraw_report(other_member, report)
    assert told(lambda: withdraw_report(other_member, report)) == []
    assert Report.objects.get().withdrawn_at == first.withdrawn_at


def test_somebody_elses_is_not_there(report, member, staff):
    for person in (member, staff):
        with pytest.raises(NotThere):
            withdraw_report(person, report)


def test_once_somebody_has_it_it_stays_also_when_they_gave_it_back(report, other_member, moderator):
    case = claim_case(report.case, moderator)
    with pytest.raises(NotAllowed, match="has this already"):
        withdraw_report(other_member, report)
    release_case(case, moderator)
    with pytest.raises(NotAllowed):
        withdraw_report(other_member, report)
    assert Report.objects.get().withdrawn_at is None


def test_what_the_team_noticed_is_not_taken_back(open_case, moderator, member, post_by):
    report = report_post(moderator, post_by(member), "rule", "abuse", key=uuid4())
    with pytest.raises(NotThere):
        withdraw_report(moderator, report)


@pytest.mark.django_db(transaction=True)
def test_raced_with_a_claim_either_both_happen_in_order_or_it_is_refused(report, other_member, moderator, at_once):
    case = report.case
    taken_back, claimed = at_once(lambda: withdraw_report(other_member, report), lambda: claim_case(case, moderator))
    fresh = Report.objects.get()
    if isinstance(taken_back, NotAllowed):
        assert fresh.withdrawn_at is None
    else:
        assert fresh.withdrawn_at is not None
    assert not isinstance(claimed, Exception) or isinstance(claimed, CaseMoved)
    case.refresh_from_db()
    assert [event.action for event in case.events.order_by("n")][1:] in (["claim"], ["take_back", "claim"])


def test_the_receipt_offers_it_and_says_what_became_of_it(report, as_, other_member, member, moderator):
    page = as_(other_member).get("/me/reports/").content.decode()
    assert "Take it back" in page
    address = f"/me/reports/{report.pk}/take-back/"
    assert as_(member).post(address).status_code == 404
    assert as_(other_member).get(address).status_code == 405
    assert as_(other_member).post(address).status_code == 303
    page = as_(other_member).get("/me/reports/").content.decode()
    assert "You took this back at" in page and "Take it back" not in page


def test_the_receipt_of_one_that_is_taken_says_why_not(report, as_, other_member, moderator):
    claim_case(report.case, moderator)
    answer = as_(other_member).post(f"/me/reports/{report.pk}/take-back/")
    assert answer.status_code == 409
    assert "has this already" in answer.text and f'href="/me/reports/?sent={report.pk}"' in answer.text
    assert "You took this back" not in as_(other_member).get(f"/me/reports/?sent={report.pk}").text

"""Staff write down what somebody told them by telephone, by letter or through another charity."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from moderation.actions.by_hand import Told, take_down
from moderation.actions.letters import open_contact, settle_letter
from moderation.letter_clock import call_about_those_that_rouse
from moderation.letters import Contact
from moderation.models import ByHand, Case, CaseEvent, Letter, Report
from moderation.refusals import Missing, NotAllowed
from realtime.models import Delivery

pytestmark = pytest.mark.django_db
URL = "/staff/cases/new/"


def told(**more):
    facts = {
        "door": "worry", "category": "ending_life", "severity": "urgent", "about": "robin",
        "note": "She said: I can't do another night.", "whose_words": "theirs", "channel": "telephone",
        "organisation": "Samaritans Bangor", "told_at": timezone.now() - timedelta(minutes=5), "whereabouts": "Bangor pier",
    }  # fmt: skip
    return Told(**facts | more)


def typed(**more):
    return {
        "about": "robin", "what": "worry:ending_life", "severity": "urgent", "note": "I can't do another night.",
        "whose_words": "notes", "channel": "telephone", "organisation": "", "whereabouts": "", "name": "Mair",
        "reach": "01248 555 0100", "told_at": (timezone.localtime() - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M"),
        "key": str(uuid4()),
    } | more  # fmt: skip


def write(staff, **more):
    return take_down(staff, told(**more), Contact("Mair", "01248 555 0100"), key=uuid4())


def test_a_call_opens_the_case_of_whom_it_is_about(as_, staff, member):
    answer = as_(staff).post(URL, typed())
    case = Case.objects.get()
    assert answer["Location"] == f"/staff/cases/{case.pk}/"
    assert (case.subject, case.kind, case.severity) == (member, "care", "urgent")
    report = Report.objects.get()
    assert (report.source, report.reporter, report.note) == ("staff", None, "I can't do another night.")
    page = as_(staff).get(answer["Location"]).text
    assert "by telephone" in page and "my notes of what they said" in page
    assert "puffin wrote down what was told to them" in page


def test_it_goes_to_staff_at_once_where_nobody_is_on_shift_as_any_report(staff, member):
    write(staff)
    assert Case.objects.get().state == "escalated"


def test_it_joins_the_live_case_and_raises_it(staff, member, open_case):
    case = open_case("worried")
    assert case.severity == "soon"
    letter = write(staff)
    case.refresh_from_db()
    assert letter.report.case == case and case.severity == "urgent"
    assert CaseEvent.objects.filter(case=case, action="by_hand", actor=staff).count() == 1


def test_how_to_call_back_is_sealed_and_opened_in_the_case_alone(as_, staff, member):
    letter = write(staff)
    assert "01248" not in letter.reach and "Mair" not in letter.name
    case = letter.report.case
    assert "01248" not in as_(staff).get(f"/staff/cases/{case.pk}/").text
    assert open_contact(Case.objects.get(pk=case.pk), staff, letter).reach == "01248 555 0100"
    assert CaseEvent.objects.filter(case=case, action="contact", actor=staff).exists()


def test_whom_nobody_here_knows_waits_on_the_board_as_judged_and_people_are_called(as_, staff, other_staff):
    answer = as_(staff).post(URL, typed(about="a woman from Bangor", what="worry:worried", severity="emergency"))
    letter = Letter.objects.get()
    assert answer["Location"] == f"/staff/letters/{letter.pk}/" and not Case.objects.exists()
    page = as_(other_staff).get("/staff/").text
    assert "a woman from Bangor" in page and "emergency" in page
    assert call_about_those_that_rouse() == 1
    assert {mail.address for mail in Delivery.objects.all()} == {staff.email, other_staff.email}
    assert all("Bangor" not in mail.subject + mail.body for mail in Delivery.objects.all())


def test_once_somebody_knows_whom_it_is_about_it_keeps_its_severity_and_source(staff, other_staff, member):
    letter = write(staff, about="a woman from Bangor", category="worried", severity="urgent")
    report = settle_letter(letter, other_staff, "robin")
    assert (report.source, report.severity, report.case.severity) == ("staff", "urgent", "urgent")


def test_what_is_judged_calm_wakes_nobody(staff):
    write(staff, about="a woman from Bangor", category="worried", severity="soon")
    assert call_about_those_that_rouse() == 0


def test_less_than_what_it_is_about_asks_for_is_refused_beside_the_field(as_, staff, member):
    answer = as_(staff).post(URL, typed(severity="soon"))
    assert answer.status_code == 422
    assert "asks for “urgent” at least" in answer.text and "another night" in answer.text
    assert not Letter.objects.exists()
    with pytest.raises(Missing):
        write(staff, severity="routine")


@pytest.mark.parametrize(
    ("left_out", "sentence"),
    [
        ("about", "Write whom it is about"),
        ("what", "Please pick the one that comes closest."),
        ("severity", "Choose how soon"),
        ("note", "Write what was said."),
        ("channel", "Choose how it reached you."),
        ("whose_words", "Choose whose words"),
        ("told_at", "Write a day and a time"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(as_, staff, left_out, sentence):
    answer = as_(staff).post(URL, typed(**{left_out: ""}))
    assert answer.status_code == 422 and sentence in answer.text


def test_it_cannot_have_been_tomorrow(as_, staff):
    tomorrow = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    answer = as_(staff).post(URL, typed(told_at=tomorrow))
    assert answer.status_code == 422 and "still to come" in answer.text


def test_a_category_that_no_door_offers_is_refused(staff, member):
    with pytest.raises(Missing):
        write(staff, category="nonsense")


def test_nobody_writes_down_what_is_about_themselves(as_, staff):
    with pytest.raises(NotAllowed):
        write(staff, about="puffin")
    assert "somebody else writes it down" in as_(staff).post(URL, typed(about="puffin")).text
    assert not Letter.objects.exists()


def test_the_same_press_twice_is_one_letter(as_, staff, member):
    sent = typed()
    as_(staff).post(URL, sent)
    as_(staff).post(URL, sent)
    assert (Letter.objects.count(), ByHand.objects.count(), Report.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_time_are_one_letter(staff, member, at_once):
    key = uuid4()
    one = lambda: take_down(staff, told(), Contact(), key=key)  # noqa: E731
    results = at_once(one, one)
    assert [type(each) for each in results] == [Letter, Letter]
    assert Report.objects.count() == 1


def test_what_is_told_of_the_team_is_the_independent_contacts(as_, staff, moderator, independent):
    sent = typed(about="heron", what="rule:team", severity="soon")
    assert as_(staff).post(URL, sent)["Location"] == "/staff/"
    case = Case.objects.get()
    assert as_(staff).get(f"/staff/cases/{case.pk}/").status_code == 404
    assert as_(independent).get(f"/staff/cases/{case.pk}/").status_code == 200


def test_moderators_and_independent_contacts_do_not_write_it_down(as_, moderator, independent, member):
    for person in (moderator, independent, member):
        assert as_(person).get(URL).status_code == 404
        assert as_(person).post(URL, typed()).status_code == 404
    assert not Letter.objects.exists()

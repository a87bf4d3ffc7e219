"""The pages on which contact details are asked for, answered, opened behind a fresh sign-in, and closed by themselves."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from moderation.actions.disclosures import (
    Asked,
    approve_disclosure,
    ask_disclosure,
    open_disclosure,
    refuse_disclosure,
)
from moderation.actions.holds import Terms, confirm_hold, propose_hold, release_hold
from moderation.models import Case, CaseEvent, Disclosure, DisclosureOpening
from tests.conftest import PASSWORD
from tests.moderation.registers import decided

pytestmark = pytest.mark.django_db
WHY = "They said goodbye and do not answer."
ADDRESS = "robin@harbour.test"


@pytest.fixture
def urgent(staff_case):
    return staff_case("ending_life")


@pytest.fixture
def emergency(staff_case):
    return staff_case("danger_now")


@pytest.fixture
def asked(urgent, staff):
    return ask_disclosure(urgent, staff, Asked(reason=WHY, basis="vital", mail=True))


@pytest.fixture
def agreed(asked, other_staff):
    return approve_disclosure(asked, other_staff)


def here(disclosure):
    return reverse("disclosure", args=[disclosure.pk])


def sign_in_again(client, disclosure):
    """The press on "open", the password, and what comes of it."""
    answer = client.post(reverse("disclosure_open", args=[disclosure.pk]))
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/reauthenticate/")
    return client.post(answer["Location"], {"password": PASSWORD}, follow=True)


def ask(client, case, **change):
    fields = {"fields_wanted": ["mail"], "reason": WHY, "basis": "vital"} | change
    page = reverse("staff_case", args=[case.pk])
    return client.post(page, {"do": "ask_disclosure", "seen": Case.objects.get(pk=case.pk).version, **fields})


def test_it_is_asked_for_on_the_page_of_the_case(as_, staff, urgent):
    page = as_(staff).get(reverse("staff_case", args=[urgent.pk])).text
    assert "Ask to see contact details" in page and ADDRESS not in page
    answer = ask(as_(staff), urgent)
    assert answer.status_code == 303
    assert answer["Location"] == here(Disclosure.objects.get())
    shown = as_(staff).get(answer["Location"]).text
    assert WHY in shown and "Somebody else of the staff has been mailed" in shown and ADDRESS not in shown


@pytest.mark.parametrize(("change", "field"), [({"reason": ""}, "reason"), ({"basis": "because"}, "basis"),
                                               ({"fields_wanted": []}, "fields_wanted"),
                                               ({"fields_wanted": ["post:999"]}, "fields_wanted"),
                                               ({"fields_wanted": ["card"]}, "fields_wanted")])  # fmt: skip
def test_what_is_missing_is_said_beside_its_field_and_the_words_are_kept(as_, staff, urgent, change, field):
    answer = ask(as_(staff), urgent, **change)
    assert answer.status_code == 422
    assert answer.context["forms"]["ask_disclosure"].errors.keys() == {field}
    assert "reason" in change or WHY in answer.text
    assert not Disclosure.objects.exists()


def test_a_moderator_is_offered_none_of_it(as_, moderator, staff_case):
    case = staff_case("ending_life")
    page = as_(moderator).get(reverse("case", args=[case.pk])).text
    assert "Ask to see contact details" not in page and "Propose a legal hold" not in page
    assert as_(moderator).post(reverse("case", args=[case.pk]), {"do": "ask_disclosure"}).status_code == 422


def test_moderators_read_in_the_time_line_that_it_was_asked_for_and_not_why(as_, moderator, staff, other_staff, urgent):
    disclosure = ask_disclosure(urgent, staff, Asked(reason=WHY, basis="vital", mail=True))
    refuse_disclosure(disclosure, other_staff, "They are answering now.")
    again = Case.objects.get(pk=urgent.pk)
    terms = Terms(reason="The coroner asks.", owner=staff, review_days=30, ends_days=90)
    hold = confirm_hold(propose_hold(again, staff, terms), other_staff)
    release_hold(hold, staff, "The inquest is over.")
    page = as_(moderator).get(reverse("case", args=[urgent.pk])).text
    assert "puffin asked to see contact details" in page and "puffin proposed a legal hold" in page
    whys = [WHY, "They are answering now.", "The coroner asks.", "The inquest is over."]
    assert [why for why in whys if why in page] == []
    theirs = as_(staff).get(reverse("staff_case", args=[urgent.pk])).text
    assert [why for why in whys if why in theirs] == whys


def test_another_agrees_and_a_lost_race_says_who_was_first(as_, asked, other_staff, make_member):
    third = make_member("skua", role="staff")
    assert "I agree: it may be opened" in as_(third).get(here(asked)).text
    assert as_(other_staff).post(here(asked), {"do": "approve"}).status_code == 303
    late = as_(third).post(here(asked), {"do": "refuse", "words": "They are answering."})
    assert late.status_code == 409
    assert "gannet answered this at" in late.text and "They are answering." in late.text


def test_saying_no_needs_words(as_, asked, other_staff):
    answer = as_(other_staff).post(here(asked), {"do": "refuse", "words": ""})
    assert answer.status_code == 422 and "Write why not" in answer.text
    assert as_(other_staff).post(here(asked), {"do": "refuse", "words": "Not yet."}).status_code == 303


def test_nothing_is_open_to_be_found_by_pressing_what_is_not_there(as_, asked, staff):
    assert as_(staff).post(here(asked), {"do": "read_everything"}).status_code == 404
    assert as_(staff).post(here(asked), {"do": "approve"}).status_code == 422
    assert as_(staff).get(f"{here(asked)}open/").status_code == 405


def test_it_opens_right_after_signing_in_again_and_each_look_is_written_down(as_, agreed, staff, other_staff):
    assert ADDRESS not in as_(staff).get(here(agreed)).text
    answer = sign_in_again(as_(staff), agreed)
    assert ADDRESS in answer.text and "Open until" in answer.text
    as_(staff).get(here(agreed))
    assert CaseEvent.objects.filter(action="view_disclosure", actor=staff).count() == 2
    for page in (here(agreed), "/staff/disclosures/", "/staff/", reverse("staff_case", args=[agreed.case_id])):
        assert ADDRESS not in as_(other_staff).get(page).text
    assert "no-store" in as_(staff).get(here(agreed))["Cache-Control"]


def test_a_wrong_password_opens_nothing(as_, agreed, staff):
    client = as_(staff)
    answer = client.post(reverse("disclosure_open", args=[agreed.pk]))
    assert client.post(answer["Location"], {"password": "not-this-one-at-all"}).status_code == 422
    assert not DisclosureOpening.objects.exists()


def test_who_has_a_second_step_is_asked_for_it(as_, agreed, staff):
    client = as_(staff)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    Authenticator.objects.create(user=staff, type="totp", data={"secret": "x"})
    answer = client.post(reverse("disclosure_open", args=[agreed.pk]))
    assert answer.status_code == 303 and answer["Location"].startswith(reverse("mfa_reauthenticate"))
    assert not DisclosureOpening.objects.exists()
    session = client.session
    record = {"method": "mfa", "type": "totp", "reauthenticated": True, "at": timezone.now().timestamp()}
    session["account_authentication_methods"] = [*session["account_authentication_methods"], record]
    session.save()
    assert client.post(reverse("disclosure_open", args=[agreed.pk])).status_code == 303
    assert DisclosureOpening.objects.count() == 1


def test_the_page_leaves_the_screen_in_time_and_the_server_refuses_after(as_, agreed, staff, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    open_disclosure(agreed, staff)
    first = as_(staff).get(here(agreed))
    assert first["Refresh"] == f"1800;url={here(agreed)}"
    time_machine.move_to(timezone.now() + timedelta(minutes=29, seconds=30), tick=False)
    assert as_(staff).get(here(agreed))["Refresh"].startswith("30;")
    time_machine.move_to(timezone.now() + timedelta(seconds=30), tick=False)
    closed = as_(staff).get(here(agreed))
    assert ADDRESS not in closed.text and "Refresh" not in closed
    assert "Open until" not in closed.text


def test_in_an_emergency_the_page_lets_one_person_go_alone_and_asks_another_for_a_review(
    as_, emergency, staff, other_staff
):
    disclosure = ask_disclosure(emergency, staff, Asked(reason=WHY, basis="vital", mail=True))
    assert "Open it alone, for thirty minutes" in as_(staff).get(here(disclosure)).text
    assert ADDRESS in sign_in_again(as_(staff), disclosure).text
    assert "to be reviewed" in as_(other_staff).get("/staff/").text
    assert "Was it right to go alone?" not in as_(staff).get(here(disclosure)).text
    assert "Was it right to go alone?" in as_(other_staff).get(here(disclosure)).text
    assert as_(other_staff).post(here(disclosure), {"do": "right", "words": ""}).status_code == 422
    assert as_(other_staff).post(here(disclosure), {"do": "right", "words": "It was."}).status_code == 303
    assert "to be reviewed" not in as_(other_staff).get("/staff/").text


def test_it_opens_again_with_one_press_while_it_is_an_emergency(as_, emergency, staff, time_machine):
    disclosure = ask_disclosure(emergency, staff, Asked(reason=WHY, basis="vital", mail=True))
    open_disclosure(disclosure, staff)
    time_machine.move_to(timezone.now() + timedelta(minutes=31))
    as_(staff).post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert "Open it again" in as_(staff).get(here(disclosure)).text
    assert ADDRESS in as_(staff).post(here(disclosure), {"do": "again"}, follow=True).text
    as_(staff).post(here(disclosure), {"do": "shut"})
    assert ADDRESS not in as_(staff).get(here(disclosure)).text


def test_opening_again_asks_for_a_fresh_sign_in_and_a_fresh_second_step_too(as_, emergency, staff, time_machine):
    disclosure = ask_disclosure(emergency, staff, Asked(reason=WHY, basis="vital", mail=True))
    open_disclosure(disclosure, staff)
    time_machine.move_to(timezone.now() + timedelta(minutes=31))
    client = as_(staff)
    old = client.post(here(disclosure), {"do": "again"})
    assert old.status_code == 302 and old["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    Authenticator.objects.create(user=staff, type="totp", data={"secret": "x"})
    alone = client.post(here(disclosure), {"do": "again"})
    assert alone.status_code == 303 and alone["Location"].startswith(reverse("mfa_reauthenticate"))
    assert DisclosureOpening.objects.count() == 1 and ADDRESS not in client.get(here(disclosure)).text


def test_the_list_says_where_each_stands(as_, asked, staff, other_staff):
    assert "Waiting for a second person" in as_(other_staff).get("/staff/disclosures/").text
    assert "A wish to see contact details" in as_(other_staff).get("/staff/").text
    assert "A wish to see contact details" not in as_(staff).get("/staff/").text  # their own
    approve_disclosure(asked, other_staff)
    assert "Yours to open" in as_(staff).get("/staff/disclosures/").text


def test_a_request_about_the_teams_own_is_seen_by_the_independents_alone(
    as_, open_case, staff, other_staff, other_moderator, independent
):
    open_case(subject=other_moderator)
    request = decided(staff, other_staff, fields={"case_facts": "When it was."}, about_words="kestrel")
    case = open_case(door="rule", subject=other_moderator)
    wish = Asked(reason="The police ask.", basis="law", mail=True, request=str(request.pk))
    disclosure = ask_disclosure(case, independent, wish)
    assert as_(independent).get(here(disclosure)).status_code == 200
    assert as_(staff).get(here(disclosure)).status_code == 404
    assert "kestrel" not in as_(staff).get("/staff/disclosures/").text

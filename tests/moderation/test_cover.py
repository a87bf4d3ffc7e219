"""Production opens its doors only when somebody could be reached in an emergency; the demo is open as it is."""

from datetime import date

import pytest

from config.checks import members_can_join
from forum.models import Helpline
from moderation import cover
from moderation.actions.duty import end_on_call, go_on_call
from moderation.models import Duty
from moderation.refusals import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def puffins_telephone_rings(staff, rings):
    rings.add(staff.pk)


@pytest.fixture
def production(settings):
    """Everything that cover asks for, but somebody on call."""
    Helpline.objects.update(checked_on=date(2026, 11, 1))
    settings.HARBOUR_ENV = "production"
    settings.EMERGENCY_CONTACT = "duty@example.org"
    return settings


def test_with_everybody_in_place_people_can_join(client, production, staff):
    go_on_call(staff)
    assert cover.missing() == []
    assert client.get("/accounts/signup/", secure=True).context.get("form")


def test_with_nobody_on_call_nobody_can_join_and_reads_why(client, production, staff):
    assert "nobody is on call" in cover.missing()[0]
    assert "nobody could look after them" in client.get("/accounts/signup/").text
    sent = client.post(
        "/accounts/signup/", {"email": "a@example.org", "handle": "dunlin", "password1": "a-long-passphrase"}
    )
    assert sent.status_code == 403


def test_staff_and_administrators_read_what_is_still_missing(as_, production, staff, administrator):
    for person, page in ((staff, "/staff/"), (administrator, "/admin/")):
        assert "nobody is on call" in as_(person).get(page, secure=True).text
    go_on_call(staff)
    for person, page in ((staff, "/staff/"), (administrator, "/admin/")):
        shown = as_(person).get(page, secure=True)
        assert shown.status_code == 200 and "Nobody can join" not in shown.text


def test_the_deployment_check_says_each_of_it(production, staff):
    production.EMERGENCY_CONTACT = ""
    said = members_can_join(None)
    assert [warning.id for warning in said] == ["harbour.W002"] * 2
    assert "nobody is on call" in said[0].msg and "HARBOUR_EMERGENCY_CONTACT" in said[1].msg
    go_on_call(staff)
    production.EMERGENCY_CONTACT = "duty@example.org"
    assert members_can_join(None) == []


def test_the_deployment_check_keeps_still_where_no_crisis_response_is_promised(production):
    assert members_can_join(None)
    production.CRISIS_RESPONSE = False
    assert members_can_join(None) == []


def test_without_an_emergency_contact_it_stays_closed(production, staff):
    go_on_call(staff)
    assert cover.why_signup_is_closed() == ""
    production.EMERGENCY_CONTACT = ""
    assert cover.why_signup_is_closed()


def test_with_unchecked_helplines_it_stays_closed(production, staff):
    go_on_call(staff)
    assert cover.why_signup_is_closed() == ""
    Helpline.objects.filter(name="Shout").update(checked_on=None)
    assert cover.why_signup_is_closed()
    assert cover.missing() == ["Helplines that nobody has checked yet: 1. Hold them against their pages at /admin/"]


def test_without_any_helpline_it_stays_closed(production, staff):
    go_on_call(staff)
    Helpline.objects.filter(emergency=False).delete()
    assert cover.missing() == ["there is no helpline to show"]


def test_who_declares_no_crisis_response_may_open(production):
    assert cover.why_signup_is_closed()
    production.CRISIS_RESPONSE = False
    assert cover.why_signup_is_closed() == ""


def test_the_demo_is_open(settings):
    settings.HARBOUR_ENV = "demo"
    assert cover.why_signup_is_closed() == ""


def test_going_on_call_twice_is_once_and_ends(staff):
    go_on_call(staff)
    go_on_call(staff)
    assert Duty.objects.count() == 1
    end_on_call(staff)
    assert cover.duty.on_call() == []


def test_whoever_cannot_be_rung_does_not_go_on_call_and_is_told_what_to_do(as_, staff, rings):
    rings.clear()
    with pytest.raises(NotAllowed):
        go_on_call(staff)
    page = as_(staff).get("/moderation/duty/").text
    assert "Nothing of yours rings yet" in page and "Go on call" not in page
    refused = as_(staff).post("/moderation/duty/", {"do": "on_call"})
    assert refused.status_code == 422 and "Nothing of yours rings yet" in refused.text
    assert not Duty.objects.exists()


def test_being_on_call_by_hand_counts_for_as_long_as_it_rings(as_, production, staff, rings):
    go_on_call(staff)
    rings.clear()
    assert cover.duty.on_call() == [] and "nobody is on call" in cover.missing()[0]
    assert "nothing of yours rings any more" in as_(staff).get("/moderation/duty/").text
    rings.add(staff.pk)
    assert cover.duty.on_call() == [staff]


@pytest.mark.parametrize("who", ["member", "moderator", "independent", "administrator"])
def test_on_call_is_for_staff(request, who):
    with pytest.raises(NotAllowed):
        go_on_call(request.getfixturevalue(who))


def test_staff_go_on_call_and_end_it_on_their_duty_page(as_, staff):
    assert as_(staff).post("/moderation/duty/", {"do": "on_call"}).status_code == 302
    assert "You are on call" in as_(staff).get("/moderation/duty/").text
    as_(staff).post("/moderation/duty/", {"do": "off_call"})
    assert "Go on call" in as_(staff).get("/moderation/duty/").text


def test_a_moderator_is_not_offered_being_on_call(as_, moderator):
    assert "Go on call" not in as_(moderator).get("/moderation/duty/").text
    assert as_(moderator).post("/moderation/duty/", {"do": "on_call"}).status_code == 404
    assert not Duty.objects.exists()

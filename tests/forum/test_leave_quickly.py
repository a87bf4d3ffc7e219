"""Leaving quickly: where it leads, and which session ends with it."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from forum.models import Member
from realtime.models import Event
from tests.conftest import PASSWORD
from tests.forum.signing import sign_up

pytestmark = pytest.mark.django_db
AWAY = "https://www.bbc.co.uk/weather"


def sign_in(client: Client, member: Member, **more: str) -> Client:
    client.post("/accounts/login/", {"login": member.email, "password": PASSWORD, **more})
    return client


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_it_leads_away_without_a_word_of_ours(client: Client) -> None:
    answer = client.post("/leave/")
    assert answer.status_code == 200
    assert answer["Refresh"] == f"0; url={AWAY}"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store"
    assert f'href="{AWAY}"' in answer.text
    assert "arbour" not in answer.text


def test_where_it_leads_is_a_setting(client: Client, settings: Any) -> None:
    settings.LEAVE_URL = "https://example.org/recipes"
    assert client.post("/leave/")["Refresh"] == "0; url=https://example.org/recipes"
    assert 'href="https://example.org/recipes" rel="nofollow noreferrer"' in client.get("/help/").text


def test_on_a_device_that_others_use_the_session_ends_and_its_sockets_with_it(client: Client, member: Member) -> None:
    sign_in(client, member)
    assert client.session["shared_device"] is True
    assert is_in(client)
    client.post("/leave/")
    assert not is_in(client)
    assert Event.objects.filter(stream=f"member:{member.pk}", kind="rights.changed").count() == 1
    assert client.post("/leave/").status_code == 200  # once more is no error


def test_on_a_device_of_ones_own_it_does_not(client: Client, member: Member) -> None:
    sign_in(client, member, remember="on")
    assert client.session["shared_device"] is False
    client.post("/leave/")
    assert is_in(client)


def test_half_a_sign_up_ends_because_it_shows_an_address(client: Client) -> None:
    sign_up(client)
    assert "linnet@example.org" in client.get("/accounts/confirm/").text  # the premise
    client.post("/leave/")
    assert client.get("/accounts/confirm/")["Location"] == "/accounts/signup/"


def test_a_page_open_all_night_needs_no_token_and_another_site_has_no_cookie_to_send(member: Member) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = sign_in(Client(), member).cookies
    assert strict.cookies["sessionid"]["samesite"] == "Lax"  # so a form on another site comes without it
    assert strict.post("/posts/", {"body": "Words."}).status_code == 403  # the premise: others ask for a token
    assert strict.post("/leave/").status_code == 200
    assert not is_in(strict)
    assert strict.get("/leave/").status_code == 405


@pytest.mark.parametrize("standing", ["suspended", "banned", "deactivated"])
def test_it_is_open_in_any_standing(as_: Any, make_member: Any, standing: str) -> None:
    somebody = as_(make_member("robin", standing=standing))
    assert somebody.post("/leave/")["Refresh"]
    assert somebody.get("/leaving/").status_code == 200


def test_without_a_database_it_leads_away_all_the_same_and_the_browser_forgets(as_: Any, member: Member) -> None:
    def database_away(*_call: Any) -> None:
        raise OperationalError("away")

    as_(member).raise_request_exception = False
    with connection.execute_wrapper(database_away):
        answer = as_(member).post("/leave/")
    assert answer["Refresh"] == f"0; url={AWAY}"
    assert answer.cookies["sessionid"]["max-age"] == 0
    assert "arbour" not in answer.text


def test_a_member_switches_shift_off_and_says_whose_device_it_is(as_: Any, member: Member) -> None:
    me = as_(member)
    assert 'data-shift="on"' in me.get("/leaving/").text
    assert me.post("/leaving/", {"shared": "on"})["Location"] == "/leaving/"
    page = me.get("/leaving/")
    assert 'data-shift="off"' in page.text
    assert page.context["harbour"].shared_device is True
    assert me.session.get_expire_at_browser_close()
    me.post("/leaving/", {"shift_leaves": "on"})
    assert 'data-shift="on"' in me.get("/leaving/").text
    assert not me.session.get_expire_at_browser_close()
    assert me.session["shared_device"] is False


def test_a_stranger_has_no_switch_on_the_server(client: Client) -> None:
    assert "data-shift-choice" in client.get("/leaving/").text
    assert client.post("/leaving/", {"shared": "on"}).status_code == 200
    assert "sessionid" not in client.cookies


def test_help_and_privacy_lead_to_what_it_cannot_clear(client: Client) -> None:
    for page in ("/help/", "/privacy/"):
        assert 'href="/leaving/"' in client.get(page).text, page

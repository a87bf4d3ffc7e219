"""Signing in and out, a new password, a new address, a second step."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from forum.models import Member
from realtime.models import Event
from tests.conftest import PASSWORD
from tests.forum.signing import mail_to
from tests.second_step import code_from_app

pytestmark = pytest.mark.django_db
NEW = "nine slow herons"


def sign_in(client, member, password=PASSWORD, **more):
    return client.post("/accounts/login/", {"login": member.email, "password": password, **more})


def rights_events(member):
    return Event.objects.filter(stream=f"member:{member.pk}", kind="rights.changed").count()


def reset_code(email):
    return re.search(r"^([A-Z]{4}-[A-Z]{4})$", mail_to(email).body, re.MULTILINE)[1]


def test_a_member_signs_in_with_address_and_password(client, member):
    assert sign_in(client, member)["Location"] == "/"
    assert client.get("/me/").status_code == 200


def test_the_address_counts_in_any_case_and_next_is_followed_on_this_site_alone(client, member):
    answer = client.post("/accounts/login/?next=/rules/", {"login": member.email.upper(), "password": PASSWORD})
    assert answer["Location"] == "/rules/"
    away = Client().post("/accounts/login/?next=https://evil.example/", {"login": member.email, "password": PASSWORD})
    assert away["Location"] == "/"


def test_a_wrong_password_is_refused_with_the_address_kept(client, member):
    answer = sign_in(client, member, "not it at all")
    assert answer.status_code == 422
    assert f'value="{member.email}"' in answer.text and "not it at all" not in answer.text
    assert client.get("/me/")["Location"].startswith("/accounts/login/")


def test_who_was_erased_cannot_sign_in(client, member):
    Member.objects.update(is_active=False)
    assert sign_in(client, member)["Location"] == "/accounts/inactive/"
    assert client.get("/me/").status_code == 302


def test_without_the_tick_the_session_ends_with_the_browser(client, member):
    sign_in(client, member)
    assert client.session.get_expire_at_browser_close()
    kept = Client()
    sign_in(kept, member, remember="on")
    assert not kept.session.get_expire_at_browser_close()


def test_a_link_does_not_sign_anyone_out_but_the_form_does(as_, member):
    client = as_(member)
    page = client.get("/accounts/logout/")
    assert "data-sign-out" in page.text and client.get("/me/").status_code == 200
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert client.get("/me/").status_code == 302


def test_signing_out_closes_live_sockets(as_, member):
    as_(member).post("/accounts/logout/")
    assert rights_events(member) == 1
    as_(member).post("/accounts/logout/")  # nobody is signed in any more
    assert rights_events(member) == 1


@pytest.mark.django_db(transaction=True)
def test_a_socket_of_a_session_that_signed_out_is_closed(listen, as_, member):
    with listen(member) as socket:
        assert socket.receive()["type"] == "hello"
        as_(member).post("/accounts/logout/")
        assert socket.wait_closed() == 4001


def test_a_new_password_is_set_with_a_code(client, member):
    elsewhere = Client()
    elsewhere.force_login(member)
    client.post("/accounts/password/reset/", {"email": member.email})
    assert client.post("/accounts/password/reset/confirm/", {"code": reset_code(member.email)}).status_code == 302
    refused = client.post("/accounts/password/reset/complete/", {"password1": "short"})
    assert refused.status_code == 422
    done = client.post("/accounts/password/reset/complete/", {"password1": NEW})
    assert done["Location"] == "/accounts/password/reset/done/"
    assert client.get(done["Location"]).status_code == 200
    assert elsewhere.get("/me/").status_code == 302  # signed out everywhere
    assert rights_events(member) == 1
    assert sign_in(Client(), member).status_code == 422
    assert sign_in(Client(), member, NEW).status_code == 302


def test_a_password_is_changed_and_other_sessions_end(as_, member):
    elsewhere = Client()
    elsewhere.force_login(member)
    wrong = as_(member).post("/accounts/password/change/", {"oldpassword": "not it", "password1": NEW})
    assert wrong.status_code == 422 and rights_events(member) == 0
    assert (
        as_(member).post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW})["Location"]
        == "/me/"
    )
    assert as_(member).get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302
    assert rights_events(member) == 1
    assert "was changed" in mail_to(member.email).subject


def test_an_address_is_changed_after_asking_once_more_and_a_code(client, member):
    sign_in(client, member)
    asked = client.post("/accounts/email/", {"action_add": "", "email": "new@example.org"})
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    client.post(asked["Location"], {"password": PASSWORD})
    client.post("/accounts/email/", {"action_add": "", "email": "new@example.org"})
    assert Member.objects.get().email == member.email  # not before the code
    answer = client.post("/accounts/confirm-email/", {"code": reset_code("new@example.org")})
    assert answer["Location"] == "/me/"
    assert Member.objects.get().email == "new@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [("new@example.org", True, True)]
    assert "new@example.org" in mail_to(member.email).body  # the old one is told


def test_a_second_step_is_switched_on_and_asked_for(client, member):
    sign_in(client, member)
    client.post("/accounts/reauthenticate/?next=/accounts/2fa/totp/activate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    assert "<svg" in page.text and "data:image" not in page.text and "style=" not in page.text
    code = code_from_app(page.context["form"].secret)
    assert client.post("/accounts/2fa/totp/activate/", {"code": code})["Location"] == "/accounts/2fa/recovery-codes/"
    spare = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    other = Client()
    assert sign_in(other, member)["Location"] == "/accounts/2fa/authenticate/"
    assert other.get("/me/").status_code == 302
    assert other.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 422
    assert other.post("/accounts/2fa/authenticate/", {"code": spare[0]})["Location"] == "/"
    assert other.get("/me/").status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/inactive/", "/rules/", "/privacy/", "/",
        "/accounts/password/reset/done/",
    ],
)  # fmt: skip
def test_pages_for_strangers_are_ours(client, url):
    page = client.get(url)
    assert page.status_code == 200
    assert "Skip to the words" in page.text
    assert " style=" not in page.text and "<style" not in page.text


@pytest.mark.parametrize(
    "url", ["/me/", "/room/", "/accounts/email/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/"]
)
def test_pages_of_ones_own_are_ours(as_, member, url):
    page = as_(member).get(url)
    assert page.status_code == 200
    assert "Skip to the words" in page.text
    assert " style=" not in page.text and "<style" not in page.text
    assert Client().get(url).status_code == 302

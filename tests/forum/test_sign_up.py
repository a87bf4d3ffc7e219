"""Joining: details, a code, and then an account with everything it was given."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from forum import accounts
from forum.models import Consent, Member, PendingSignup
from forum.rules import consent_versions
from realtime.models import Delivery
from tests.forum.signing import PASSWORD, TICKS, code_for, confirm, mail_to, sign_up

pytestmark = pytest.mark.django_db
EMAIL = "linnet@example.org"


def test_a_person_joins_and_is_signed_in(client):
    assert sign_up(client)["Location"] == "/accounts/confirm/"
    assert not Member.objects.exists()  # nothing is made before the code
    answer = confirm(client, code_for(EMAIL))
    assert answer["Location"] == "/"
    member = Member.objects.get()
    assert (member.email, member.handle, member.role, member.standing) == (EMAIL, "linnet", "member", "active")
    assert member.check_password(PASSWORD)
    assert EmailAddress.objects.filter(user=member, email=EMAIL, verified=True, primary=True).exists()
    assert not PendingSignup.objects.exists()
    assert client.get("/me/").status_code == 200
    assert b"linnet" in client.get("/me/").content


def test_each_consent_is_kept_with_its_version_and_time(client):
    before = timezone.now()
    sign_up(client)
    confirm(client, code_for(EMAIL))
    kept = {consent.kind: consent for consent in Consent.objects.all()}
    assert {kind: consent.version for kind, consent in kept.items()} == consent_versions()
    assert all(before <= consent.given_at <= timezone.now() for consent in kept.values())


def test_an_address_is_one_address_however_it_is_written(client):
    sign_up(client, email="Linnet@Example.ORG")
    confirm(client, code_for(EMAIL))
    assert Member.objects.get().email == EMAIL


@pytest.mark.parametrize("tick", TICKS)
def test_a_missing_tick_is_named_beside_it_and_the_words_are_kept(client, tick):
    answer = sign_up(client, **{tick: None})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [tick]
    assert f'id="id_{tick}_error"' in answer.text
    assert 'value="linnet@example.org"' in answer.text and 'value="linnet"' in answer.text
    assert PASSWORD not in answer.text
    assert not PendingSignup.objects.exists() and not Delivery.objects.exists()


@pytest.mark.parametrize("password", ["short one", "password1234", "linnet@example.org", "1234567890", None])
def test_a_weak_password_is_refused(client, password):
    answer = sign_up(client, password1=password)
    assert answer.status_code == 422
    assert "password1" in answer.context["form"].errors
    assert not PendingSignup.objects.exists()


def test_the_password_and_the_code_are_kept_as_digests_alone(client, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    sign_up(client)
    pending = PendingSignup.objects.get()
    assert pending.password.startswith("argon2")
    assert code_for(EMAIL) not in pending.code_digest and len(pending.code_digest) == 64


def test_signing_up_again_in_the_same_browser_replaces_the_first(client):
    sign_up(client)
    sign_up(client)  # the same again: it holds its own handle
    sign_up(client, handle="dunnock")
    assert [pending.handle for pending in PendingSignup.objects.all()] == ["dunnock"]
    assert sign_up(Client(), email="other@example.org").status_code == 302  # linnet is free again
    confirm(client, code_for(EMAIL))
    assert Member.objects.get().handle == "dunnock"


def test_a_refused_handle_leaves_the_sign_up_before_it_as_it_was(client, member):
    sign_up(client)
    code = code_for(EMAIL)
    answer = sign_up(client, handle="r0bin")
    assert answer.status_code == 422 and "handle" in answer.context["form"].errors
    assert 'value="r0bin"' in answer.text
    assert confirm(client, code)["Location"] == "/"


def test_who_is_signed_in_has_joined_already(as_, member):
    assert as_(member).get("/accounts/signup/")["Location"] == "/"
    assert as_(member).get("/accounts/confirm/")["Location"] == "/"


def test_a_closed_gate_says_why_and_makes_nothing(client, monkeypatch):
    monkeypatch.setattr(accounts, "signup_gates", [lambda: "", lambda: "Nobody from the team is here yet."])
    page = client.get("/accounts/signup/")
    assert page.status_code == 200 and "Nobody from the team is here yet." in page.text
    assert sign_up(client).status_code == 403
    assert not PendingSignup.objects.exists() and not Delivery.objects.exists()


def test_one_address_gets_only_so_many_mails_an_hour(client, settings):
    settings.SIGNUP_MAILS_PER_HOUR = 2
    answers = [sign_up(client).status_code for _again in range(4)]
    assert answers == [302] * 4  # the answer is the same
    assert Delivery.objects.count() == 2


def test_links_in_mail_start_with_the_sites_own_origin(client, member, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.post(
        "/accounts/signup/",
        {**TICKS, "email": member.email, "handle": "pipit", "password1": PASSWORD},
        headers={"host": "evil.example"},
    )
    assert "evil.example" not in mail_to(member.email).body
    assert f"{settings.ORIGINS[0]}/accounts/login/" in mail_to(member.email).body


def test_the_demonstration_says_where_its_mail_is(client, settings):
    sign_up(client)
    assert "printed in the terminal" not in client.get("/accounts/confirm/").text
    settings.HARBOUR_ENV = "demo"
    assert "printed in the terminal" in client.get("/accounts/confirm/").text

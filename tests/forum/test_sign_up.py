"""Joining: details, a code, and then an account with everything it was given."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.utils import timezone

from forum import accounts
from forum.actions.signup import CodeWrong, SignupEnded, begin_signup, clear_ended_signups, confirm_signup
from forum.models import Consent, Member, PendingSignup
from forum.rules import CONSENT_VERSIONS
from realtime.models import Delivery
from tests.forum.signing import PASSWORD, TICKS, code_for, confirm, mail_to, sign_up, wrong_code_for

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
    assert {kind: consent.version for kind, consent in kept.items()} == CONSENT_VERSIONS
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


def test_a_wrong_code_leaves_two_tries(client):
    sign_up(client)
    answer = confirm(client, wrong_code_for(EMAIL))
    assert answer.status_code == 422
    assert "This is not the code" in answer.text
    assert PendingSignup.objects.get().tries_left == 2
    assert confirm(client, code_for(EMAIL))["Location"] == "/"


def test_after_three_wrong_codes_the_right_one_no_longer_counts(client):
    sign_up(client)
    for _try in range(3):
        assert confirm(client, wrong_code_for(EMAIL)).status_code == 422
    answer = confirm(client, code_for(EMAIL))
    assert answer.status_code == 422
    assert "used up" in answer.text
    assert not Member.objects.exists()


def test_a_new_code_can_be_asked_for_twice_and_ends_the_old_one(client):
    sign_up(client)
    old = code_for(EMAIL)
    assert client.post("/accounts/confirm/", {"action": "resend"})["Location"] == "/accounts/confirm/"
    if code_for(EMAIL) != old:
        assert confirm(client, old).status_code == 422
    client.post("/accounts/confirm/", {"action": "resend"})
    assert Delivery.objects.count() == 3
    client.post("/accounts/confirm/", {"action": "resend"})
    assert Delivery.objects.count() == 3  # no more
    assert confirm(client, code_for(EMAIL))["Location"] == "/"


def test_a_code_is_over_after_fifteen_minutes_and_the_handle_is_free_again(client, time_machine):
    sign_up(client)
    code = code_for(EMAIL)
    stranger = Client()
    assert sign_up(stranger, email="other@example.org").status_code == 422  # the premise: it was reserved
    time_machine.move_to(timezone.now() + timedelta(minutes=15))
    assert confirm(client, code)["Location"] == "/accounts/signup/"
    assert not Member.objects.exists()
    assert sign_up(stranger, email="other@example.org").status_code == 302


def test_the_clock_forgets_sign_ups_that_nobody_confirmed(client, time_machine):
    sign_up(client)
    clear_ended_signups()
    assert PendingSignup.objects.count() == 1
    time_machine.move_to(timezone.now() + timedelta(minutes=15))
    clear_ended_signups()
    assert not PendingSignup.objects.exists()


def test_a_code_works_in_the_browser_that_asked_for_it_alone(client):
    sign_up(client)
    assert confirm(Client(), code_for(EMAIL))["Location"] == "/accounts/signup/"
    assert not Member.objects.exists()


def test_a_stranger_with_the_same_address_neither_ends_a_sign_up_nor_slips_in_a_password(client):
    sign_up(client)
    own = code_for(EMAIL)
    stranger = Client()
    sign_up(stranger, handle="cuckoo", password1="a password of theirs")
    theirs = code_for(EMAIL)  # arrives in the person's own mail
    if own != theirs:
        assert confirm(client, theirs).status_code == 422
    assert confirm(client, own)["Location"] == "/"
    member = Member.objects.get()
    assert member.check_password(PASSWORD) and member.handle == "linnet"
    assert confirm(stranger, theirs)["Location"] == "/accounts/signup/"
    assert Member.objects.count() == 1


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


def pending(email, handle, code=None):
    return begin_signup(email=email, handle=handle, password=PASSWORD, consents={"adult": "1"})


def in_threads(*calls):
    def run(call):
        try:
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.django_db(transaction=True)
def test_a_code_sent_twice_at_once_makes_one_account():
    signup = pending(EMAIL, "linnet")
    code = code_for(EMAIL)
    results = in_threads(*[lambda: confirm_signup(signup.pk, code)] * 3)
    assert sum(isinstance(result, Member) for result in results) == 1
    assert sum(isinstance(result, SignupEnded) for result in results) == 2
    assert Member.objects.count() == EmailAddress.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_guesses_sent_at_once_are_counted_one_by_one():
    signup = pending(EMAIL, "linnet")
    wrong = wrong_code_for(EMAIL)
    results = in_threads(*[lambda: confirm_signup(signup.pk, wrong)] * 6)
    assert all(isinstance(result, CodeWrong) for result in results)
    with pytest.raises(CodeWrong):
        confirm_signup(signup.pk, code_for(EMAIL))


@pytest.mark.django_db(transaction=True)
def test_of_two_people_with_the_same_handle_at_once_one_gets_it():
    results = in_threads(lambda: pending("a@example.org", "linnet"), lambda: pending("b@example.org", "L1nnet"))
    assert sum(isinstance(result, PendingSignup) for result in results) == 1
    assert PendingSignup.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_sign_ups_of_one_address_confirmed_at_once_one_becomes_the_account():
    first, second = pending(EMAIL, "linnet"), None
    codes = [code_for(EMAIL)]
    second = pending(EMAIL, "dunnock")
    codes.append(code_for(EMAIL))
    results = in_threads(lambda: confirm_signup(first.pk, codes[0]), lambda: confirm_signup(second.pk, codes[1]))
    assert sum(isinstance(result, Member) for result in results) == 1
    assert sum(isinstance(result, SignupEnded) for result in results) == 1
    assert Member.objects.count() == 1

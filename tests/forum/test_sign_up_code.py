"""The code of a sign-up: three tries, fifteen minutes, one browser, one account."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.utils import timezone

from forum.actions.signup import CodeWrong, SignupEnded, begin_signup, confirm_signup
from forum.models import Member, PendingSignup
from realtime import retention
from realtime.models import Delivery
from tests.forum.signing import PASSWORD, code_for, confirm, sign_up, wrong_code_for

pytestmark = pytest.mark.django_db
EMAIL = "linnet@example.org"


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
    retention.forget("signups")
    assert PendingSignup.objects.count() == 1
    time_machine.move_to(timezone.now() + timedelta(minutes=15))
    retention.forget("signups")
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


def pending(email, handle):
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
    first = pending(EMAIL, "linnet")
    its_code = code_for(EMAIL)
    second = pending(EMAIL, "dunnock")
    other_code = code_for(EMAIL)
    results = in_threads(lambda: confirm_signup(first.pk, its_code), lambda: confirm_signup(second.pk, other_code))
    assert sum(isinstance(result, Member) for result in results) == 1
    assert sum(isinstance(result, SignupEnded) for result in results) == 1
    assert Member.objects.count() == 1


def test_the_right_code_after_its_time_makes_no_account(client):
    sign_up(client)
    pending, code = PendingSignup.objects.get(), code_for(EMAIL)
    PendingSignup.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(SignupEnded):
        confirm_signup(pending.pk, code)
    PendingSignup.objects.update(expires_at=timezone.now() + timedelta(minutes=1))
    assert confirm_signup(pending.pk, code).email == EMAIL

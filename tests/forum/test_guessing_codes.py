"""Whoever has only the password keeps nobody out of their second step, and its owner hears that somebody has it."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client

from forum.known_browsers import COOKIE
from realtime.models import Delivery
from tests.conftest import PASSWORD
from tests.second_step import code_from_app

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STEP = "/accounts/2fa/authenticate/"
FULL = "tried too often"


@pytest.fixture(autouse=True)
def as_in_production(settings, staff):
    """allauth's own limits, which tests usually switch off; and puffin has an app."""
    settings.ACCOUNT_RATE_LIMITS = {}
    TOTP.activate(staff, SECRET)


def with_password(person, client=None, **more):
    client = client or Client()
    answer = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD, **more})
    assert answer.get("Location") == STEP
    return client


def type_code(client, code=None):
    return client.post(STEP, {"code": code or code_from_app(SECRET)})


def guess(person, times=7, **more):
    client = with_password(person, **more)
    return [type_code(client, f"{number:06}").text for number in range(times)]


def test_a_stranger_with_the_password_is_slowed(staff):
    assert [FULL in page for page in guess(staff)] == [False] * 5 + [True] * 2


def test_a_browser_in_which_its_owner_took_the_step_before_is_let_in_all_the_same(staff):
    mine = with_password(staff, remember="on")
    assert type_code(mine).status_code == 302
    mine.post("/accounts/logout/")
    guess(staff)
    with_password(staff, mine, remember="on")
    assert FULL not in type_code(mine, "000000").text, "it is counted by itself"
    cache.clear()  # a code is taken once, and the next comes in half a minute
    guess(staff)
    assert type_code(mine).status_code == 302


def test_a_browser_that_only_the_password_made_known_is_counted_with_the_strangers(staff):
    """Else whoever has it makes as many known browsers as they like."""
    assert FULL in guess(staff, remember="on")[-1]
    stranger = with_password(staff, remember="on")
    assert COOKIE in stranger.cookies, "the premise"
    assert FULL in type_code(stranger, "000000").text


def test_a_known_browser_is_slowed_too(staff):
    mine = with_password(staff, remember="on")
    type_code(mine)
    mine.post("/accounts/logout/")
    with_password(staff, mine, remember="on")
    pages = [type_code(mine, f"{number:06}").text for number in range(11)]
    assert [FULL in page for page in pages] == [False] * 10 + [True]


def test_whoever_is_signed_in_says_that_it_is_they_whatever_strangers_try(staff):
    mine = with_password(staff)
    type_code(mine)
    guess(staff)
    again = [mine.post("/accounts/2fa/reauthenticate/", {"code": f"{number:06}"}).text for number in range(6)]
    assert [FULL in page for page in again] == [False] * 5 + [True]


def test_the_owner_hears_once_that_somebody_has_their_password(staff):
    def mails():
        return Delivery.objects.filter(address=staff.email, subject__contains="Wrong codes")

    guess(staff, times=4)
    assert not mails().exists()
    type_code(with_password(staff), "000000")
    assert "somebody knows your password" in mails().get().body
    guess(staff)
    assert mails().count() == 1

"""Guessing at passwords is slowed for an address and from a place, and nobody is locked out of their own account by it."""

import pytest
from django.test import Client

from forum.known_browsers import COOKIE
from tests.conftest import PASSWORD
from tests.forum.test_sign_in import NEW, reset_code

pytestmark = pytest.mark.django_db
FULL = "tried too often"


@pytest.fixture(autouse=True)
def as_in_production(settings):
    """allauth's own limits, which tests usually switch off."""
    settings.ACCOUNT_RATE_LIMITS = {}


def try_in(client, person, password, place="192.0.2.1", **more):
    return client.post("/accounts/login/", {"login": person.email, "password": password, **more}, REMOTE_ADDR=place)


def guess(person, times=12):
    """A stranger who guesses from a different place each time. Returns the answers."""
    return [try_in(Client(), person, f"guess {n}", f"198.51.100.{n}") for n in range(times)]


def known_to(person):
    client = Client()
    assert try_in(client, person, PASSWORD, remember="on").status_code == 302
    client.post("/accounts/logout/")
    return client


def test_guesses_at_one_address_are_slowed_wherever_they_come_from(member, other_member):
    answers = guess(member)
    assert [FULL in answer.text for answer in answers] == [False] * 5 + [True] * 7
    assert FULL in try_in(Client(), member, PASSWORD).text  # the right one tells a stranger nothing either
    assert try_in(Client(), other_member, PASSWORD).status_code == 302


def test_guesses_from_one_place_are_slowed_whoever_they_are_at(make_member):
    people = [make_member(f"bird-{number}") for number in range(12)]
    answers = [try_in(Client(), person, "a guess", "203.0.113.9") for person in people]
    assert FULL in answers[-1].text and FULL not in answers[0].text


def test_whose_browser_is_known_is_not_locked_out_by_strangers(member):
    client = known_to(member)
    guess(member)
    assert try_in(client, member, PASSWORD).status_code == 302


def test_a_neighbour_who_guesses_locks_no_known_browser_out(member, make_member):
    client = known_to(member)
    for number in range(12):
        try_in(Client(), make_member(f"bird-{number}"), "a guess", "203.0.113.9")
    assert try_in(client, member, PASSWORD, "203.0.113.9").status_code == 302


def test_a_known_browser_guesses_no_faster(member):
    client = known_to(member)
    answers = [try_in(client, member, f"guess {n}", f"198.51.100.{n}") for n in range(12)]
    assert [FULL in answer.text for answer in answers] == [False] * 10 + [True] * 2


def test_a_browser_is_known_for_its_own_person_alone_and_says_not_whom(member, other_member):
    client = known_to(member)
    assert member.email not in client.cookies[COOKIE].value and str(member.pk) != client.cookies[COOKIE].value
    answers = [try_in(client, other_member, f"guess {n}", f"198.51.100.{n}") for n in range(8)]
    assert FULL in answers[-1].text
    forged = Client()
    forged.cookies[COOKIE] = client.cookies[COOKIE].value[:-2] + "xx"
    guess(member)
    assert FULL in try_in(forged, member, PASSWORD).text


def test_a_device_that_others_use_is_not_known(member):
    client = Client()
    try_in(client, member, PASSWORD)
    assert COOKIE not in client.cookies


def test_a_new_password_by_mail_leads_past_the_guesses(member):
    guess(member)
    client = Client()
    client.post("/accounts/password/reset/", {"email": member.email})
    client.post("/accounts/password/reset/confirm/", {"code": reset_code(member.email)})
    client.post("/accounts/password/reset/complete/", {"password1": NEW})
    assert client.cookies[COOKIE]["max-age"] == ""  # until the browser is closed
    guess(member)
    assert try_in(client, member, NEW).status_code == 302


@pytest.mark.parametrize(
    ("proxies", "said", "counted"),
    [
        (0, "10.0.0.1", "192.0.2.7"),
        (1, "10.0.0.1, 192.0.2.8", "192.0.2.8"),
        (2, "10.0.0.1, 192.0.2.9, 10.0.0.2", "192.0.2.9"),
        (2, "10.0.0.1", "192.0.2.7"),
    ],
)
def test_one_count_of_proxies_says_where_a_guess_came_from(settings, rf, proxies, said, counted):
    from allauth.account.adapter import get_adapter

    settings.TRUSTED_PROXIES = proxies
    request = rf.post("/accounts/login/", REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR=said)
    assert get_adapter().get_client_ip(request) == counted

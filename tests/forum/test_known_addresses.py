"""Nobody can find out here whether an address has an account: the answers, the work and the mails are alike (S5).

Each test does the same twice, with an address that has an account and with one that has none, and compares.
"""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forum.models import Member, PendingSignup
from realtime.models import Delivery
from tests.forum.signing import CountedHashes, comparable, confirm, mail_to, sign_up

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "robin@harbour.test", "nobod@harbour.test"


@pytest.fixture(autouse=True)
def robin(member):
    assert member.email == KNOWN


def both(act):
    """What `act(client, email, handle)` brings, for the known and for the unknown address."""
    return act(Client(), KNOWN, "dunnock"), act(Client(), UNKNOWN, "fulmar1")


def without_values(sql):
    return re.sub(r"'[^']*'|\d+", "…", re.sub(r"VALUES .*", "", sql, flags=re.DOTALL))


def seen(*responses, of):
    return [comparable(response, *of) for response in responses]


def test_signing_up_looks_alike():
    def act(client, email, handle):
        answer = sign_up(client, email=email, handle=handle)
        return seen(answer, client.get("/accounts/confirm/"), of=(email, handle))

    known, unknown = both(act)
    assert known == unknown
    assert known[0][:2] == (302, "/accounts/confirm/")


def test_signing_up_costs_the_same(monkeypatch):
    hashes = CountedHashes(monkeypatch)

    def act(client, email, handle):
        client.get("/accounts/signup/")
        before = hashes.count
        with CaptureQueriesContext(connection) as queries:
            sign_up(client, email=email, handle=handle)
        return hashes.count - before, [without_values(query["sql"]) for query in queries]

    known, unknown = both(act)
    assert known == unknown
    assert known[0] == 1


def test_one_mail_goes_out_either_way_and_only_its_reader_learns_which():
    both(lambda client, email, handle: sign_up(client, email=email, handle=handle))
    assert Delivery.objects.filter(address=KNOWN).count() == Delivery.objects.filter(address=UNKNOWN).count() == 1
    assert "already have an account" in mail_to(KNOWN).subject
    assert "code" in mail_to(UNKNOWN).subject


def test_a_handle_asked_for_afterwards_is_taken_either_way_and_free_again_either_way(time_machine):
    def taken(handle):
        return comparable(sign_up(Client(), email="third@example.org", handle=handle), handle)

    both(lambda client, email, handle: sign_up(client, email=email, handle=handle))
    known, unknown = taken("dunnock"), taken("fulmar1")
    assert known == unknown and known[0] == 422
    time_machine.move_to(timezone.now() + timedelta(minutes=15))
    known, unknown = taken("dunnock"), taken("fulmar1")
    assert known == unknown and known[0] == 302


def test_guessing_codes_looks_alike_to_the_end():
    def act(client, email, handle):
        sign_up(client, email=email, handle=handle)
        own = PendingSignup.objects.get(email=email)
        PendingSignup.objects.filter(pk=own.pk).update(code_digest="0" * 64)  # no guess can be right by luck
        answers = [confirm(client, "123456") for _try in range(4)]
        answers.append(client.post("/accounts/confirm/", {"action": "resend"}))
        answers.append(client.get("/accounts/confirm/"))
        return seen(*answers, of=(email, handle))

    known, unknown = both(act)
    assert known == unknown
    assert Delivery.objects.filter(address=KNOWN).count() == Delivery.objects.filter(address=UNKNOWN).count() == 2


def test_even_the_right_code_makes_no_second_account_for_a_known_address(monkeypatch):
    monkeypatch.setattr("forum.actions.signup.secrets.randbelow", lambda _limit: 123456)
    client = Client()
    sign_up(client, email=KNOWN, handle="dunnock")
    confirm(client, "123456")
    assert Member.objects.count() == 1
    assert Member.objects.get().handle == "robin"
    other = Client()  # the premise: with that code an unknown address does become an account
    sign_up(other, email=UNKNOWN, handle="fulmar1")
    confirm(other, "123456")
    assert Member.objects.count() == 2


def test_signing_in_wrongly_looks_alike_and_costs_one_hash_each(monkeypatch):
    hashes = CountedHashes(monkeypatch)

    def act(client, email, _handle):
        before = hashes.count
        answer = client.post("/accounts/login/", {"login": email, "password": "not the password"})
        return comparable(answer, email), hashes.count - before

    known, unknown = both(act)
    assert known == unknown
    assert known[0][0] == 422 and known[1] == 1


def test_asking_for_a_new_password_looks_alike_to_the_end(monkeypatch):
    hashes = CountedHashes(monkeypatch)

    def act(client, email, _handle):
        before = hashes.count
        answers = [
            client.post("/accounts/password/reset/", {"email": email}),
            client.get("/accounts/password/reset/confirm/"),
        ]
        answers += [client.post("/accounts/password/reset/confirm/", {"code": "not-it"}) for _try in range(3)]
        answers.append(client.get("/accounts/password/reset/confirm/"))
        return seen(*answers, of=(email,)), hashes.count - before

    known, unknown = both(act)
    assert known == unknown
    assert known[0][0][:2] == (302, "/accounts/password/reset/confirm/")
    assert Delivery.objects.filter(address=KNOWN).count() == Delivery.objects.filter(address=UNKNOWN).count() == 1

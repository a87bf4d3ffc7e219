"""Erasing now: behind a fresh sign-in and a typed handle, without a way back."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from forum.actions.export import ask_for_copy
from forum.actions.leaving import delete_now, leave
from forum.models import DataExport, Erasure, Leaving, Member, Standing
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def fresh(client, member):
    """robin, signed in with the password a moment ago."""
    client.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def test_it_asks_who_it_is_first(as_, member):
    answer = as_(member).get("/me/erase/")
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert as_(member).post("/me/erase/", {"handle": "robin"})["Location"].startswith("/accounts/reauthenticate/")
    assert not Erasure.objects.exists()


@pytest.mark.parametrize("typed", ["", "wren", "rob in"])
def test_another_word_erases_nothing(fresh, member, typed):
    answer = fresh.post("/me/erase/", {"handle": typed})
    assert answer.status_code == 422
    assert not Erasure.objects.exists()
    assert Member.objects.get(pk=member.pk).is_active


def test_the_handle_closes_the_account_for_good(fresh, member):
    answer = fresh.post("/me/erase/", {"handle": "Robin"}, follow=True)
    assert answer.redirect_chain == [("/me/erased/", 303)]
    assert "take care" in answer.text
    member.refresh_from_db()
    assert (member.standing, member.is_active) == (Standing.ERASED, False)
    again = fresh.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    assert again["Location"] == "/accounts/inactive/"
    assert "sessionid" not in fresh.cookies or not fresh.session.get("_auth_user_id")


def test_from_the_small_room_too(fresh, member):
    fresh.post("/me/leave/")
    assert fresh.post("/me/erase/", {"handle": "robin"})["Location"] == "/me/erased/"
    assert Erasure.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_their_open_sockets_are_closed(listen, member):
    with listen(member) as socket:
        assert socket.receive()["type"] == "hello"
        delete_now(member)
        while (heard := socket.receive())["type"] != "bye":
            pass
        assert heard["code"] == 4001


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("act", "model"), [(leave, Leaving), (delete_now, Erasure), (ask_for_copy, DataExport)])
def test_two_presses_at_once_are_one(member, act, model):
    def press(_number):
        try:
            return act(Member.objects.get(pk=member.pk)).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(press, range(4)))) == 1
    assert model.objects.count() == 1

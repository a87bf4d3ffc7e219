"""Passwords that thieves try first are refused, offline, at every door at which one is chosen."""

import socket

import pytest
from django.test import Client

from forum import passwords
from forum.models import PendingSignup
from tests.conftest import PASSWORD
from tests.forum.signing import sign_up

pytestmark = pytest.mark.django_db
KNOWN = ("1q2w3e4r5t6y", "qwertyuiop", "Password123", "BASKETBALL", "1qaz2wsx3edc", "manchesterunited")
NOT_KNOWN = ("nine slow herons", PASSWORD, "a kettle on the moon", "rhosyn gwyllt y mynydd")


def test_the_list_is_whole_sorted_and_holds_no_word():
    known = passwords.FILE.read_bytes()
    digests = [known[n : n + passwords.WIDTH] for n in range(0, len(known), passwords.WIDTH)]
    assert len(digests) > 100_000
    assert digests == sorted(set(digests))
    assert b"qwerty" not in known


@pytest.mark.parametrize("password", KNOWN)
def test_a_stolen_password_is_refused_with_a_sentence_and_whatever_its_capitals(client, password):
    answer = sign_up(client, password1=password)
    assert answer.status_code == 422 and "thieves try first" in answer.text
    assert password not in answer.text
    assert not PendingSignup.objects.exists()


@pytest.mark.parametrize("password", NOT_KNOWN)
def test_words_of_ones_own_are_taken(client, password):
    assert sign_up(client, password1=password).status_code == 302


@pytest.mark.parametrize("password", ["Harbour2026!", "harbour 12345", "MyHarbour-99", "Lantern-2026"])
def test_the_name_of_this_place_is_no_password(client, settings, password):
    settings.PRODUCT_NAME = "Lantern"
    assert "name of this place" in sign_up(client, password1=password).text


def test_a_new_password_is_held_against_the_list_too(as_, member):
    answer = as_(member).post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "1q2w3e4r5t6y"})
    assert answer.status_code == 422 and "thieves try first" in answer.text
    assert Client().login(email=member.email, password=PASSWORD)


def test_nobody_outside_is_asked(client, monkeypatch):
    def refuse(*_args):
        raise AssertionError("a password was taken off the machine")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert not passwords.is_known("a kettle on the moon") and passwords.is_known("qwertyuiop")

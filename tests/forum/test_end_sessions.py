"""Whoever runs the site signs somebody out everywhere, or everybody."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from forum.actions.sessions import end_old_sessions
from realtime import clock
from realtime.models import Event
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def clients(member, other_member):
    """robin twice, wren once, and a stranger who is half way through joining."""
    found = [Client() for _each in range(4)]
    for client, person in zip(found, (member, member, other_member), strict=False):
        client.force_login(person)
        client.get("/me/")
    half = found[3].session
    half["pending_signup"] = 1
    half.save()
    return found


def are_in(clients):
    return [client.get("/me/").status_code == 200 for client in clients]


def test_one_member_is_signed_out_everywhere_and_nobody_else(clients, member, capsys):
    assert are_in(clients) == [True, True, True, False]
    UserSession.objects.filter(session_key=clients[1].session.session_key).delete()  # one that is written down nowhere
    call_command("end_sessions", "robin")
    assert are_in(clients) == [False, False, True, False]
    assert "2 sessions have ended" in capsys.readouterr().out
    assert not UserSession.objects.filter(user=member).exists()


def test_who_waits_at_the_second_step_with_the_password_is_out_too(client, member):
    TOTP.activate(member, generate_totp_secret())
    client.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    assert "account_login" in client.session
    call_command("end_sessions", "robin")
    assert "account_login" not in client.session


def test_everybody_is_and_who_is_joining_goes_on(clients):
    call_command("end_sessions", "--everybody")
    assert are_in(clients) == [False, False, False, False]
    assert clients[3].session["pending_signup"] == 1
    assert Session.objects.count() == 1
    call_command("end_sessions", "--everybody")  # nobody is left: nothing happens


def test_nothing_is_ended_by_a_slip(clients):
    for typed in ([], ["nobody"], ["robin", "--everybody"]):
        with pytest.raises(CommandError):
            call_command("end_sessions", *typed)
    assert are_in(clients) == [True, True, True, False]


def test_thirty_days_after_signing_in_a_session_ends_however_often_it_is_used(clients, member):
    first, second, others, _half = (client.session.session_key for client in clients)
    was = timezone.now()
    UserSession.objects.filter(session_key__in=[first, others]).update(created_at=was - timedelta(days=30))
    UserSession.objects.filter(session_key=second).update(created_at=was - timedelta(days=29, hours=23))
    assert are_in(clients) == [True, True, True, False]
    end_old_sessions()
    assert are_in(clients) == [False, True, False, False]
    assert Event.objects.filter(stream=f"member:{member.pk}", kind="rights.changed").count() == 1
    assert "end_old_sessions" in clock.tick()


@pytest.mark.django_db(transaction=True)
def test_open_sockets_close(listen, member, other_member):
    with listen(member) as theirs, listen(other_member) as others:
        assert theirs.receive()["type"] == others.receive()["type"] == "hello"
        call_command("end_sessions", "robin")
        assert theirs.until("bye")["code"] == 4001
        assert others.events_until_now() == []

"""The log says what happened at the doors of accounts, and of members never whose door it was."""

import json

import pytest
from django.test import Client

from tests.conftest import PASSWORD
from tests.forum.test_sign_in import NEW, reset_code, sign_in
from tests.second_step import code_from_app

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(caplog):
    """Every record of structlog's, as it goes to whatever draws it."""
    caplog.set_level("INFO")
    return lambda: [record.msg for record in caplog.records if isinstance(record.msg, dict)]


@pytest.fixture
def told(written):
    """What was written about accounts, as (what, whose, by)."""
    return lambda: [(each["event"], each["whose"], "+".join(each["by"])) for each in written() if "whose" in each]


def test_signing_in_and_out_and_a_wrong_password(told, client, member):
    sign_in(client, member, "not it at all")
    sign_in(client, member)
    client.post("/accounts/logout/")
    assert told() == [
        ("sign_in_refused", "unknown", ""),
        ("signed_in", "a member", "password"),
        ("signed_out", "a member", "password"),
    ]


def test_of_the_team_it_says_who(told, client, staff):
    sign_in(client, staff)
    assert told() == [("signed_in", f"staff {staff.pk}", "password")]


def test_what_changes_how_somebody_comes_in(told, client, staff, django_capture_on_commit_callbacks):
    sign_in(client, staff)
    client.post("/accounts/reauthenticate/?next=/accounts/2fa/totp/activate/", {"password": PASSWORD})
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/totp/activate/", {"code": code_from_app(secret)})
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW})
    other = Client()
    other.post("/accounts/password/reset/", {"email": staff.email})
    other.post("/accounts/password/reset/confirm/", {"code": "AAAA-AAAA"})
    other.post("/accounts/password/reset/confirm/", {"code": reset_code(staff.email)})
    other.post("/accounts/password/reset/complete/", {"password1": PASSWORD})
    sign_in(other, staff)
    other.post("/accounts/2fa/authenticate/", {"code": "000000"})
    whose = f"staff {staff.pk}"
    assert [(what, who) for what, who, _by in told()] == [
        ("signed_in", whose),
        ("second_step_added", whose),
        ("second_step_added", whose),  # the spare codes are one too
        ("password_changed", whose),
        ("reset_code_refused", whose),
        ("password_reset", whose),
        ("second_step_refused", whose),
    ]


def test_nothing_in_it_is_about_a_member(written, client, member):
    sign_in(client, member, "not it at all")
    sign_in(client, member)
    client.post("/accounts/logout/")
    records = json.dumps(written(), default=str)
    assert "signed_out" in records
    for personal in (member.email, member.handle, PASSWORD, "not it at all", f"member {member.pk}"):
        assert personal not in records

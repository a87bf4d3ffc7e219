"""One code on paper: made after a fresh sign-in, shown once, used once at the second step, and never in silence."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.utils import timezone

from moderation.actions.sealed_codes import make_code, use_code
from moderation.models import SealedCode
from moderation.refusals import NotAllowed
from realtime.models import Delivery
from tests.conftest import PASSWORD
from tests.second_step import code_from_app

pytestmark = pytest.mark.django_db
CODE = re.compile(r'<code class="sealed">([A-Z2-9-]+)</code>')


@pytest.fixture
def with_app(staff):
    """puffin signs in with an app as the second step."""
    TOTP.activate(staff, generate_totp_secret())
    return staff


@pytest.fixture
def second_step(with_app):
    """`second_step(code)`: signs in with the password, then sends this as the second step."""

    def sign_in(code: str):
        client = Client()
        first = client.post("/accounts/login/", {"login": with_app.email, "password": PASSWORD})
        assert first["Location"].startswith("/accounts/2fa/authenticate/")
        return client, client.post("/accounts/2fa/authenticate/", {"code": code})

    return sign_in


def signed_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_it_is_made_after_a_fresh_sign_in_and_shown_once(staff):
    client = Client()
    client.post("/accounts/login/", {"login": staff.email, "password": PASSWORD})
    assert "You have none" in client.get("/staff/one-time-code/").text
    who = client.post("/staff/one-time-code/")["Location"]
    made = client.post(who, {"password": PASSWORD, "next": "/staff/one-time-code/"})
    found = CODE.search(made.text)
    assert found and made.headers["Cache-Control"] == "no-store"
    kept = SealedCode.objects.get()
    assert found[1].replace("-", "") not in kept.hashed
    again = client.get("/staff/one-time-code/").text
    assert "You have one" in again and found[1] not in again
    assert Delivery.objects.filter(dedupe=f"sealed-made:{kept.pk}", address=staff.email).exists()


def test_a_sign_in_that_is_not_fresh_is_asked_who_it_is_first(as_, staff):
    answer = as_(staff).post("/staff/one-time-code/")
    assert answer.status_code == 302 and "reauthenticate" in answer["Location"]
    assert not SealedCode.objects.exists()


def test_it_opens_the_second_step_once_and_everybody_hears(with_app, other_staff, second_step):
    code = make_code(with_app)
    client, answer = second_step(code.lower().replace("-", " "))
    assert answer.status_code == 302 and signed_in(client)
    told = Delivery.objects.filter(dedupe__startswith="sealed-used:")
    assert {each.address for each in told} == {with_app.email, other_staff.email}
    assert all(code not in each.body and "puffin" in each.body for each in told)
    client, answer = second_step(code)
    assert answer.status_code == 422 and not signed_in(client)


def test_a_wrong_one_and_somebody_elses_open_nothing(with_app, other_staff, second_step):
    make_code(with_app)
    theirs = make_code(other_staff)
    for wrong in ("ABCD-EFGH-JKMN-PQRS-TVWX", theirs, "123456"):
        client, answer = second_step(wrong)
        assert answer.status_code == 422 and not signed_in(client)
    assert not SealedCode.objects.filter(used_at__isnull=False).exists()


def test_the_apps_code_still_works(with_app, second_step):
    from allauth.mfa.utils import decrypt

    secret = Authenticator.objects.get(user=with_app, type="totp").wrap()
    code = code_from_app(decrypt(secret.instance.data["secret"]))
    client, answer = second_step(code)
    assert answer.status_code == 302 and signed_in(client)


def test_a_new_one_ends_the_one_before(with_app):
    first = make_code(with_app)
    second = make_code(with_app)
    assert not use_code(with_app, first) and use_code(with_app, second)


def test_who_left_the_team_has_no_use_for_theirs(with_app):
    code = make_code(with_app)
    with_app.role = "member"
    assert not use_code(with_app, code)


def test_it_is_for_those_who_are_called(as_, member, moderator):
    assert as_(moderator).get("/staff/one-time-code/").status_code == 404
    for person in (member, moderator):
        with pytest.raises(NotAllowed):
            make_code(person)


def test_it_does_not_grow_old(with_app):
    code = make_code(with_app)
    with time_machine.travel(timezone.now() + timedelta(days=300), tick=False):
        assert use_code(with_app, code)


@pytest.mark.django_db(transaction=True)
def test_used_twice_at_once_it_opens_once(with_app, at_once):
    code = make_code(with_app)
    assert sorted(at_once(lambda: use_code(with_app, code), lambda: use_code(with_app, code))) == [False, True]

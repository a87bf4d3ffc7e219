"""The last second step of somebody with a role stays, also when two are taken away at the same moment."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def signed_in(settings, staff):
    """`signed_in()`: a browser of puffin's that has just shown who they are, with the second step."""
    settings.SECOND_STEP = True

    def make() -> Client:
        client = Client()
        client.force_login(staff)
        client.post(
            "/accounts/reauthenticate/", {"password": PASSWORD}
        )  # before there is a second step that is asked for
        session = client.session
        now = timezone.now().timestamp()
        record = {"method": "mfa", "type": "totp", "reauthenticated": True, "at": now}
        session["account_authentication_methods"] = [*session["account_authentication_methods"], record]
        session.save()
        return client

    return make


@pytest.fixture
def both(staff):
    """`both()`: puffin has an app and a passkey. Where each is taken away."""

    def make() -> tuple[str, str]:
        Authenticator.objects.create(user=staff, type="totp", data={"secret": "x"})
        passkey = Authenticator.objects.create(user=staff, type="webauthn", data={"name": "My phone"})
        return reverse("mfa_deactivate_totp"), reverse("mfa_remove_webauthn", args=[passkey.pk])

    return make


def test_of_two_one_goes_and_the_other_stays(signed_in, both, staff):
    client = signed_in()
    without_app, without_passkey = both()
    assert client.post(without_app)["Location"] == reverse("mfa_index")
    client.post(without_passkey)
    assert [each.type for each in Authenticator.objects.filter(user=staff)] == ["webauthn"]


def test_of_two_taken_away_at_once_one_stays(signed_in, both, staff, at_once):
    one, other = signed_in(), signed_in()
    without_app, without_passkey = both()
    at_once(lambda: one.post(without_app), lambda: other.post(without_passkey))
    assert Authenticator.objects.filter(user=staff).count() == 1

"""A passkey is added, opens the account by itself, and is taken away again: in Chromium, with a device that is played (CDP)."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from forum.models import Member
from tests.browser.look import look
from tests.conftest import PASSWORD
from tests.harbour import Harbour

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def by_name(daphne: Harbour) -> Harbour:
    """The same server by its name: a passkey belongs to one, and an address of numbers is none."""
    daphne.url = f"http://localhost:{daphne.port}"
    return daphne


def plug_in(page: Any) -> tuple[Any, str]:
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    return line, line.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})["authenticatorId"]


def confirm(page: Any) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def test_a_passkey_lets_its_owner_in_and_is_taken_away(by_name: Harbour, open_page: Any, member: Member) -> None:
    page = open_page(by_name.cookie(member))
    line, phone = plug_in(page)
    page.goto("/accounts/2fa/webauthn/add/")
    confirm(page)
    look(page, "passkey-add", pictures=False)
    page.get_by_label("What you call it").fill("My phone")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Spare codes")).to_be_visible()
    assert Authenticator.objects.get(type="webauthn").user == member

    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto("/accounts/login/")
    look(page, "passkey-sign-in", pictures=False)
    line.send("WebAuthn.setUserVerified", {"authenticatorId": phone, "isUserVerified": False})
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("That did not work")).to_be_visible()  # a finger that is not its owner's
    line.send("WebAuthn.setUserVerified", {"authenticatorId": phone, "isUserVerified": True})
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(f"{by_name.url}/")
    page.goto("/me/")
    expect(page.get_by_text(member.handle).first).to_be_visible()

    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_role("heading", name="My phone")).to_be_visible()
    look(page, "passkeys", pictures=False)
    page.get_by_role("link", name="Remove it").click()
    page.goto("/accounts/2fa/webauthn/reauthenticate/?next=/accounts/2fa/webauthn/")
    look(page, "passkey-again", pictures=False)
    page.get_by_role("button", name="Show my passkey").click()  # a fresh sign-in of its own
    page.get_by_role("link", name="Call it something else").click()
    look(page, "passkey-name", pictures=False)
    page.get_by_label("What you call it").fill("Old phone")
    page.get_by_role("button", name="Keep it so").click()
    expect(page.get_by_role("heading", name="Old phone")).to_be_visible()
    page.get_by_role("link", name="Remove it").click()
    look(page, "passkey-remove", pictures=False)
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("You have none yet.")).to_be_visible()
    assert not Authenticator.objects.exists()


def test_without_javascript_the_page_says_what_works_instead(by_name: Harbour, open_page: Any) -> None:
    page = open_page(javascript=False)
    page.goto("/accounts/login/")
    assert (
        "Your address and password work without." in page.content()
    )  # in a noscript, which Chromium parses as text here
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()

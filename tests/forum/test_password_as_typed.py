"""A password is what its owner typed, to the letter, and a forgotten one is no way around the second step."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from tests.forum.signing import code_for, confirm, sign_up
from tests.forum.test_sign_in import NEW, reset_code

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "typed",
    [
        " gulls over grey water ",
        "ÄÖ ñandú 水鳥 🪿🪿🪿",
        "nodigitsnorcapitals",
        "quiet harbour lights " * 9,
        "2718281828459045235360",
    ],
)
def test_whatever_is_typed_is_the_password_to_the_letter(client, typed):
    assert sign_up(client, password1=typed).status_code == 302
    assert confirm(client, code_for("linnet@example.org")).status_code == 302

    def lets_in(password):
        return (
            Client().post("/accounts/login/", {"login": "linnet@example.org", "password": password}).status_code == 302
        )

    assert lets_in(typed)
    others = {typed.strip(), typed.swapcase(), typed[:64], f"{typed}x", typed[:-1]} - {typed}
    assert not any(map(lets_in, others))


def test_a_new_password_by_mail_does_not_pass_by_the_second_step(client, member):
    TOTP.activate(member, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    client.post("/accounts/password/reset/", {"email": member.email})
    client.post("/accounts/password/reset/confirm/", {"code": reset_code(member.email)})
    assert client.post("/accounts/password/reset/complete/", {"password1": NEW}).status_code == 302
    assert client.get("/me/").status_code == 302
    asked = client.post("/accounts/login/", {"login": member.email, "password": NEW})
    assert asked["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/me/").status_code == 302

"""Who has lost everything that their second step rests on is let in again from the machine, and hears of it."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command
from django.test import Client

from tests.forum.signing import mail_to
from tests.forum.test_sign_in import sign_in

pytestmark = pytest.mark.django_db


def test_they_come_in_with_the_password_alone_and_their_sessions_are_over(member, other_member, caplog):
    for person in (member, other_member):
        TOTP.activate(person, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
        RecoveryCodes.activate(person)
    before = Client()
    before.force_login(member)
    assert sign_in(Client(), member)["Location"] == "/accounts/2fa/authenticate/"
    call_command("remove_second_step", "robin")
    assert sign_in(Client(), member)["Location"] == "/"
    assert before.get("/me/").status_code == 302
    assert "switched off" in mail_to(member.email).body
    assert f"second_step_removed: member {member.pk}" in caplog.text
    assert set(Authenticator.objects.values_list("user", flat=True)) == {other_member.pk}


def test_nothing_is_taken_by_a_slip(member):
    for handle, why in (("nobody", "Nobody here is called"), ("robin", "has no second step")):
        with pytest.raises(CommandError, match=why):
            call_command("remove_second_step", handle)

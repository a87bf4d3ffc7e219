"""What second steps rest on cannot be read in the database, and goes on working when the key changes."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command
from django.test import Client

from forum.sealing import CannotOpen
from tests.conftest import PASSWORD
from tests.second_step import code_from_app

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # in an app


@pytest.fixture
def second_step(member):
    """robin's app and spare codes. Returns the codes."""
    TOTP.activate(member, SECRET)
    return RecoveryCodes.activate(member).generate_codes()


def comes_in(member, code):
    client = Client()
    client.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": code})
    return client.get("/me/").status_code == 200


def stored():
    return json.dumps(list(Authenticator.objects.values_list("data", flat=True)))


def unsealed():
    """As rows were before they were sealed."""
    for row in Authenticator.objects.all():
        opened = RecoveryCodes.generate_seed() if "seed" in row.data else SECRET
        Authenticator.objects.filter(pk=row.pk).update(
            data=row.data | {("seed" if "seed" in row.data else "secret"): opened}
        )


def test_the_database_holds_nothing_that_makes_a_code(member, second_step):
    assert SECRET not in stored()
    seed = next(row.data["seed"] for row in Authenticator.objects.all() if "seed" in row.data)
    assert len(seed) > 80 and ":" in seed
    assert not comes_in(member, "000000")
    assert comes_in(member, second_step[0])
    assert not comes_in(member, second_step[0])  # each works once
    assert comes_in(member, code_from_app(SECRET))


def test_what_was_stored_open_still_works_and_is_sealed_when_asked(member, second_step, capsys):
    unsealed()
    assert SECRET in stored()
    assert comes_in(member, code_from_app(SECRET))
    call_command("reseal")
    assert "Second steps sealed anew: 2." in capsys.readouterr().out
    assert SECRET not in stored()
    call_command("reseal")
    assert "Second steps sealed anew: 0." in capsys.readouterr().out
    row = RecoveryCodes(Authenticator.objects.get(type="recovery_codes"))
    assert comes_in(member, row.get_unused_codes()[0])


def test_a_new_key_takes_over_and_without_its_key_nothing_opens(member, second_step, settings):
    old = settings.SEAL_KEYS[0]
    settings.SEAL_KEYS = ["another key of more than fifty characters, made for this", old]
    call_command("reseal")
    settings.SEAL_KEYS = settings.SEAL_KEYS[:1]
    assert comes_in(member, second_step[0])
    settings.SEAL_KEYS = [old]
    with pytest.raises(CannotOpen):
        RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).generate_codes()
    with pytest.raises(CommandError, match="Second steps that none of the keys opens: 2"):
        call_command("reseal")

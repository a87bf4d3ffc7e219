"""The first day of a site as docs/running.md tells it: from an empty database, past the second steps, to an open sign-up."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.test import Client

from forum.actions.roles import NoAdministrator, ask_for_role
from forum.models import Member, RoleAsk
from moderation import cover
from moderation.models import ContactWay
from realtime.deliveries import send_due
from tests.receivers import Receiver
from tests.second_step import code_from_app

pytestmark = pytest.mark.django_db(transaction=True)
PHRASE = "three small boats at anchor"
WAYS = "/staff/on-call/ways/"


@pytest.fixture(autouse=True)
def production(settings):
    settings.HARBOUR_ENV = "production"
    settings.SECOND_STEP = True
    settings.EMERGENCY_CONTACT = "oncall@example.org"


@pytest.fixture
def pager() -> Iterator[Receiver]:
    there = Receiver()
    yield there
    there.stop()


def create(monkeypatch: pytest.MonkeyPatch, handle: str) -> Member:
    """As whoever has the machine does it."""
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PHRASE)
    call_command("createsuperuser", "--noinput", f"--email={handle}@example.org", f"--handle={handle}", verbosity=0)
    return Member.objects.get(handle=handle)


def code_mailed_to(person: Member, outbox: list[Any]) -> str:
    send_due()
    (mail,) = [mail for mail in outbox if mail.to == [person.email] and "code" in mail.body]
    found = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", mail.body, re.MULTILINE)
    assert found, mail.body
    return found[0]


def sign_in(person: Member, outbox: list[Any]) -> Client:
    """For the first time: the address is shown to be theirs, and a second step set up."""
    client, confirm = Client(), {"password": PHRASE}
    led = client.post("/accounts/login/", {"login": person.email, "password": PHRASE})
    assert led["Location"] == "/accounts/confirm-email/"
    client.post(led["Location"], {"code": code_mailed_to(person, outbox)})
    assert EmailAddress.objects.get(user=person).verified
    client.post("/accounts/reauthenticate/?next=/accounts/2fa/totp/activate/", confirm)
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    assert client.post("/accounts/2fa/totp/activate/", {"code": code_from_app(secret)}).status_code == 302
    return client


def test_the_first_day_ends_with_an_open_sign_up(monkeypatch, mailoutbox, pager):
    owl, admin, puffin = (create(monkeypatch, handle) for handle in ("owl", "admin", "puffin"))
    assert {person.role for person in (owl, admin, puffin)} == {"administrator"}
    as_owl, as_admin, as_puffin = (sign_in(person, mailoutbox) for person in (owl, admin, puffin))
    assert "nobody could look after them" in Client().get("/accounts/signup/").text
    assert len(cover.missing()) == 2

    assert as_owl.post(f"/admin/forum/member/{puffin.pk}/change/", {"role": "staff"}).status_code == 302
    asked = RoleAsk.objects.get()
    agree = {"action": "agree", "_selected_action": [asked.pk]}
    assert "is given" in as_admin.post("/admin/forum/roleask/", agree, follow=True).text
    assert Member.objects.get(pk=puffin.pk).role == "staff"
    with pytest.raises(NoAdministrator):
        ask_for_role(owl, "member", Member.objects.get(pk=puffin.pk))

    as_puffin.post(f"{WAYS}add/webhook/", {"name": "my pager", "url": f"{pager.url}/p"})
    way = ContactWay.objects.get()
    as_puffin.post(WAYS, {"way": way.pk, "do": "test"})
    send_due()
    code = "".join(re.findall(r"\d(?: \d){5}", pager.got[0].said["message"]))
    as_puffin.post(WAYS, {"way": way.pk, "do": "confirm", "code": code})
    as_puffin.post("/moderation/duty/", {"do": "on_call"})
    assert "Helplines" in cover.missing()[0] and len(cover.missing()) == 1

    lines = as_owl.get("/admin/forum/helpline/").context["cl"].queryset
    held = {"action": "held_against_their_pages", "_selected_action": [line.pk for line in lines]}
    as_owl.post("/admin/forum/helpline/", held)
    assert cover.missing() == []
    assert Client().get("/accounts/signup/").context.get("form")

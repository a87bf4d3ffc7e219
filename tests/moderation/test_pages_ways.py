"""The page of one's own ways: what it shows, what it refuses, and that it is nobody else's."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from moderation import ways
from moderation.models import ContactWay
from realtime import web_push
from realtime.deliveries import send_due
from realtime.models import Delivery
from tests.receivers import Receiver

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/staff/on-call/ways/"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    there = Receiver()
    yield there
    there.stop()


def added(client: Any, what: str, **said: str) -> Any:
    return client.post(f"{PAGE}add/{what}/", said)


def test_puffin_adds_a_pager_tests_it_and_can_be_rung(as_, staff, receiver):
    client = as_(staff)
    assert "Nothing rings for you yet" in client.get(PAGE).text
    assert added(client, "webhook", name="my pager", url=f"{receiver.url}/p").status_code == 303
    way = ContactWay.objects.get()
    assert ways.open_way(way).key in client.get(PAGE).text  # to set its receiver up
    client.post(PAGE, {"way": way.pk, "do": "test"})
    send_due()
    code = "".join(re.findall(r"\d(?: \d){5}", receiver.got[0].said["message"]))
    wrong = client.post(PAGE, {"way": way.pk, "do": "confirm", "code": "abc"})
    assert wrong.status_code == 422 and "not the code" in wrong.text
    client.post(PAGE, {"way": way.pk, "do": "confirm", "code": code})
    shown = client.get(PAGE).text
    assert "You can be rung." in shown and ways.open_way(way).key not in shown


def test_an_independent_contact_has_ways_too(as_, independent):
    assert added(as_(independent), "mail", name="at work", address="tern@example.org").status_code == 303


def test_nobody_opens_or_changes_somebody_elses_way(as_, staff, other_staff, receiver):
    added(as_(staff), "webhook", name="my pager", url=receiver.url)
    way = ContactWay.objects.get()
    assert "my pager" not in as_(other_staff).get(PAGE).text
    for do in ("test", "confirm", "remove"):
        assert as_(other_staff).post(PAGE, {"way": way.pk, "do": do}).status_code == 404
    assert ContactWay.objects.exists() and not Delivery.objects.exists()


def test_what_is_not_there_is_not_found(as_, staff):
    client = as_(staff)
    assert client.get(f"{PAGE}add/pigeon/").status_code == 404
    assert client.post(PAGE, {"way": "x", "do": "test"}).status_code == 404
    added(client, "mail", name="at work", address="puffin@example.org")
    assert client.post(PAGE, {"way": ContactWay.objects.get().pk, "do": "sing"}).status_code == 404


@pytest.mark.parametrize(
    ("what", "said", "sentence"),
    [
        ("webhook", {"name": "x", "url": "http://example.org/"}, "begins with https://"),
        ("webhook", {"name": "x", "url": "https://me:secret@example.org/"}, "begins with https://"),
        ("webhook", {"name": "", "url": "https://example.org/"}, "Give it a name"),
        ("telephone", {"name": "x", "number": "twelve"}, "Write a telephone number"),
        ("telephone", {"name": "x", "number": "+44 7700 90012345678"}, "too long or too short"),
        ("pagerduty", {"name": "x", "key": "short"}, "32 letters and digits"),
        ("mail", {"name": "x", "address": "nowhere"}, "whole mail address"),
        ("push", {"name": "x", "endpoint": "https://push.example.org/1", "p256dh": "no", "auth": "no"}, "said yes"),
        ("push", {"name": "x", "endpoint": "", "p256dh": "", "auth": ""}, "said yes"),
    ],
)
def test_what_cannot_be_a_way_is_refused_beside_its_field_and_kept(as_, staff, settings, what, said, sentence):
    settings.TELEPHONE_ACCOUNT = "AC1:token:+441632960001"
    answer = added(as_(staff), what, **said)
    assert answer.status_code == 422 and sentence in answer.text
    assert not ContactWay.objects.exists()
    if said["name"]:
        assert 'value="x"' in answer.text


def test_a_second_way_of_the_same_name_is_refused(as_, staff):
    for status in (303, 422):
        assert added(as_(staff), "mail", name="at work", address="puffin@example.org").status_code == status


def test_more_than_ten_are_a_list_to_get_lost_in(as_, staff):
    for n in range(10):
        added(as_(staff), "mail", name=f"mail {n}", address="puffin@example.org")
    assert added(as_(staff), "mail", name="one more", address="puffin@example.org").status_code == 422
    assert "ten ways already" in as_(staff).get(f"{PAGE}add/mail/").text


def test_without_an_account_of_the_operators_no_telephone_is_offered(as_, staff, settings):
    settings.TELEPHONE_ACCOUNT = ""
    assert "HARBOUR_TELEPHONE_ACCOUNT" in as_(staff).get(f"{PAGE}add/telephone/").text
    assert added(as_(staff), "telephone", name="x", number="+447700900123").status_code == 422


def test_a_telephone_rings_through_the_operators_service(as_, staff, settings, receiver):
    settings.TELEPHONE_ACCOUNT, settings.TELEPHONE_URL = "AC1:token:+441632960001", receiver.url
    added(as_(staff), "telephone", name="My telephone", number="07700 900123")
    as_(staff).post(PAGE, {"way": ContactWay.objects.get().pk, "do": "test"})
    send_due()
    [got] = receiver.got
    assert got.path == "/2010-04-01/Accounts/AC1/Calls.json"
    assert b"%2B447700900123" in got.body and b"code" in got.body


def test_pagerduty_is_called_with_the_persons_key(as_, staff, settings, receiver):
    settings.PAGERDUTY_URL = f"{receiver.url}/v2/enqueue"
    added(as_(staff), "pagerduty", name="PagerDuty", key="R" * 32)
    as_(staff).post(PAGE, {"way": ContactWay.objects.get().pk, "do": "test"})
    send_due()
    assert receiver.got[0].path == "/v2/enqueue" and receiver.got[0].said["routing_key"] == "R" * 32
    assert "R" * 32 not in as_(staff).get(PAGE).text


def test_without_the_extra_the_page_says_how_notifications_are_installed(as_, staff, monkeypatch):
    monkeypatch.setattr(web_push, "is_installed", lambda: False)
    assert "make .venv" in as_(staff).get(f"{PAGE}add/push/").text


def test_a_way_whose_test_is_old_asks_for_another(as_, staff):
    added(as_(staff), "webhook", name="my pager", url="https://example.org/")
    long_ago = timezone.now() - timedelta(days=31)
    ContactWay.objects.update(confirmed_at=long_ago, tested_at=long_ago)
    shown = as_(staff).get(PAGE).text
    assert "test it again" in shown and "Nothing rings for you yet" in shown


def test_taken_away_it_is_gone(as_, staff):
    added(as_(staff), "mail", name="at work", address="puffin@example.org")
    as_(staff).post(PAGE, {"way": ContactWay.objects.get().pk, "do": "remove"})
    assert not ContactWay.objects.exists()


def test_where_it_leads_stands_in_no_row_that_is_not_sealed(as_, staff, receiver):
    added(as_(staff), "webhook", name="my pager", url=f"{receiver.url}/a-secret-path")
    as_(staff).post(PAGE, {"way": ContactWay.objects.get().pk, "do": "test"})
    assert "a-secret-path" not in f"{list(ContactWay.objects.values())}{list(Delivery.objects.values())}"

"""Web push: sealed for one browser, signed for one push service, and let go of when the browser is gone."""

import base64
import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from realtime import deliveries, receivers, web_push
from realtime.deliveries import queue, send_due
from realtime.models import Delivery
from realtime.receivers import Receiver as Opened
from tests.receivers import Receiver

pytestmark = pytest.mark.django_db(transaction=True)

http_ece = pytest.importorskip("http_ece", reason="the extra `push` is not installed")


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Browser:
    """What a browser keeps of its subscription, and how it opens what comes."""

    def __init__(self) -> None:
        self.key, self.auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        self.point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def opened(self, body: bytes) -> Any:
        plain = http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm")
        return json.loads(plain)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> Iterator[tuple[Receiver, Browser]]:
    settings.DATA_DIR = tmp_path
    web_push._private_key.cache_clear()
    there, browser = Receiver(lambda got: 201), Browser()
    keys = {"p256dh": text(browser.point), "auth": text(browser.auth)}
    opened = {"browser": lambda delivery: Opened(f"{there.url}/push/1", more=keys)}
    monkeypatch.setattr(receivers, "_openers", opened)
    monkeypatch.setattr(deliveries, "_guards", [])
    monkeypatch.setattr(deliveries, "_hooks", {})
    yield there, browser
    there.stop()
    web_push._private_key.cache_clear()


def page() -> None:
    queue(
        "push",
        "ladder:1",
        "browser",
        subject="A case waits",
        urgent=True,
        link="https://harbour.test/staff/",
        severity="urgent",
    )


def test_only_the_browser_it_is_for_can_read_it(service):
    there, browser = service
    page()
    assert send_due() == 1
    [got] = there.got
    assert b"waits" not in got.body
    assert browser.opened(got.body)["words"] == "Harbour: A case waits"
    assert browser.opened(got.body)["link"] == "https://harbour.test/staff/"
    assert (got.headers["Content-Encoding"], got.headers["Urgency"]) == ("aes128gcm", "high")
    with pytest.raises(Exception):  # noqa: B017  whatever the other browser's key makes of it
        Browser().opened(got.body)


def test_the_push_service_can_tell_that_it_is_ours(service):
    from py_vapid import Vapid02

    there, _browser = service
    page()
    send_due()
    scheme, _space, rest = there.got[0].headers["Authorization"].partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert scheme == "vapid" and parts["k"] == web_push.public_key()
    assert Vapid02.verify(there.got[0].headers["Authorization"])
    claims = json.loads(base64.urlsafe_b64decode(parts["t"].split(".")[1] + "=="))
    assert claims["aud"] == there.url


def test_a_retry_takes_the_place_of_the_one_before_it(service):
    there, _browser = service
    there.answers = lambda got: 503 if len(there.got) == 1 else 201
    page()
    send_due()
    Delivery.objects.update(due_at="2026-01-01T00:00:00Z")
    send_due()
    topics = {got.headers["Topic"] for got in there.got}
    assert len(there.got) == 2 and len(topics) == 1 and len(topics.pop()) == 32


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_let_go_is_not_asked_again(service, status):
    there, _browser = service
    there.answers = lambda got: status
    page()
    send_due()
    assert Delivery.objects.values_list("state", "outcome").get() == ("failed", "gone")


def test_the_key_is_made_once_and_kept_for_its_owner_alone(service, settings):
    first = web_push.public_key()
    web_push._private_key.cache_clear()
    assert web_push.public_key() == first
    kept = settings.DATA_DIR / "vapid_key.pem"
    assert kept.stat().st_mode & 0o077 == 0
    settings.VAPID_KEY = kept.read_text().replace("\n", "\\n")
    kept.unlink()
    web_push._private_key.cache_clear()
    assert web_push.public_key() == first


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [("", ""), ("AAAA", "AAAA"), ("not base64 at all!", "x"), (text(b"\x04" + b"1" * 64), text(b"1" * 16))],
)
def test_what_is_no_subscription_is_told(p256dh, auth):
    assert not web_push.is_subscription(p256dh, auth)


def test_a_subscription_is_told():
    browser = Browser()
    assert web_push.is_subscription(text(browser.point), text(browser.auth))

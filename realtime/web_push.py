"""Pages to a browser, also while its page is closed (RFC 8030, 8188, 8291, 8292). pywebpush seals them: the extra `push`."""

import base64
import hashlib
import importlib.util
import json
import os
import time
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

from realtime.models import Delivery
from realtime.receivers import Receiver, open_receiver
from realtime.senders import NotTaken, Sender, Taken
from realtime.webhooks import WHOLE, page_of, post

KEPT_FOR = 3600  # seconds that a push service keeps a page for a browser that is away: as long as we try
TOKEN_FOR = 12 * 3600  # seconds; RFC 8292 allows a day


def is_installed() -> bool:
    """Whether the extra is there that seals a page for a browser."""
    return importlib.util.find_spec("pywebpush") is not None


def send(delivery: Delivery) -> Taken:
    """Hand one page to the push service of somebody's browser. Raises NotTaken, for good when the browser let go of it."""
    receiver = open_receiver(delivery)
    if receiver is None:
        raise NotTaken("gone", final=True)
    if not is_installed():
        raise NotTaken("not installed")
    page = page_of(delivery)
    said = {"words": page.words, "link": page.link, "key": _topic(page.key)}
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(KEPT_FOR),
        "Urgency": "high",
        "Topic": _topic(page.key),  # a retry takes the place of the one before it, also at the push service
        **_authorization(receiver.url),
    }
    status = post(receiver.url, headers, _sealed(receiver, json.dumps(said).encode()))
    if status in (404, 410):
        raise NotTaken("gone", status, final=True)
    if not 200 <= status < 300:
        raise NotTaken("refused", status)
    return Taken("browser", status)


def public_key() -> str:
    """What a browser asks for when it subscribes: our public key, as base64url."""
    point = _private_key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def is_subscription(p256dh: str, auth: str) -> bool:
    """Whether these are keys that a page can be sealed with."""
    try:
        point, secret = (base64.urlsafe_b64decode(key + "==") for key in (p256dh, auth))
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return False
    return len(secret) == 16


def _sealed(receiver: Receiver, said: bytes) -> bytes:
    from pywebpush import WebPusher

    pusher = WebPusher({"endpoint": receiver.url, "keys": dict(receiver.more)})
    return bytes(pusher.encode(said)["body"])


def _authorization(endpoint: str) -> dict[str, str]:
    """VAPID: who sends this, signed for this push service alone."""
    from py_vapid import Vapid02

    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + TOKEN_FOR,
        "sub": settings.ORIGINS[0] if settings.ORIGINS[0].startswith("https://") else "mailto:harbour@localhost",
    }
    headers: dict[str, Any] = Vapid02(_private_key()).sign(claims)
    return {str(name): str(value) for name, value in headers.items()}


def _topic(key: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()).decode()[:32]  # RFC 8030: at most 32


@cache
def _private_key() -> ec.EllipticCurvePrivateKey:
    """HARBOUR_VAPID_KEY, else one that is made on first need: with another key every browser would have to be added anew."""
    key = load_pem_private_key(_pem(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def _pem() -> bytes:
    if settings.VAPID_KEY:
        return str(settings.VAPID_KEY).replace("\\n", "\n").encode()
    path = Path(settings.DATA_DIR) / "vapid_key.pem"
    if not path.exists():
        made = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        mine = path.with_suffix(f".{os.getpid()}")
        mine.touch(mode=0o600)
        mine.write_bytes(made)
        try:
            os.link(mine, path)  # of two processes that make one together, the second takes the first one's
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    return path.read_bytes()


SENDER = Sender(send, claim=WHOLE, urgent_claim=WHOLE, lanes=2)

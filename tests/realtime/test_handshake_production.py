"""No cross-site socket (S4): a real server in the settings of production, and handshakes that must not be let in."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidHandshake
from websockets.sync.client import connect

from tests.config.test_settings import PRODUCTION
from tests.harbour import ROOT, Harbour

HERE = "https://harbour.example.org"
SIGN_IN = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.conf import settings
from forum.models import Member
robin = Member.objects.create_user("robin@example.org", "robin", None)
session = SessionStore()
session.update({SESSION_KEY: str(robin.pk), BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                HASH_SESSION_KEY: robin.get_session_auth_hash()})
session.create()
print("key=" + session.session_key)
"""


class House:
    """A server in production, and somebody's session there."""

    def __init__(self, harbour: Harbour, key: str) -> None:
        self.harbour, self.key = harbour, key
        self.cookie = f"__Host-sessionid={key}"

    def said_to(self, headers: list[tuple[str, str]], address: str = "/ws/") -> str:
        """ "hello", why it was closed, or "refused" where no socket was opened at all."""
        try:
            url = f"ws://127.0.0.1:{self.harbour.port}{address}"
            with connect(url, additional_headers=headers, proxy=None, open_timeout=10) as socket:
                frame = json.loads(socket.recv(timeout=10))
        except (InvalidHandshake, EOFError):
            return "refused"
        return str(frame.get("code", frame["type"]))


@pytest.fixture(scope="module")
def house(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    place = Path(shutil.copytree(migrated, tmp_path_factory.mktemp("production") / "var"))
    harbour = Harbour(place, **PRODUCTION, HARBOUR_HOSTS="127.0.0.1", HARBOUR_TRUSTED_PROXIES="1")
    made = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", SIGN_IN],
        cwd=ROOT, env=harbour.environment, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    harbour.start()
    yield House(harbour, made.stdout.partition("key=")[2].strip())
    harbour.stop()


def test_our_own_page_is_let_in(house: House) -> None:
    assert house.said_to([("Origin", HERE), ("Cookie", house.cookie)]) == "hello"


ORIGINS: dict[str, list[str]] = {
    "no origin": [],
    "an origin of nothing": [""],
    "an origin that is hidden": ["null"],
    "another site": ["https://evil.example"],
    "our name without TLS": ["http://harbour.example.org"],
    "our name at another port": ["https://harbour.example.org:8443"],
    "our name with its port said": ["https://harbour.example.org:443"],
    "our name before theirs": ["https://harbour.example.org.evil.example"],
    "our name behind theirs": ["https://evil-harbour.example.org"],
    "a name beneath ours": ["https://x.harbour.example.org"],
    "our name as a user": ["https://harbour.example.org@evil.example"],
    "our name with a path": ["https://harbour.example.org/"],
    "our name in capitals": ["HTTPS://HARBOUR.EXAMPLE.ORG"],
    "this machine": ["http://127.0.0.1"],
    "two origins, ours first": [HERE, "https://evil.example"],
    "two origins, ours last": ["https://evil.example", HERE],
    "ours twice": [HERE, HERE],
    "two in one": [f"{HERE}, https://evil.example"],
    "two in one with a space": [f"{HERE} {HERE}"],
}


@pytest.mark.parametrize("what", ORIGINS)
def test_a_page_of_somewhere_else_is_not(house: House, what: str) -> None:
    origins = [("Origin", each) for each in ORIGINS[what]]
    assert house.said_to([*origins, ("Cookie", house.cookie)]) == "refused"


@pytest.mark.parametrize(
    ("what", "answer"),
    [
        ("no cookie", "4001"), ("the cookie of a demo", "4001"), ("a cookie that is made up", "4001"), ("the cookie twice", "4001"),
        ("two cookies in two headers", "4001"), ("a session in the address", "4001"), ("a token in the address", "4001"),
        ("a session as a bearer's", "4001"), ("another path", "refused"), ("a path above it", "refused"), ("a root of its own", "refused"),
        ("an origin of old", "refused"),
    ],
)  # fmt: skip
def test_nor_is_whoever_does_not_bring_a_session_as_browsers_do(house: House, what: str, answer: str) -> None:
    ours, cookie, key = ("Origin", HERE), ("Cookie", house.cookie), house.key
    brought: dict[str, tuple[list[tuple[str, str]], str]] = {
        "no cookie": ([ours], "/ws/"),
        "the cookie of a demo": ([ours, ("Cookie", f"sessionid={key}")], "/ws/"),
        "a cookie that is made up": ([ours, ("Cookie", f"__Host-sessionid={key[::-1]}")], "/ws/"),
        "the cookie twice": ([ours, ("Cookie", f"{house.cookie}; {house.cookie}")], "/ws/"),
        "two cookies in two headers": ([ours, cookie, cookie], "/ws/"),
        "a session in the address": ([ours], f"/ws/?__Host-sessionid={key}&sessionid={key}"),
        "a token in the address": ([ours], f"/ws/?token={key}&access_token={key}"),
        "a session as a bearer's": ([ours, ("Authorization", f"Bearer {key}"), ("X-Session", key)], "/ws/"),
        "another path": ([ours, cookie], "/ws/other/"),
        "a path above it": ([ours, cookie], "/"),
        "a root of its own": ([ours, cookie, ("Daphne-Root-Path", "/ws")], "/ws/"),
        "an origin of old": ([("Sec-WebSocket-Origin", HERE), cookie], "/ws/"),
    }
    headers, address = brought[what]
    assert house.said_to(headers, address) == answer
    assert "Traceback" not in house.harbour.said()

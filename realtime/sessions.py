"""Whose session a socket was opened with, and whether it still stands."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import parse_cookie
from django.utils import timezone
from django.utils.crypto import constant_time_compare


def session_key(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The session cookie of a handshake, or "". Two of them, or a header that is not text, count as none."""
    cookies = [value for name, value in headers if name == b"cookie"]
    try:
        text = b"; ".join(cookies).decode("ascii")
    except UnicodeDecodeError:
        return ""
    if sum(part.split("=", 1)[0].strip() == settings.SESSION_COOKIE_NAME for part in text.split(";")) != 1:
        return ""
    return parse_cookie(text).get(settings.SESSION_COOKIE_NAME, "")


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that stands: whose it is, and what it holds."""

    member: Any
    data: dict[str, Any]

    @property
    def member_id(self) -> int:
        return int(self.member.pk)


_here: ContextVar[dict[str, Any]] = ContextVar("session")


@contextmanager
def speaking(data: dict[str, Any]) -> Iterator[None]:
    """While a socket's command runs, `here()` is its session."""
    token = _here.set(data)
    try:
        yield
    finally:
        _here.reset(token)


def here() -> dict[str, Any]:
    """What the session holds in which the command that runs in this thread came; nothing outside one."""
    return _here.get({})


def members_of(keys: Sequence[str]) -> dict[str, int]:
    """Which member each session belongs to, as `opened`."""
    return {key: each.member_id for key, each in opened(keys).items()}


def owners_of(keys: Sequence[str]) -> dict[str, int]:
    """Whose sessions these say they are, in one query. Whether they stand is for `opened` to say."""
    return {key: int(data[SESSION_KEY]) for key, data in _read(keys).items() if SESSION_KEY in data}


def opened(keys: Sequence[str]) -> dict[str, Opened]:
    """The sessions that stand, in two queries; one that ended or whose password changed is left out."""
    read = _read(keys)
    ids = {key: int(data[SESSION_KEY]) for key, data in read.items() if SESSION_KEY in data}
    members = get_user_model()._default_manager.in_bulk(set(ids.values()))
    found = {}
    for key, member_id in ids.items():
        member = members.get(member_id)
        if member is not None and member.is_active and _is_valid(read[key], member):
            found[key] = Opened(member, read[key])
    return found


def _read(keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    rows = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return {row.session_key: SessionStore().decode(row.session_data) for row in rows}


def _is_valid(data: dict[str, Any], member: Any) -> bool:
    if data.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return False
    given = data.get(HASH_SESSION_KEY, "")
    expected = [member.get_session_auth_hash(), *member.get_session_auth_fallback_hash()]
    return any(constant_time_compare(given, each) for each in expected)

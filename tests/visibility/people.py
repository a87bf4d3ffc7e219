"""Everybody there is: those who look, and those who wrote something, each in a standing of their own."""

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.utils import timezone

from forum.models import Member
from tests.visibility.words import word

LOOKING = {
    "robin": {},
    "crake": {},  # has blocked one person, is blocked by another, has muted a third
    "siskin": {"standing": "slowed"},
    "serin": {"standing": "paused"},
    "smew": {},
    "bittern": {},
    "brant": {},
    "dipper": {},
    "dunlin": {},  # somebody is worried about them
    "heron": {"role": "moderator"},
    "kestrel": {"role": "moderator"},  # about whom somebody complains, and somebody worries
    "merlin": {"role": "moderator"},  # has blocked somebody whose words were taken down
    "puffin": {"role": "staff"},
    "gannet": {"role": "staff"},  # about whom somebody worries
    "fulmar": {"role": "staff"},
    "tern": {"role": "independent"},
    "admin": {"role": "administrator", "is_staff": True, "is_superuser": True},
}
"""Their standing is given after they wrote, where it would keep them from it."""

SHUT_OUT = {"smew": "suspended", "bittern": "banned", "brant": "on_break", "dipper": "deactivated"}
REPORTER, SHUNNER, SHUNNED, MUTED, GONE = (word(name) for name in ("reporter", "shunner", "shunned", "muted", "gone"))
"""Names that are canaries themselves."""

APART = {
    "crake": frozenset({SHUNNER, SHUNNED, MUTED}),
    SHUNNER: frozenset({"crake"}),
    SHUNNED: frozenset({"crake"}),
    "merlin": frozenset({"a-removed", "a-folded"}),
}
"""Of whom these see nothing on the wall: who blocked them, whom they blocked, whom they muted."""
NAMES = {REPORTER, SHUNNER, SHUNNED, MUTED, GONE}

_number = iter(range(1, 10_000))


def make_person(handle: str, **fields: Any) -> Member:
    """Somebody who has been here for sixty days. Their address does not hold their name."""
    email = fields.pop("email", f"p{next(_number)}@harbour.test")
    fields.setdefault("joined_at", timezone.now() - timedelta(days=60))
    member = Member.objects.create_user(email, handle, None, **fields)
    EmailAddress.objects.create(user=member, email=email, verified=True, primary=True)
    return member

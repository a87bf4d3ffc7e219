"""Members with open sessions, made straight in the database and written down for the clients, who sign in with them."""

import json
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from forum.models import Member

TEAM = {"heron": "moderator", "kestrel": "moderator", "puffin": "staff"}


def make_cast(path: Path, members: int) -> None:
    """So many members, `bird0` and on, and a small team, all here for sixty days. Writes [{handle, id, cookie}]."""
    joined = timezone.now() - timedelta(days=60)
    roles = {f"bird{n}": "member" for n in range(members)} | TEAM
    people = [
        Member(email=f"{name}@bench.test", handle=name, handle_key=name, role=role, joined_at=joined)
        for name, role in roles.items()
    ]
    for person in people:
        person.set_unusable_password()
    Member.objects.bulk_create(people)
    path.write_text(json.dumps([_signed_in(person) for person in Member.objects.order_by("pk")]))


def _signed_in(person: Member) -> dict[str, object]:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return {"handle": person.handle, "id": person.pk, "cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}"}

"""Fills the benchmark's Harbour, and prints a cookie for each of its readers: `python -m bench.pages.fill`."""

from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4

import django

from bench.pages.harbour import PEOPLE, POSTS, REPLIES, WORDS


def main() -> None:
    django.setup()
    import logging

    from django.core.management import call_command

    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    people = _people()
    _say(people)
    _analyse()
    print("\n".join(map(_cookie, people)))


def _people() -> list[Any]:
    from django.utils import timezone

    from forum.models import Member

    joined = timezone.now() - timedelta(days=60)
    return [Member.objects.create_user(f"bird{n}@bench.test", f"bird{n}", joined_at=joined) for n in range(PEOPLE)]


def _say(people: list[Any]) -> None:
    from forum.actions.posts import publish_post
    from forum.actions.support import set_support

    for number in range(POSTS):
        author = people[number % PEOPLE]
        post = publish_post(author, body=WORDS * 3 + str(number), key=uuid4()).post
        for reply in range(REPLIES):
            other = people[(number + reply + 1) % PEOPLE]
            publish_post(other, body=WORDS + str(reply), parent=post, key=uuid4())
        set_support(people[(number + 2) % PEOPLE], post, "with_you", on=True)


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _cookie(member: Any) -> str:
    """A session such as signing in makes, already noted as in use."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.utils import timezone

    from forum.sessions import SEEN_AT

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(member.pk), member.get_session_auth_hash()
    session[BACKEND_SESSION_KEY], session[SEEN_AT] = settings.AUTHENTICATION_BACKENDS[0], timezone.now().timestamp()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


if __name__ == "__main__":
    main()

"""The benchmark's own database: one member with a session for each socket, and facts of their own for some."""

from pathlib import Path
from typing import Any

ORIGIN = "http://bench.test"

FACTS_EVERY = 10  # one member in so many has blocks, mutes and muted words, which makes their sight their own


def environment(folder: Path, database: str) -> dict[str, str]:
    """What the benchmark's Harbour runs with."""
    said = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "HARBOUR_ENV": "test",
        "HARBOUR_DATA_DIR": str(folder),
        "HARBOUR_ORIGINS": ORIGIN,
        "HARBOUR_POSTS_PER_HOUR": "1000000",
        "HARBOUR_LOG_LEVEL": "WARNING",
    }
    return {**said, "HARBOUR_DATABASE_URL": database} if database else said


def fill(people: int, everyone_has_facts: bool = False) -> list[str]:
    """Makes the tables, the author and so many readers; returns a session cookie for each reader."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from forum.models import Member

    if not Member.objects.filter(handle="author").exists():
        _member("author").save(force_insert=True)
    have = Member.objects.filter(handle__startswith="reader").count()
    Member.objects.bulk_create([_member(f"reader{n}") for n in range(have, people)], batch_size=500)
    readers = list(Member.objects.filter(handle__startswith="reader").order_by("pk")[:people])
    _give_facts(readers[:: 1 if everyone_has_facts else FACTS_EVERY])
    return _sessions(readers)


def _member(handle: str) -> Any:
    """Two months old: what somebody new shares is treated with more care."""
    from datetime import timedelta

    from django.utils import timezone

    from forum.models import Member

    joined = timezone.now() - timedelta(days=60)
    return Member(email=f"{handle}@bench.test", handle=handle, handle_key=handle, password="!", joined_at=joined)


def _give_facts(readers: list[Any]) -> None:
    """Two blocks, two mutes and three muted words each, none of them about the author or in what is said."""
    from forum.models import Block, Mute, MutedWord
    from forum.muting import fold

    Block.objects.all().delete()
    Mute.objects.all().delete()
    MutedWord.objects.all().delete()
    count = len(readers)
    if count < 5:
        return
    pairs = [(readers[n], readers[(n + step) % count]) for n in range(count) for step in (1, 2)]
    Block.objects.bulk_create([Block(blocker=one, blocked=other) for one, other in pairs], batch_size=500)
    Mute.objects.bulk_create([Mute(muter=other, muted=one) for one, other in pairs], batch_size=500)
    phrases = ("spiders", "exam results", "a long goodbye")
    rows = [MutedWord(member=one, phrase=phrase, folded=fold(phrase)) for one in readers for phrase in phrases]
    MutedWord.objects.bulk_create(rows, batch_size=500)


def _sessions(readers: list[Any]) -> list[str]:
    from datetime import timedelta

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    store, until = SessionStore(), timezone.now() + timedelta(days=1)
    rows = [
        Session(
            session_key=f"bench{reader.pk:027}",
            session_data=store.encode(
                {
                    SESSION_KEY: str(reader.pk),
                    BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                    HASH_SESSION_KEY: reader.get_session_auth_hash(),
                }
            ),
            expire_date=until,
        )
        for reader in readers
    ]
    Session.objects.all().delete()
    Session.objects.bulk_create(rows, batch_size=500)
    return [f"{settings.SESSION_COOKIE_NAME}={row.session_key}" for row in rows]

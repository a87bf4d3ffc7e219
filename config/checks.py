"""What production refuses to run with that only the database can tell."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import checks
from django.core.checks import CheckMessage
from django.db import Error as DatabaseError

DEMO_DOMAIN = "@harbour.test"
HERE = {"", "127.0.0.1", "::1", "localhost"}


@checks.register()
def no_demo_accounts_in_production(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Runs before every command that checks, `serve` and `clock` among them: anybody may know the demo's passwords."""
    if settings.HARBOUR_ENV != "production":
        return []
    try:
        found = get_user_model()._default_manager.filter(email__iendswith=DEMO_DOMAIN).exists()
    except DatabaseError:
        return []  # not migrated, or away: /readyz and migrate say so
    if not found:
        return []
    return [
        checks.Error(
            "This database holds demo accounts, whose password is printed in the README.",
            hint="Start production with an empty database: set HARBOUR_DATABASE_URL, or another HARBOUR_DATA_DIR.",
            id="harbour.E001",
        )
    ]


@checks.register(deploy=True)
def origins_are_encrypted(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The session cookie's name begins with __Host-, which a browser takes over https alone."""
    plain = [origin for origin in settings.ORIGINS if not origin.startswith("https://")]
    if settings.HARBOUR_ENV != "production" or not plain:
        return []
    hint = "Set HARBOUR_ORIGINS to addresses that begin with https://"
    return [checks.Warning(f"Nobody could stay signed in on {', '.join(plain)}.", hint=hint, id="harbour.W001")]


@checks.register(deploy=True)
def members_can_join(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Sign-up waits until somebody can be reached in an emergency: here stands for what. Silent before the first migrate."""
    from moderation import cover  # its models are not there yet when this file is read

    hint = "docs/running.md, “The first day”, says how each is done."
    try:
        return [
            checks.Warning(f"Sign-up is closed: {reason}.", hint=hint, id="harbour.W002")
            for reason in cover.keeps_closed()
        ]
    except DatabaseError:
        return []


@checks.register(deploy=True)
def privacy_lead_is_named(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Somebody outside the night's team hears whenever contact details are opened."""
    if settings.HARBOUR_ENV != "production" or "@" in settings.PRIVACY_LEAD:
        return []
    hint = "Set HARBOUR_PRIVACY_LEAD to the mail address of whoever answers for members' data."
    return [checks.Warning("Nobody is told when contact details are opened.", hint=hint, id="harbour.W004")]


@checks.register(deploy=True)
def controller_is_named(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The law asks that members can read who is responsible for what is kept of them (UK GDPR, art. 13(1)(a))."""
    if settings.HARBOUR_ENV != "production" or settings.CONTROLLER.strip():
        return []
    hint = "Set HARBOUR_CONTROLLER to a name and how to reach it, such as “Harbour Trust, privacy@example.org”."
    return [checks.Info("The privacy notice names nobody who is responsible.", hint=hint, id="harbour.I001")]


@checks.register("crossing", deploy=True)
def what_leaves_is_encrypted(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """To other machines: mail with sign-in codes, the database with every word, the cache with what was drawn of them."""
    if settings.HARBOUR_ENV != "production":
        return []
    return [
        checks.Warning(f"{what} crosses the network in the clear.", hint=hint, id="harbour.W005")
        for what, host, safe, hint in _lines_to_others()
        if not safe and host not in HERE and not host.startswith("/")
    ]


def _lines_to_others() -> Iterator[tuple[str, str, bool, str]]:
    mail, database, cache = settings.MAIL_TRANSPORT, settings.DATABASES["default"], urlsplit(settings.REDIS_URL)
    encrypted = bool(mail.get("use_tls") or mail.get("use_ssl"))
    yield "Mail", mail.get("host", ""), encrypted, "Add ?tls=True or ?ssl=True to HARBOUR_MAIL_URL."
    mode = database.get("OPTIONS", {}).get("sslmode", "")
    hint = "Add ?sslmode=verify-full to HARBOUR_DATABASE_URL, unless both are on one private network of yours."
    yield "The database", database.get("HOST", ""), mode in {"require", "verify-ca", "verify-full"}, hint
    hint = "Begin HARBOUR_REDIS_URL with rediss://, unless both are on one private network of yours."
    yield "The cache", cache.hostname or "", cache.scheme == "rediss", hint

"""What production refuses to run with that only the database can tell."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import checks
from django.core.checks import CheckMessage
from django.db import Error as DatabaseError

DEMO_DOMAIN = "@harbour.test"


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
def privacy_lead_is_named(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Somebody outside the night's team hears whenever contact details are opened."""
    if settings.HARBOUR_ENV != "production" or "@" in settings.PRIVACY_LEAD:
        return []
    hint = "Set HARBOUR_PRIVACY_LEAD to the mail address of whoever answers for members' data."
    return [checks.Warning("Nobody is told when contact details are opened.", hint=hint, id="harbour.W004")]

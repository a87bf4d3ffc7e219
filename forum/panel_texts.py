"""The rows in which operators write their own words for the step before sharing: one for each kind and language."""

from typing import Any

from django.apps import apps as installed
from django.conf import settings

from forum.models import FindingKind


def plant(using: str = "default", apps: Any = installed, **_more: Any) -> None:
    """Makes the rows that are missing, after migrating. Empty ones say what Harbour says by itself."""
    try:
        rows = apps.get_model("forum", "PanelText")
    except LookupError:
        return  # migrated to a state from before there were any
    known = set(rows.objects.using(using).values_list("kind", "language"))
    wanted = [(kind, language) for kind in FindingKind.values for language, _name in settings.LANGUAGES]
    rows.objects.using(using).bulk_create(
        [rows(kind=kind, language=language) for kind, language in wanted if (kind, language) not in known],
        ignore_conflicts=True,
    )

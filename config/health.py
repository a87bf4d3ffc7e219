"""For whoever watches the site: is this process alive, and can it do its work?"""

import tomllib
from functools import cache
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from realtime import farewell
from realtime.clock import LATE_AFTER, last_run_at

CLOCK_LATE_AFTER = (
    LATE_AFTER.total_seconds()
)  # it ticks every second; a stopped one goes unseen for two minutes at most

_seen: dict[str, bool] = {}


@require_safe
@never_cache
def livez(request: HttpRequest) -> JsonResponse:
    """This process answers. Asks nothing of the database, so that its absence restarts nobody."""
    return JsonResponse({"ok": True, "version": version()})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when pages can be served, 503 when not. A late clock is told but does not close the door: help stays open."""
    database = _database_answers()
    migrations = database and _is_migrated()
    draining = farewell.is_draining()
    state = {
        "ok": database and migrations and not draining,
        "draining": draining,
        "database": {"ok": database},
        "migrations": {"ok": migrations},
        "clock": _clock() if migrations else {"age": None, "ok": False, "last_run_at": None},
        "version": version(),
    }
    return JsonResponse(state, status=200 if state["ok"] else 503)


@cache
def version() -> str:
    """The one in pyproject.toml."""
    project: dict[str, Any] = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    return str(project["version"])


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _is_migrated() -> bool:
    """Remembered once true: this process's migrations do not change while it runs."""
    if not _seen.get(DEFAULT_DB_ALIAS):
        executor = MigrationExecutor(connection)
        _seen[DEFAULT_DB_ALIAS] = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _seen[DEFAULT_DB_ALIAS]


def _clock() -> dict[str, Any]:
    ran_at = last_run_at()
    if ran_at is None:
        return {"age": None, "ok": False, "last_run_at": None}
    age = (timezone.now() - ran_at).total_seconds()
    return {"age": round(age, 1), "ok": age <= CLOCK_LATE_AFTER, "last_run_at": ran_at.isoformat(timespec="seconds")}

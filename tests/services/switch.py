"""`HARBOUR_TEST_ON=postgresql pytest …`: the suite on PostgreSQL and Redis instead of SQLite and this process's memory.

The process that began the run starts one of each; every pytest-xdist worker has a database and a Redis number of its own.
What the surroundings say about databases is never used: tests empty theirs.
"""

import atexit
import os
from collections.abc import MutableMapping
from contextlib import ExitStack
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.services.postgresql import NoPostgreSQL, running_postgresql
from tests.services.redis import NoRedis, running_redis

SWITCH = "HARBOUR_TEST_ON"
STARTED = ("HARBOUR_TEST_STARTED_POSTGRESQL", "HARBOUR_TEST_STARTED_REDIS")  # from the first process to its workers


def is_on() -> bool:
    return os.environ.get(SWITCH, "") == "postgresql"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Before Django reads its settings."""
    chosen = os.environ.get(SWITCH, "") or "sqlite"
    if chosen not in ("sqlite", "postgresql"):
        raise pytest.UsageError(f"{SWITCH} holds {chosen!r}. It may hold postgresql or sqlite.")
    if not is_on() or "PYTEST_XDIST_WORKER" in os.environ:
        return
    servers = ExitStack()
    atexit.register(servers.close)
    try:
        for name, server in zip(STARTED, (running_postgresql(), running_redis()), strict=True):
            os.environ[name] = servers.enter_context(server)
    except (NoPostgreSQL, NoRedis) as reason:
        pytest.exit(f"Skipped on PostgreSQL and Redis. {reason}", returncode=int(os.environ.get("CI") == "true"))


def choose_services(environment: MutableMapping[str, str]) -> None:
    """Writes into a worker's environment what its settings read: its own database and Redis number, or none of either."""
    for name in ("HARBOUR_DATABASE_URL", "HARBOUR_REDIS_URL"):
        environment.pop(name, None)
    if is_on():
        database, redis = (environment[name] for name in STARTED)
        worker = environment.get("PYTEST_XDIST_WORKER", "gw0")
        environment["HARBOUR_DATABASE_URL"] = urlunsplit(urlsplit(database)._replace(path=f"/harbour_tests_{worker}"))
        environment["HARBOUR_REDIS_URL"] = _numbered(redis, int(worker.removeprefix("gw")))


def _numbered(url: str, number: int) -> str:
    """A socket's path is the whole path of its URL; over TCP the number is."""
    return f"{url}?db={number}" if url.startswith("unix:") else urlunsplit(urlsplit(url)._replace(path=f"/{number}"))

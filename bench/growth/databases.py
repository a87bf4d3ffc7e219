"""A database for each size, and going from one to the other within one process, so that all are measured in turns."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from copy import deepcopy
from pathlib import Path
from typing import Any

from tests.services.postgresql import running_postgresql

EMPTY = "harbour_empty"
HOME = ""  # the database that the URL names
_open: dict[str, Any] = {}


@contextmanager
def begun(url: str, *, sqlite: bool) -> Iterator[None]:
    """Django in a folder of its own, on a PostgreSQL or on files of SQLite. Call it before the project is imported."""
    with (
        tempfile.TemporaryDirectory() as folder,
        nullcontext(url) if url or sqlite else running_postgresql() as database,
    ):
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "HARBOUR_ENV": "test",
            "HARBOUR_DATA_DIR": folder,
            "HARBOUR_DATABASE_URL": database,
            "HARBOUR_POSTS_PER_HOUR": "10000",
            "HARBOUR_LOG_LEVEL": "ERROR",
        }
        import logging

        import django

        django.setup()
        logging.disable(logging.CRITICAL)
        try:
            yield
        finally:
            for connection in _open.values():
                connection.close()


def make(size: int) -> None:
    """Makes an empty, migrated database for this size, in place of any of its name, and goes there."""
    from django.db import connection

    home = connection.settings_dict["NAME"]
    if EMPTY not in _open:
        _make_empty()
    _open[EMPTY].close()
    if isinstance(home, Path):
        shutil.copyfile(home.with_name(EMPTY), home.with_name(_name(size)))
    else:
        _make_postgresql(_name(size), EMPTY)
    go(size)


def _make_empty() -> None:
    """Migrated once: the others are copies of it."""
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor == "postgresql":
        _make_postgresql(EMPTY, "template0")
    _go(EMPTY)
    call_command("migrate", verbosity=0)


def _make_postgresql(name: str, template: str) -> None:
    """From the database that the URL names, for none can be dropped from within."""
    _go(HOME)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template}")


def go(size: int) -> None:
    """From here on the project's database is the one of this size. Connections stay open; what is cached of one is not read
    in another.
    """
    _go(_name(size))


def _go(name: str) -> None:
    from django.core.cache import cache
    from django.db import connections
    from django.db.utils import load_backend

    if name not in _open:
        settings = deepcopy(connections.settings["default"])
        settings["OPTIONS"].pop("pool", None)  # it is kept by the alias, which all of them have
        settings["CONN_MAX_AGE"] = None
        if isinstance(settings["NAME"], Path):
            settings["NAME"] = settings["NAME"].with_name(name)
        elif name != HOME:
            settings["NAME"] = name
        _open[name] = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, "default")
    connections["default"] = _open[name]
    cache.key_prefix = name


def _name(size: int) -> str:
    return f"harbour_{size}"

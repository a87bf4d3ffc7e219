"""A migrated database, made once on this machine for each state of the migrations and copied from then on.

Migrating takes twenty seconds of one core and every process of a run would do it. The copy is migrated as well, which does
nothing but what comes after every migration: triggers and standing rows are made from the code as it is.
"""

import hashlib
import os
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import django

from tests.services.postgresql import NoPostgreSQL, find_binaries

ROOT = Path(__file__).resolve().parent.parent
KEPT_FOR = 7 * 24 * 3600  # seconds


def copy_migrated(to: Mapping[str, Any]) -> bool:
    """Puts the kept one there, where Django's settings say, if there is one for these migrations."""
    if _is_sqlite(to):
        return (kept := _kept_at("sqlite3")).exists() and _copy(kept, Path(to["NAME"]))
    kept = _kept_at("sql")
    if kept.exists() and _runs(to, "psql", "-c", f"DROP DATABASE IF EXISTS {to['NAME']} WITH (FORCE)", into="postgres"):
        made = _runs(to, "psql", "-c", f"CREATE DATABASE {to['NAME']}", into="postgres")
        return made and _runs(to, "psql", "-v", "ON_ERROR_STOP=1", "-1", "-f", str(kept))
    return False


def keep_migrated(made: Mapping[str, Any]) -> None:
    """Keeps this one for the next process. Two that do so at once keep the same."""
    kept = _kept_at("sqlite3" if _is_sqlite(made) else "sql")
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    for older in kept.parent.glob("*.sql*"):
        if older.stat().st_mtime < time.time() - KEPT_FOR:
            older.unlink(missing_ok=True)
    beside = kept.with_suffix(f".{os.getpid()}")
    if _copy(Path(made["NAME"]), beside) if _is_sqlite(made) else _runs(made, "pg_dump", "-f", str(beside)):
        beside.rename(kept)


def _is_sqlite(database: Mapping[str, Any]) -> bool:
    return "sqlite3" in database["ENGINE"]


def _runs(database: Mapping[str, Any], program: str, *words: str, into: str = "") -> bool:
    """One of PostgreSQL's own programs; False where it is not here, or too old for the server."""
    where = {"PGHOST": database["HOST"], "PGPORT": str(database["PORT"] or ""), "PGUSER": database["USER"]}
    secret = {"PGPASSWORD": database["PASSWORD"], "PGDATABASE": into or database["NAME"]}
    try:
        command = [find_binaries() / program, "-q"] if program == "psql" else [find_binaries() / program]
        ran = subprocess.run(
            [*command, *words], env={**os.environ, **where, **secret}, capture_output=True, timeout=120
        )
    except (NoPostgreSQL, OSError):
        return False
    return ran.returncode == 0


def _copy(source: Path, to: Path) -> bool:
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(to)) as there:
        here.backup(there)
    return True


def _kept_at(kind: str) -> Path:
    state = hashlib.sha256(django.__version__.encode())
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        state.update(path.name.encode() + path.read_bytes())
    folder = Path(tempfile.gettempdir()) / f"harbour-test-migrated-{os.getuid()}"
    return folder / f"{state.hexdigest()[:20]}.{kind}"

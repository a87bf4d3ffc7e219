"""A database as one file and back: SQLite by its online backup, PostgreSQL by pg_dump. People write on meanwhile."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from django.db import connection, connections

from config.backups import CannotBackUp
from config.environment import whole_environment

DEBIAN = Path("/usr/lib/postgresql")
LOCKS_FOR = 20  # seconds that a restore waits for whoever still has the database open
IN_ADDRESS = ("host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey")  # libpq's words, as PGHOST and so on
NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}


def dump(folder: Path) -> Path:
    """Writes the whole database as it is at one moment. Raises CannotBackUp when the copy is not whole."""
    file = folder / NAMES[connection.vendor]
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(_sqlite())) as live, closing(sqlite3.connect(file)) as copy:
            live.backup(copy)
    else:
        _run("pg_dump", "--format=custom", "--compress=0", "--no-owner", f"--file={file}")
    check(file)
    return file


def check(file: Path) -> None:
    """Raises CannotBackUp unless this dump is whole: SQLite looks at each page, PostgreSQL reads its table of contents."""
    if file.name == NAMES["postgresql"]:
        _run("pg_restore", "--list", str(file))
        return
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
            found = [row[0] for row in copy.execute("PRAGMA integrity_check")]
            found += [f"{row[0]} names a row that is not there" for row in copy.execute("PRAGMA foreign_key_check")]
    except sqlite3.DatabaseError as error:
        found = [str(error)]
    if found != ["ok"]:
        raise CannotBackUp(f"The copy of the database is not whole: {found[0]}.")


def load(file: Path) -> None:
    """Puts a dump in the place of the live database, all of it or nothing. Raises CannotBackUp while somebody holds it open."""
    connections.close_all()
    if connection.vendor == "sqlite":
        _load_sqlite(file)
    else:
        _load_postgresql(file)


def _load_sqlite(file: Path) -> None:
    try:
        with closing(sqlite3.connect(file)) as copy, closing(sqlite3.connect(_sqlite(), timeout=LOCKS_FOR)) as live:
            live.execute("PRAGMA secure_delete=ON")
            copy.backup(live)
            live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError as error:
        raise CannotBackUp(f"The database could not be replaced: {error}. Stop Harbour first.") from None


def _load_postgresql(file: Path) -> None:
    """As a script of its own, so that a dump that breaks off half-way is known before anything is dropped."""
    script = file.with_suffix(".sql")
    _run("pg_restore", "--no-owner", f"--file={script}", str(file))
    fresh = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
    words = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", "--output=/dev/null"]
    _run("psql", *words, f"--command={fresh}", f"--file={script}", PGOPTIONS=f"-c lock_timeout={LOCKS_FOR}s")


def _sqlite() -> str:
    return str(connection.settings_dict["NAME"])


def _run(name: str, *words: str, **more: str) -> None:
    """Runs one of PostgreSQL's programs. Where it connects to stands in its environment, where no other user reads it."""
    try:
        command, environment = [_program(name), *words], whole_environment(**_postgresql(), **more)
        subprocess.run(command, env=environment, check=True, capture_output=True)  # noqa: S603  (our own words)
    except subprocess.CalledProcessError as failed:
        said = failed.stderr.decode(errors="replace").strip().splitlines()
        raise CannotBackUp(f"{name}: {said[-1] if said else 'it failed'}") from None


def _program(name: str) -> str:
    """Debian's newest, which speaks to every server, before the one on the path."""
    found = sorted(DEBIAN.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    program = str(found[-1]) if found else shutil.which(name)
    if not program or not os.access(program, os.X_OK):
        raise CannotBackUp(f"{name} is not installed here. Debian: apt-get install postgresql-client.")
    return program


def _postgresql() -> Mapping[str, str]:
    if connection.vendor != "postgresql":
        return {}
    named = connection.settings_dict
    given = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    options = named.get("OPTIONS", {})  # what stands behind the ? of the address
    kept = {f"PG{key.upper()}": str(options[key]) for key in IN_ADDRESS if key in options}
    return kept | {name: str(named[key]) for name, key in given.items() if named.get(key)}  # as Django: these win

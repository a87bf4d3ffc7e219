"""A PostgreSQL of the tests' own: where HARBOUR_TEST_POSTGRESQL points, else started from Debian's binaries on a socket."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote


class NoPostgreSQL(Exception):
    """There is none to be had here; says why."""


@contextmanager
def running_postgresql() -> Iterator[str]:
    """Yields the URL of an empty database. Nothing is synced to disk: it is for tests. Raises NoPostgreSQL."""
    if url := os.environ.get("HARBOUR_TEST_POSTGRESQL"):
        yield url
        return
    binaries = _debian_binaries()
    folder = Path(tempfile.mkdtemp(prefix="harbour-pg-"))
    try:
        _as_unprivileged(
            folder, [binaries / "initdb", "-D", folder / "data", "-U", "harbour", "-A", "trust", "--no-sync"]
        )
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=60"
        start = [binaries / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-o", options, "start"]
        _as_unprivileged(folder, start)
        try:
            yield f"postgres://harbour@{quote(str(folder), safe='')}/postgres"
        finally:
            _as_unprivileged(folder, [binaries / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _debian_binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    if not found:
        raise NoPostgreSQL("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    return found[-1].parent


def _as_unprivileged(folder: Path, command: list[Path | str]) -> None:
    """PostgreSQL refuses to run as root, so root lends the folder to Debian's postgres user."""
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        words = ["runuser", "-u", "postgres", "--", *words]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=folder, timeout=60)

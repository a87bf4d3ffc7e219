"""PostgreSQL and Redis of the bench's own, to be killed, emptied and started again under a site that runs."""

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import psycopg
import redis

from tests.services.postgresql import running_postgresql
from tests.services.redis import start_redis


class PostgreSQL:
    """The server behind `url`, whose data stand in the folder of its socket. Started again with the words it was started with."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._data = Path(unquote(url.rpartition("@")[2].partition("/")[0])) / "data"
        self._words = shlex.split((self._data / "postmaster.opts").read_text())
        self._mine: subprocess.Popen[bytes] | None = None

    def database(self, name: str, template: str = "") -> str:
        """Makes one, and returns its URL."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            like = f' TEMPLATE "{template}"' if template else ""
            connection.execute(f'CREATE DATABASE "{name}"{like}')
        return f"{self.url.rpartition('/')[0]}/{name}"

    def cut(self) -> None:
        """Down at once, as after a crash: it recovers when it starts."""
        number = int((self._data / "postmaster.pid").read_text().split()[0])
        os.kill(number, signal.SIGQUIT)
        while Path(f"/proc/{number}").exists() and not _is_over(number):
            time.sleep(0.01)
        if self._mine is not None:
            self._mine.wait(10)

    def start(self) -> None:
        """Returns when it answers."""
        owner = self._data.stat()
        lent: dict[str, Any] = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
        self._mine = subprocess.Popen(
            self._words,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._data,
            **(lent if os.geteuid() == 0 else {}),
        )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                psycopg.connect(self.url).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("PostgreSQL did not come back")

    @property
    def version(self) -> str:
        with closing(psycopg.connect(self.url)) as connection:
            return f"PostgreSQL {connection.info.server_version // 10000}.{connection.info.server_version % 10000}"


class Redis:
    def __init__(self, folder: Path) -> None:
        self.folder, self.url = folder, f"unix://{folder}/redis.sock"
        self._server = start_redis(folder)

    def cut(self) -> None:
        self._server.kill()
        self._server.wait()

    def start(self) -> None:
        self._server = start_redis(self.folder)

    def empty(self) -> None:
        redis.Redis.from_url(self.url).flushall()

    @property
    def version(self) -> str:
        told = redis.Redis.from_url(self.url).info("server")
        return f"{str(told.get('server_name', 'redis')).capitalize()} {told['redis_version']}"


@contextmanager
def services() -> Iterator[tuple[PostgreSQL, Redis]]:
    """Both, empty. Raises NoPostgreSQL or NoRedis where there is none."""
    folder = Path(tempfile.mkdtemp(prefix="harbour-faults-redis-"))
    try:
        with running_postgresql() as url:
            cache = Redis(folder)
            try:
                yield PostgreSQL(url), cache
            finally:
                cache.cut()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_over(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True

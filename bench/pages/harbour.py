"""The benchmark's own Harbour: services, rows, and servers pinned to one core. Everything else runs on the other."""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.pages.load import HOST
from bench.report import ROOT
from tests.services.postgresql import running_postgresql
from tests.services.redis import running_redis

SERVER_CORE, OTHER_CORE = 0, 1
PEOPLE, POSTS, REPLIES = 40, 30, 4
WORDS = "It has been a long week and I did not think that I would write here tonight. Thank you for reading this. "

SERVERS = {
    "gunicorn": [
        "gunicorn",
        "--workers=1",
        "--worker-class=gthread",
        "--threads=8",
        "--keep-alive=0",
        "--log-level=error",
    ],
    "uvicorn": ["uvicorn", "--no-access-log", "--log-level=error"],
    "daphne": ["daphne", "--verbosity=0"],
}


def environment(folder: Path, database: str = "", redis: str = "") -> dict[str, str]:
    """What a site in production runs with, on keys made on the spot."""
    keys = {f"HARBOUR_{name}_KEY": secrets.token_urlsafe(50) for name in ("SECRET", "SEAL", "AUDIT")}
    said = {
        **keys,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "HARBOUR_ENV": "production",
        "HARBOUR_DATA_DIR": str(folder),
        "HARBOUR_ORIGINS": f"https://{HOST}",
        "HARBOUR_MAIL_URL": "smtp://bench@mail.bench.test",
        "HARBOUR_POSTS_PER_HOUR": "1000000",
        "HARBOUR_REPLIES_PER_HOUR": "1000000",
    }
    return said | ({"HARBOUR_DATABASE_URL": database, "HARBOUR_REDIS_URL": redis} if database else {})


@contextmanager
def scale(folder: Path) -> Iterator[dict[str, str]]:
    """PostgreSQL and Redis of its own, and what a Harbour on them runs with."""
    with ExitStack() as stack:
        yield environment(folder, stack.enter_context(running_postgresql()), stack.enter_context(running_redis()))


def fill(env: dict[str, str]) -> list[str]:
    """Makes the tables, the files and a wall; returns a session's cookie for each reader."""
    made = subprocess.run(
        [sys.executable, "-m", "bench.pages.fill"],
        cwd=ROOT,
        env={**os.environ, **env},
        check=True,
        stdout=subprocess.PIPE,
    )
    return made.stdout.decode().strip().split("\n")


@contextmanager
def served(server: str, env: dict[str, str], *, bare: bool = False) -> Iterator[int]:
    """One server process on the one core; yields its port when it answers."""
    port = free_port()
    application = "bench.pages.door:wsgi" if server == "gunicorn" else "bench.pages.door:asgi"
    place = [f"--bind=127.0.0.1:{port}"] if server == "gunicorn" else [f"--port={port}"]
    with _running(port, ["-m", *SERVERS[server], *place, application], {**env, "BENCH_BARE": "yes" if bare else ""}):
        yield port


@contextmanager
def embedded(env: dict[str, str]) -> Iterator[int]:
    """`manage.py serve` on the one core: pages, sockets and the clock."""
    port = free_port()
    with _running(port, ["manage.py", "serve", f"--port={port}"], env):
        yield port


@contextmanager
def _running(port: int, words: list[str], env: dict[str, str]) -> Iterator[None]:
    command = ["taskset", "-c", str(SERVER_CORE), sys.executable, *words]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _wait_for(port, process)
            yield
        finally:
            process.terminate()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _try in range(1200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError("the server did not start")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

"""A whole site of real processes, on a folder and a database of its own, to be killed, halted and started again."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.harbour import ROOT, free_port

PATIENCE = 60.0  # seconds in which a process must answer


@dataclass(frozen=True)
class Person:
    """Whoever a client is signed in as."""

    handle: str
    id: int
    cookie: str


@dataclass
class Process:
    """One process of the site: `number` is its process id, and that of its group."""

    name: str
    number: int
    port: int
    ended: bool = False  # by us: its number may be somebody else's by now

    def kill(self) -> None:
        """As a power cut does: nothing of its own is done any more, nor of what it has started."""
        self._signal(signal.SIGKILL)
        _wait(lambda: not self.is_there, "a killed process is still there")
        self.ended = True

    def stop(self) -> None:
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + 10
        while self.is_there and time.monotonic() < deadline:
            time.sleep(0.02)
        if self.is_there:
            self.kill()

    def halt(self) -> None:
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    @property
    def is_there(self) -> bool:
        try:
            return Path(f"/proc/{self.number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except (FileNotFoundError, ProcessLookupError):
            return False

    @property
    def memory(self) -> int:
        """Bytes of it that are in memory."""
        status = Path(f"/proc/{self.number}/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS:"))

    def _signal(self, number: int) -> None:
        if not self.ended and self.is_there:
            os.killpg(self.number, number)


class Site:
    """Begins with a migrated database, by copy where `template` has one, and a cast of so many members, or nobody at all."""

    def __init__(
        self, folder: Path, *, members: int, template: Path | None = None, database: str = "", **environment: str
    ) -> None:
        self.folder = folder
        self.database = database
        self.port = free_port()  # where members believe the site to be
        self.clock = folder / "clock-moved-by"
        self.processes: list[Process] = []
        if template is not None:
            shutil.copytree(template, folder, dirs_exist_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        self.clock.write_text("0")
        self._nursery = subprocess.Popen(
            [sys.executable, "-m", "bench.faults.nursery"],
            cwd=ROOT,
            env=os.environ | self._environment() | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        if template is None:
            self.run("migrate", "--verbosity=0")
        self.cast = self._people(members) if members else []

    @property
    def members(self) -> list[Person]:
        return [person for person in self.cast if person.handle.startswith("bird")]

    def person(self, handle: str) -> Person:
        return next(person for person in self.cast if person.handle == handle)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self, port: int = 0) -> Process:
        """The embedded mode: everything in one process."""
        return self.start("serve", f"--port={port or self.port}", port=port or self.port)

    def pages(self, port: int, workers: int = 1) -> Process:
        words = ["gunicorn", "config.wsgi", f"--bind=127.0.0.1:{port}", f"--workers={workers}", "--threads=4"]
        return self.start(*words, "--log-level=warning", port=port)

    def sockets(self, port: int, server: str = "uvicorn") -> Process:
        if server == "daphne":
            return self.start("daphne", f"--port={port}", "config.asgi:application", port=port)
        words = [
            "config.asgi:application",
            f"--port={port}",
            "--lifespan=off",
            "--log-level=warning",
            "--no-access-log",
        ]
        return self.start("uvicorn", *words, port=port)

    def start(self, *argv: str, port: int = 0) -> Process:
        """Starts one, and returns when it answers; a clock is born at once. Raises RuntimeError with its last words."""
        process = Process(argv[0], self._born(*argv), port)
        self.processes.append(process)
        if port:
            _wait(lambda: not process.is_there or answers(port), f"{argv[0]} does not answer")
        if not process.is_there:
            raise RuntimeError(f"{argv[0]} ended:\n{self.said()[-3000:]}")
        return process

    def run(self, *argv: str) -> None:
        """One of manage.py's commands to its end."""
        process = Process(argv[0], self._born(*argv), 0)
        _wait(lambda: not process.is_there, f"{argv[0]} does not end", 240)

    def said(self) -> str:
        log = self.folder / "said.log"
        return log.read_text(errors="replace") if log.exists() else ""

    def move_clock(self, seconds: float) -> None:
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(str(seconds))
        fresh.replace(self.clock)

    def close(self) -> None:
        for process in self.processes:
            process.kill()
        assert self._nursery.stdin is not None
        self._nursery.stdin.close()
        try:
            self._nursery.wait(30)
        except subprocess.TimeoutExpired:
            self._nursery.kill()
            self._nursery.wait()

    def __enter__(self) -> "Site":
        return self

    def __exit__(self, *what: object) -> None:
        self.close()

    def _born(self, *argv: str) -> int:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(json.dumps({"argv": argv, "log": str(self.folder / "said.log")}) + "\n")
        self._nursery.stdin.flush()
        return int(self._nursery.stdout.readline())

    def _environment(self) -> dict[str, str]:
        limits = dict.fromkeys(
            ("HARBOUR_POSTS_PER_HOUR", "HARBOUR_REPLIES_PER_HOUR", "HARBOUR_RULE_REPORTS_PER_DAY"), "1000000"
        )
        return limits | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "HARBOUR_ENV": "test",
            "HARBOUR_DATA_DIR": str(self.folder),
            "HARBOUR_DATABASE_URL": self.database,
            "HARBOUR_REDIS_URL": "",
            "HARBOUR_ORIGINS": self.origin,
            "FAULTS_CLOCK": str(self.clock),
            "PYTHONUNBUFFERED": "1",
        }

    def _people(self, members: int) -> list[Person]:
        path = self.folder / "cast.json"
        self.run("cast", str(path), str(members))
        if not path.exists():
            raise RuntimeError(f"there is nobody here:\n{self.said()[-3000:]}")
        people: list[dict[str, Any]] = json.loads(path.read_text())
        return [Person(**person) for person in people]


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _wait(condition: Any, complaint: str, patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(complaint)
        time.sleep(0.01)

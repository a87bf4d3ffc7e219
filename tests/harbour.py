"""A real server in a process of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client

from tests.nursery import Child, Nursery

ROOT = Path(__file__).resolve().parent.parent


class Site:
    """Somewhere on this machine that people can visit, whose rows are this test's."""

    port: int
    url: str

    def cookie(self, person: Any) -> str:
        """A signed-in session of a person whose row the server shares, as `name=value`."""
        client = Client()
        client.force_login(person)
        return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"

    def socket(self, person: Any, after: str = "", *, port: int = 0) -> Any:
        """A `websockets` client connection as this person; `port` of one process, where there are several."""
        from websockets.sync.client import connect
        from websockets.typing import Origin

        return connect(
            f"ws://127.0.0.1:{port or self.port}/ws/?after={after}",
            origin=Origin(self.url),
            additional_headers={"Cookie": self.cookie(person)},
            max_size=None,
        )


class Harbour(Site):
    """`manage.py serve` on a free port and a given data directory, under HARBOUR_ENV=test unless told otherwise.

    `command` is what manage.py is asked for instead; it listens on `port`. With a nursery whose environment is this one's it
    starts as a fork, on the nursery's port.
    """

    def __init__(
        self,
        data_dir: Path,
        nursery: Nursery | None = None,
        *,
        command: Sequence[str] = ("serve",),
        **environment: str,
    ) -> None:
        self.port = int(nursery.environment["PORT"]) if nursery else free_port()
        self.command = [word.format(port=self.port) for word in command]
        self.url = f"http://127.0.0.1:{self.port}"
        self.data_dir = data_dir
        self.log = data_dir / f"serve-{self.port}.log"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "HARBOUR_ENV": "test",
            "HARBOUR_DATA_DIR": str(data_dir),
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            **environment,
        }
        self.process: subprocess.Popen[bytes] | Child | None = None
        self._nursery = nursery if nursery and nursery.fits(self.environment) else None

    def start(self, patience: float = 30.0) -> None:
        """Start, and return when it answers. Raises RuntimeError with its words when it does not."""
        self.log.write_bytes(b"")
        self.process = self._nursery.born(*self.command, log=self.log) if self._nursery else self._started()
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{self.url}/livez", timeout=2).close()
                return
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"the server did not start:\n{self.said()}")

    def _started(self) -> "subprocess.Popen[bytes]":
        with self.log.open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "manage.py", *self.command],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def interrupt(self, signal_number: int = signal.SIGINT) -> None:
        """What Ctrl-C does."""
        assert self.process is not None
        os.killpg(self.process.pid, signal_number)

    def stop(self) -> int | None:
        """Ask it to stop, wait, and return its exit status; killed after 10 s."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.interrupt()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(5)
        return self.process.returncode

    def said(self) -> str:
        """What it has printed so far."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

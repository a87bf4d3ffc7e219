"""One process of the scale mode: started, waited for, told to stop."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STARTING = 60.0  # seconds until it must answer
STOPPING = 30.0  # seconds it has to end well

# As systemd does: the listening socket is handed over as number 3, with a word about it.
HANDED_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[2], sys.argv[2:])
"""


class NotStarted(Exception):
    """It ended, or did not answer; says which and what it printed."""


@dataclass(eq=False)
class Process:
    """`port`: where it answers /livez, 0 for one that answers nobody. `listener`: the socket it is handed, if it is."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    port: int = 0
    listener: socket.socket | None = None
    log: Path | None = None  # what it prints; else it prints where we do
    _running: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    @property
    def running(self) -> "subprocess.Popen[bytes]":
        return self._running[-1]

    def start(self) -> None:
        """In a group of its own, so that Ctrl-C reaches the one who started it and nobody else."""
        command = list(self.command)
        handed: list[int] = []
        if self.listener is not None:
            handed.append(self.listener.fileno())
            command = [sys.executable, "-c", HANDED_OVER, str(handed[0]), *command]
        output = self.log.open("ab") if self.log else None
        try:
            self._running.append(
                subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env={**os.environ, **self.environment},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT if output else None,
                    pass_fds=handed,
                    start_new_session=True,
                )
            )
        finally:
            if output:
                output.close()

    def wait_until_it_answers(self) -> None:
        """Raises NotStarted. A handed-over socket takes questions before there is anybody to answer, so this may wait in it."""
        self.wait_until(lambda: not self.port or answers(self.port))

    def wait_until(self, begun: Callable[[], bool]) -> None:
        """Raises NotStarted when it ends before that, or does not get there."""
        deadline = time.monotonic() + STARTING
        while time.monotonic() < deadline and self.running.poll() is None:
            if begun():
                return
            time.sleep(0.05)
        raise NotStarted(f"{self.name} did not start: {self.said()}")

    def tell(self, number: signal.Signals) -> None:
        if self.running.poll() is None:
            self.running.send_signal(number)

    def wait(self) -> int:
        """Its exit status; killed with whatever it started when it takes too long."""
        try:
            return self.running.wait(STOPPING)
        except subprocess.TimeoutExpired:
            os.killpg(self.running.pid, signal.SIGKILL)
            return self.running.wait(5)

    def stop(self) -> int:
        self.tell(signal.SIGTERM)
        return self.wait()

    def said(self) -> str:
        return self.log.read_text(errors="replace")[-4000:] if self.log and self.log.exists() else "see above"


def answers(port: int, path: str = "/livez") -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        line.request("GET", path)
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listen(port: int) -> socket.socket:
    """A listening socket that outlives whoever answers on it."""
    listener = socket.create_server(("127.0.0.1", port), backlog=2048)
    listener.set_inheritable(True)
    return listener

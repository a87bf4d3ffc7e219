"""A bell in a process of its own. Run as a script it prints what it hears, and rings what it is told to."""

import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 20.0  # seconds for what should come


class OtherProcess:
    """`ring(["wall"])` rings there; `heard()` is the next ring it passed on."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._said: SimpleQueue[list[str]] = SimpleQueue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.services.ringers"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        threading.Thread(target=self._listen, daemon=True).start()
        assert self.heard() == ["ready"]

    def ring(self, streams: Sequence[str]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(" ".join(streams) + "\n")
        self._process.stdin.flush()

    def heard(self) -> list[str]:
        return self._said.get(timeout=PATIENCE)

    def has_heard_more(self) -> bool:
        return not self._said.empty()

    def end(self) -> None:
        self._process.kill()
        self._process.wait()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said.put(line.split())


def _ring_and_tell() -> None:
    import django

    django.setup()
    from realtime import bell

    def tell(streams: Sequence[Any]) -> None:
        sys.stdout.write(" ".join(streams) + "\n")
        sys.stdout.flush()

    with bell.listening(tell):
        tell(["ready"])
        for line in sys.stdin:
            bell.ring(line.split())


if __name__ == "__main__":
    _ring_and_tell()

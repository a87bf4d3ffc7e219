"""Real clocks in processes of their own. Run as a script it is the nursery: Django is loaded once, each clock is a fork of it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


class Nursery:
    """`born()` starts `manage.py clock` in a process of its own and returns its number. They end with the nursery."""

    def __init__(self, **environment: str) -> None:
        from django.conf import settings

        from tests.harbour import Harbour

        given = Harbour(Path(settings.DATA_DIR)).environment | environment
        self._clocks: list[int] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.clocks"],
            cwd=ROOT,
            env=given,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def born(self) -> int:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write("another\n")
        self._process.stdin.flush()
        number = int(self._process.stdout.readline())
        self._clocks.append(number)
        return number

    def kill(self, number: int) -> None:
        """As a power cut does: nothing of its own is done any more."""
        os.kill(number, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while _is_there(number):
            assert time.monotonic() < deadline, "a killed clock is still there"
            time.sleep(0.01)
        self._clocks.remove(number)

    def __enter__(self) -> "Nursery":
        return self

    def __exit__(self, *args: object) -> None:
        for number in list(self._clocks):
            self.kill(number)
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


def _is_there(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def _nursery(*args: Any) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody has to be mourned
    for _line in sys.stdin:
        number = os.fork()
        if number == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.close(1)
            os.open(os.devnull, os.O_WRONLY)
            call_command("clock")
            os._exit(0)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _nursery()

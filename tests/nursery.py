"""Commands of ours in processes of their own, each a fork of one that has loaded Django and every page already.

Run as a script it is that one. What it forks has opened no database and started no thread.
"""

import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OF_NO_MATTER = {"PORT", "PYTEST_CURRENT_TEST", "DJANGO_ALLOW_ASYNC_UNSAFE"}


class Nursery:
    """`born("serve", "--port=8001", log=…)` starts `manage.py serve --port=8001` and returns its process."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = dict(environment)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.nursery"],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def fits(self, environment: Mapping[str, str]) -> bool:
        """Whether a process that wants this environment would find it here."""
        wanted, here = ({**each} for each in (environment, self.environment))
        for name in OF_NO_MATTER:
            wanted.pop(name, None), here.pop(name, None)
        return wanted == here

    def born(self, *command: str, log: Path | None = None) -> "Child":
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps({"command": command, "log": str(log or os.devnull)}) + "\n")
        self._process.stdin.flush()
        return Child(int(self._process.stdout.readline()))

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


class Child:
    """As much of a `subprocess.Popen` as is known of somebody else's child: its number, and whether it is there."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None  # 0 once it is gone, whatever it went with

    def poll(self) -> int | None:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            self.returncode = 0
        return self.returncode

    def wait(self, timeout: float) -> int:
        deadline = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(0.01)
        return 0


def main() -> None:
    import django

    django.setup()
    _read_pages()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody has to be mourned
    for line in sys.stdin:
        number = os.fork()
        if number == 0:
            _grow_up(json.loads(line))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


def _read_pages() -> None:
    from django.conf import settings
    from django.template.loader import get_template
    from django.urls import get_resolver

    _addresses = get_resolver().url_patterns
    for root in settings.TEMPLATES[0]["DIRS"]:
        for path in Path(root).rglob("*.html"):
            get_template(str(path.relative_to(root)))


def _grow_up(asked: dict[str, Any]) -> None:
    from django.core.management import call_command

    status = 0
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(
            signal.SIGINT, signal.default_int_handler
        )  # a shell that runs us in the background has it ignored
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number in (1, 2):
            os.dup2(os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
        call_command(*asked["command"])
    except BaseException:
        status = 1
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()

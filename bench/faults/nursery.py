"""`python -m bench.faults.nursery`: loads Django once and lets each process be a fork of it, so that thirty kills take a minute.

Reads a line of JSON for each child, {"argv": [...], "log": path}, and answers with its number. A child leads a group of its own,
so that whoever ends it ends what it has started; all of them end with the nursery.

What the wall clock says is moved by as many seconds as stand in the file that FAULTS_CLOCK names: the machine's own clock cannot
be set back. To the file that FAULTS_QUERIES names, a byte is written for each query that lets a socket in.
"""

import contextlib
import json
import os
import signal
import sys
import threading
import traceback
from datetime import timedelta
from pathlib import Path
from typing import Any


def main() -> None:
    _move_the_clock(os.environ.get("FAULTS_CLOCK", ""))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    if os.environ.get("FAULTS_SYNC"):
        _sync_no_more()
    django.setup()
    _count_queries(os.environ.get("FAULTS_QUERIES", ""))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody has to be mourned
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    born: list[int] = []
    try:
        _bear(born)
    finally:  # whoever asked for them is gone, perhaps killed
        for number in filter(_is_mine, born):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(number, signal.SIGKILL)


def _is_mine(number: int) -> bool:
    """Numbers are used again."""
    try:
        return int(Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[1]) == os.getpid()
    except (FileNotFoundError, ProcessLookupError):
        return False


def _bear(born: list[int]) -> None:
    for line in sys.stdin:
        order = json.loads(line)
        number = os.fork()
        if number == 0:
            _become(order["argv"], order["log"])
        born.append(number)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


def _become(argv: list[str], log: str) -> None:
    status = 1
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for number, path, flags in ((0, os.devnull, os.O_RDONLY), (1, log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)):
            opened = os.open(path, flags, 0o600)
            os.dup2(opened, number)
            os.close(opened)
        os.dup2(1, 2)
        sys.argv = argv
        status = _call(argv) or 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except Exception:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _call(argv: list[str]) -> Any:
    """What the program of this name does with these words; any other name is one of manage.py's."""
    if argv[0] == "gunicorn":
        from gunicorn.app.wsgiapp import run

        return run()
    if argv[0] == "uvicorn":
        import uvicorn

        return uvicorn.main(argv[1:], standalone_mode=False)
    if argv[0] == "daphne":
        from daphne.cli import CommandLineInterface

        return CommandLineInterface().run(argv[1:])
    if argv[0] == "cast":
        from bench.faults.cast import make_cast

        return make_cast(Path(argv[1]), int(argv[2]))
    from django.core.management import execute_from_command_line

    return execute_from_command_line(["manage.py", *argv])


def _count_queries(path: str) -> None:
    if not path:
        return
    from django.db.backends.signals import connection_created

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if threading.current_thread().name.startswith("hub-door"):
            with Path(path).open("ab", buffering=0) as file:
                file.write(b".")
        return execute(sql, params, many, context)

    def watch(connection: Any, **_more: Any) -> None:
        connection.execute_wrappers.append(count)

    connection_created.connect(watch, weak=False)


def _sync_no_more() -> None:
    """As a site would run whose database believes the disk."""
    from django.conf import settings

    options = settings.DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")


def _move_the_clock(path: str) -> None:
    if not path:
        return
    from django.utils import timezone

    real, moved = timezone.now, Path(path)

    def now() -> Any:
        return real() + timedelta(seconds=float(moved.read_text() or 0))

    timezone.now = now


if __name__ == "__main__":
    main()

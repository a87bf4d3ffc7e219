"""The benchmark's other processes: each on a core of its own, asked and answering in lines of JSON."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from bench.report import ROOT

Handler = Callable[..., Any]


class ChildFailed(Exception):
    """It ended or answered with an error; says what it printed."""


class Child:
    """A module run with `python -m`, pinned to one core. Use as a context: it is stopped at the end."""

    def __init__(self, module: str, *args: object, core: int | None = None, **environment: str) -> None:
        self._name = f"{module} {' '.join(map(str, args))}".strip()
        self._said = tempfile.TemporaryFile("w+")  # noqa: SIM115  (closed by `stop`)
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *map(str, args)],
            cwd=ROOT,
            env={**os.environ, **environment, "BENCH_CORE": "" if core is None else str(core)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
        )

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def tell(self, do: str, **details: Any) -> None:
        """Ask for something whose answer is fetched later, with `hear`."""
        with contextlib.suppress(BrokenPipeError):  # `hear` says why it has gone
            _write(self._process.stdin, {"do": do, **details})

    def hear(self) -> Any:
        """The next answer. Raises ChildFailed."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        answer = json.loads(line) if line else {"error": "it has ended"}
        if "error" in answer:
            self._said.seek(0)
            raise ChildFailed(f"{self._name}: {answer['error']}\n{self._said.read()[-4000:]}")
        return answer["answer"]

    def ask(self, do: str, **details: Any) -> Any:
        self.tell(do, **details)
        return self.hear()

    def memory(self) -> int:
        """Bytes of memory that are its own and in use (RSS)."""
        pages = Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._said):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()  # type: ignore[union-attr]


def pin() -> None:
    """Keep to the core that this process was started for, if there is one."""
    core = os.environ.get("BENCH_CORE")
    if core and int(core) in os.sched_getaffinity(0):
        os.sched_setaffinity(0, {int(core)})


def questions(lines: Iterable[str] = sys.stdin) -> Iterator[Mapping[str, Any]]:
    for line in lines:
        yield json.loads(line)


def answer(value: Any) -> None:
    _write(sys.stdout, {"answer": value})


def serve(handlers: Mapping[str, Handler]) -> None:
    """Answer what is asked until nobody asks any more."""
    for question in questions():
        details = {name: value for name, value in question.items() if name != "do"}
        try:
            said = {"answer": handlers[question["do"]](**details)}
        except Exception as error:
            said = {"error": f"{type(error).__name__}: {error}"}
        _write(sys.stdout, said)


def _write(pipe: IO[str] | None, value: Any) -> None:
    assert pipe is not None
    pipe.write(json.dumps(value) + "\n")
    pipe.flush()

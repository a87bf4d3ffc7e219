"""What a benchmark promises, and whether it was kept: a table whose rows end in PASS or SHORT."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """`measured` must be at least `mark`, or at most it with `at_most`. `unit` is written behind both."""

    what: str
    measured: float
    mark: float
    unit: str = ""
    at_most: bool = False

    @property
    def is_kept(self) -> bool:
        return self.measured <= self.mark if self.at_most else self.measured >= self.mark

    @property
    def asked(self) -> str:
        return f"{'at most' if self.at_most else 'at least'} {_number(self.mark)}{self.unit}"

    @property
    def found(self) -> str:
        return f"{_number(self.measured)}{self.unit}"

    @property
    def verdict(self) -> str:
        return "PASS" if self.is_kept else "SHORT"


def print_marks(marks: Sequence[Mark]) -> int:
    """Prints the table; returns the exit status: 1 when any mark was not reached."""
    widths = [max(len(getattr(mark, name)) for mark in marks) for name in ("what", "found", "asked")]
    for mark in marks:
        what, found, asked = mark.what.ljust(widths[0]), mark.found.rjust(widths[1]), mark.asked.ljust(widths[2])
        print(f"{what}  {found}  {asked}  {mark.verdict}")
    return 0 if all(mark.is_kept for mark in marks) else 1


class Progress:
    """A bar on the terminal for what takes a while; nothing where there is no terminal."""

    def __init__(self, steps: int) -> None:
        self._steps, self._done = steps, 0

    def step(self, what: str) -> None:
        self._done += 1
        if sys.stderr.isatty():
            filled = 30 * self._done // self._steps
            sys.stderr.write(f"\r[{'#' * filled}{'.' * (30 - filled)}] {what:<50.50}")
            sys.stderr.flush()

    def end(self) -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\r" + " " * 84 + "\r")


def _number(value: float) -> str:
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"

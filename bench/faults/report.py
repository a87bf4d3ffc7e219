"""docs/reliability.md: what stands above the marker is written by hand and kept; the tables below it are written here."""

import json
import os
import platform
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from bench.faults.results import Result

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
MARKER = "<!-- from here on written by python -m bench.faults -->"
ELSEWHERE = """\
| mark | what shows it |
| --- | --- |
| R8 at 10,000 sockets | `python -m bench.fanout` |
| R12, a worker down for 15 minutes | tests/moderation/test_ladder_processes.py: 20 steps with one clock and with four |
"""


class Kept:
    """Results by fault in a file of JSON, so that a long run can be made in pieces."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.pieces: dict[str, dict[str, object]] = {}
        if path and path.exists():
            self.pieces = json.loads(path.read_text())

    def put(self, fault: str, results: Iterable[Result], versions: str) -> None:
        self.pieces[fault] = {
            "day": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
            "versions": versions,
            "results": [asdict(result) for result in results],
        }
        if self.path:
            self.path.write_text(json.dumps(self.pieces, indent=1))

    @property
    def results(self) -> list[Result]:
        found = [Result(**each) for piece in self.pieces.values() for each in piece["results"]]  # type: ignore[attr-defined]
        return sorted(found, key=lambda result: result.mark)

    def write(self, page: Path = PAGE) -> None:
        above = page.read_text(encoding="utf-8").partition(MARKER)[0]
        page.write_text(above + MARKER + "\n\n" + self.markdown(), encoding="utf-8")

    def markdown(self) -> str:
        days = sorted(str(piece["day"]) for piece in self.pieces.values())
        versions = max((str(piece["versions"]) for piece in self.pieces.values()), key=len, default="")
        rows = [
            f"| {each.mark} | {each.done} | {each.times} | {each.result} | {each.limit} | {'pass' if each.passed else '**short**'} |"
            for each in self.results
        ]
        head = [f"Measured from {days[0]} to {days[-1]} on {versions}.", ""] if days else []
        table = [
            "| mark | what was done | how often | result | pass mark | |",
            "| --- | --- | --- | --- | --- | --- |",
            *rows,
        ]
        return "\n".join([*head, *table, "", "Shown elsewhere:", "", ELSEWHERE])


def machine(*servers: str) -> str:
    """What it ran on."""
    named = [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}", *servers]
    return (
        f"{os.cpu_count()} cores, shared with the clients, {platform.system()} {platform.machine()}; {', '.join(named)}"
    )


def line_of(result: Result) -> str:
    """For the terminal: ends in PASS or SHORT."""
    words = [result.mark, result.done, result.times, result.result, result.limit, "PASS" if result.passed else "SHORT"]
    return " | ".join(words)

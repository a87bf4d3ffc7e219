"""Reads JSON lines with words and writes what the screening says of each. Stores nothing, opens nothing."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from moderation.screening import screen


class Command(BaseCommand):
    help = 'Screens JSON lines {"id", "text"} and prints {"id", "severity", "score", "category", "reasons"} for each.'
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", default="-", help="a file of JSON lines; standard input when left out")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        """One line out for each line in, in order. Raises CommandError with the number of a line it cannot read."""
        if file == "-":
            self._screen_lines(sys.stdin)
            return
        try:
            with Path(file).open(encoding="utf-8") as lines:
                self._screen_lines(lines)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error

    def _screen_lines(self, lines: Any) -> None:
        for number, line in enumerate(lines, 1):
            if line.strip():
                self.stdout.write(json.dumps(_answer(line, number), ensure_ascii=True))


def _answer(line: str, number: int) -> dict[str, Any]:
    try:
        record = json.loads(line)
        identifier, text = record["id"], record["text"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise CommandError(f'Line {number} is not an object with "id" and "text".') from error
    if not isinstance(text, str):
        raise CommandError(f'Line {number}: "text" is not a string.')
    found = screen(text)
    reasons = [{"rule": each.rule, "start": each.start, "end": each.end} for each in found.reasons]
    return {
        "id": identifier,
        "severity": found.severity,
        "score": found.score,
        "category": found.category or None,
        "reasons": reasons,
    }

"""Reads JSON lines with words and writes what the screening says of each. Stores nothing, opens nothing."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from moderation.screening import BUILT_IN, Own, screen


class Unreadable(Exception):
    """A line that holds no words to read; its text says why."""


class Command(BaseCommand):
    help = (
        'Screens JSON lines {"id", "text"} and prints {"id", "severity", "score", "category", "reasons"} for each, in order, as '
        "they come. `score` orders texts by how soon a human should look. A line that cannot be read is named on the error "
        "output; the rest is done, and the exit status is 1."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", default="-", help="a file of JSON lines; standard input when left out")
        parser.add_argument(
            "--own",
            action="store_true",
            help="with this site's own phrases and switches, from its database; else the rules as they come",
        )

    def handle(self, *args: Any, file: str, own: bool = False, **options: Any) -> None:
        """One line out for each line in. Raises CommandError when a line could not be read, after the last one."""
        rules = _of_this_site() if own else BUILT_IN
        if file == "-":
            bad = self._screen_lines(getattr(sys.stdin, "buffer", sys.stdin), rules)
        else:
            try:
                with Path(file).open("rb") as lines:
                    bad = self._screen_lines(lines, rules)
            except OSError as error:
                raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        if bad:
            raise CommandError(f"Lines that could not be read: {bad}.")

    def _screen_lines(self, lines: Iterable[bytes | str], rules: Own) -> int:
        """The number of lines that could not be read."""
        bad = 0
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                answer = json.dumps(_answer(line, rules))
            except Unreadable as reason:
                bad += 1
                self.stderr.write(f"Line {number}: {reason}")
                continue
            self.stdout.write(answer)
            self.stdout.flush()
        return bad


def _answer(line: bytes | str, rules: Own) -> dict[str, Any]:
    try:
        record = json.loads(line.decode("utf-8-sig") if isinstance(line, bytes) else line)
        identifier, text = record["id"], record["text"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unreadable('it is not an object with "id" and "text".') from error
    if not isinstance(text, str):
        raise Unreadable('"text" is not a string.')
    found = screen(text, rules)
    reasons = [{"rule": each.rule, "start": each.start, "end": each.end} for each in found.reasons]
    return {
        "id": identifier,
        "severity": found.severity,
        "score": found.score,
        "category": found.category or None,
        "reasons": reasons,
    }


def _of_this_site() -> Own:
    from moderation import screening_rules

    return screening_rules.read()

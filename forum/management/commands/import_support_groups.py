"""Reads a CSV table of support groups into the directory. Says what it would do; does it only with --write."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from forum.group_import import BYTES_MAX, COLUMNS, NotATable, plan_import, write_import


class Command(BaseCommand):
    help = f"{__doc__} Columns: {', '.join(COLUMNS)}. Several people a group is for are parted by semicolons."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--write", action="store_true", help="do it; without this nothing is changed")

    def handle(self, *args: Any, file: Path, write: bool, **options: Any) -> None:
        try:
            with file.open("rb") as table:
                lines = plan_import(table.read(BYTES_MAX + 1))
            for line in lines:
                self.stdout.write(f"line {line.number}, {line.name or 'no name'}: {line.words}")
            if write:
                self.stdout.write(f"Written: {write_import(lines)}.")
            else:
                self.stdout.write("Nothing was written. Say --write to do it.")
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        except NotATable as refused:
            raise CommandError(str(refused)) from None

"""After a backup was put back by hand: erases again what was erased since it was made. `restore` does it by itself."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from forum import ledger as ledgers
from forum.actions.replaying import replay_erasures


class Command(BaseCommand):
    help = "Erases anew every account that the ledger names and that a restored backup has brought back. Run it before opening."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--ledger",
            type=Path,
            help="the ledger file; without it, those in the data directory and beside the backups",
        )

    def handle(self, *args: Any, ledger: Path | None = None, **options: Any) -> None:
        if ledger and not ledger.exists():
            raise CommandError(f"{ledger} is not there.")
        try:
            self.stdout.write(replay_erasures(_read(ledger)).said)
        except ValueError as error:
            raise CommandError(str(error)) from None


def _read(file: Path | None) -> ledgers.Read:
    if file is None:
        return ledgers.read_everywhere()
    ledgers.refuse_other(file)
    return ledgers.read(file)

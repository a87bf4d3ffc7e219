"""Puts a backup back and erases again whoever was erased since it was made."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.backups import CannotBackUp
from config.backups.restoring import Restored, opened, restore
from config.backups.workplace import ending_when_asked
from realtime import grants

NOTHING_BEFORE = (
    "There was no database to compare with: look through roles, suspensions, bans and passkeys before you open."
)


class Command(BaseCommand):
    help = "Replaces the database by a backup's. Stop Harbour first. A database that has members is replaced with --yes alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--yes", action="store_true", help="also where there are members, who are all replaced")
        parser.add_argument(
            "--yes-while-running", action="store_true", help="also where a clock of Harbour ran within the last minute"
        )
        parser.add_argument(
            "--serves",
            default=grants.SERVES,
            help=f"PostgreSQL's role that serves people, if it is another than the owner's. Default: {grants.SERVES}",
        )
        parser.add_argument("--check", action="store_true", help="open and try the file, and change nothing")
        parser.add_argument("--identity", type=Path, help="the file with the key of age that opens it")
        parser.add_argument(
            "--ledger", type=Path, help="a ledger of erasures kept elsewhere, besides those that are found"
        )

    def handle(self, *args: Any, file: Path, check: bool, **options: Any) -> None:
        try:
            with ending_when_asked():
                if check:
                    with opened(file, options["identity"]) as (manifest, _folder):
                        self.stdout.write(f"Whole, and made at {manifest.made_at}. Nothing was changed.")
                    return
                done = restore(
                    file,
                    identity=options["identity"],
                    ledger_file=options["ledger"],
                    over=options["yes"],
                    while_running=options["yes_while_running"],
                    serves=options["serves"],
                )
        except (CannotBackUp, ValueError, OSError) as refused:
            raise CommandError(str(refused)) from None
        self._tell(done, options["serves"])

    def _tell(self, done: Restored, serves: str) -> None:
        self.stdout.write(f"Restored as it was at {done.manifest.made_at}. Whatever was written since is not in it.")
        self.stdout.write(done.replayed.said)
        if done.granted:
            self.stdout.write(f"{serves} was given its rights again.")
        self.stdout.write(f"{done.signed_out} sessions were ended: everybody signs in anew.")
        self.stdout.write(done.changed.said if done.changed else NOTHING_BEFORE)
        if done.broken:
            raise CommandError(
                f"The audit chain does not hold: {done.broken}. Is HARBOUR_AUDIT_KEY the one of that time?"
            )
        self.stdout.write(f"The audit chain holds, {done.manifest.audit} events long when the backup was made.")

"""After a backup is restored: erases again what was erased since it was made."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from forum import ledger
from forum.actions.erasing import erase_member
from forum.actions.leaving import close_for_good
from forum.models import Erasure, Member, Standing


class Command(BaseCommand):
    help = "Erases anew every account that the ledger names and that a restored backup has brought back. Run it before opening."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--ledger", type=Path, help="the ledger file; erasures.txt in the data directory without it"
        )

    def handle(self, *args: Any, ledger: Path | None = None, **options: Any) -> None:
        again = [self._close(erasure) for erasure in _known(ledger)]
        waiting = [erasure for erasure in Erasure.objects.filter(finished_at=None) if not erase_member(erasure)]
        self.stdout.write(
            f"{sum(again)} accounts were back and are erased again; {len(waiting)} wait for an open case."
        )

    def _close(self, erasure: Erasure) -> bool:
        """Whether the account was back. A later one with its number is somebody else: they joined at another time."""
        back = Member.objects.filter(pk=erasure.member_id, joined_at=erasure.joined_at).exclude(
            standing=Standing.ERASED
        )
        if not back.exists():
            return False
        Erasure.objects.filter(member_id=erasure.member_id).delete()
        close_for_good(erasure.member_id, erasure.asked_at)
        return True


def _known(file: Path | None) -> list[Erasure]:
    """What the file says, and what the database itself knows."""
    path = file or ledger.path()
    if file and not path.exists():
        raise CommandError(f"{path} is not there.")
    try:
        return [*(ledger.lines(path) if path.exists() else ()), *Erasure.objects.all()]
    except ValueError as error:
        raise CommandError(str(error)) from None

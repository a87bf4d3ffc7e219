"""Makes a backup: the database and the ledger of erasures, never the keys."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.backups import CannotBackUp
from config.backups.taking import take_backup
from config.backups.workplace import ending_when_asked

NOT_SEALED = "It is not encrypted: whoever has the file reads every word and address. Set HARBOUR_BACKUP_TO to a key of age or GPG."
NO_KEYS = "It holds no key: keep HARBOUR_SECRET_KEY, HARBOUR_AUDIT_KEY and HARBOUR_SEAL_KEY somewhere else, and not beside it."


class Command(BaseCommand):
    help = "Writes a backup into HARBOUR_BACKUP_DIR, tries it, and lets go of those older than HARBOUR_BACKUP_DAYS."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with ending_when_asked():
                taken = take_backup()
        except (CannotBackUp, OSError) as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"{taken.file}: {taken.size} bytes, tried and whole.")
        self.stdout.write(f"Encrypted for {taken.sealed_for}." if taken.sealed_for else NOT_SEALED)
        self.stdout.write(NO_KEYS)
        if taken.gone:
            self.stdout.write(f"Older than {settings.BACKUP_DAYS} days, and gone: {', '.join(taken.gone)}.")

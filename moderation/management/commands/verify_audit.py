"""Proves the audit chain."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation import audit


class Command(BaseCommand):
    help = "Walks the audit chain and names its first broken link. Ends with 1 when there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        if broken := audit.verify():
            raise CommandError(f"Link {broken.n} of the audit chain is broken: {broken.reason}.", returncode=1)
        count, digest = audit.head()
        self.stdout.write(f"The audit chain holds: {count} events, head {digest or 'empty'}.")

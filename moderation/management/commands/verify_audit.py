"""Proves the audit chain."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation import audit, audit_anchor, audit_watch
from realtime import grants


class Command(BaseCommand):
    help = "Walks the audit chain and names its first broken link. Ends with 1 when there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--restored",
            action="store_true",
            help="A backup was put back on purpose: take the chain as it ends now, if it holds by itself.",
        )

    def handle(self, *args: Any, restored: bool = False, **options: Any) -> None:
        if broken := audit.verify() if restored else audit_watch.find_fault():
            raise CommandError(f"Link {broken.n} of the audit chain is broken: {broken.reason}.", returncode=1)
        if restored:
            audit_anchor.accept()
        count, digest = audit.head()
        self.stdout.write(f"The audit chain holds: {count} events, head {digest or 'empty'}.")
        self.stdout.write(grants.say())

"""The lines that nobody has held against the service's own page for six months."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from forum import helplines
from forum.models import Helpline


class Command(BaseCommand):
    help = "Lists the helplines that were not checked for six months. Fails while there are any."

    def handle(self, *args: Any, **options: Any) -> None:
        lines = helplines.overdue()
        for line in lines:
            self.stdout.write(f"{_when(line)}  {line.name}  {line.url}".rstrip())
        if lines:
            raise CommandError(f"Not checked for six months: {len(lines)}. Hold them against their pages, at /admin/.")
        self.stdout.write("Every helpline was checked within the last six months.")


def _when(line: Helpline) -> str:
    if line.checked_on is None:
        return "never"
    return f"{line.checked_on:%Y-%m-%d} by {line.checked_by}" if line.checked_by else f"{line.checked_on:%Y-%m-%d}"

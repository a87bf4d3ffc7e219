"""Signs somebody out everywhere, or everybody: for an account in the wrong hands, or a machine that was."""

import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from forum.actions.sessions import end_all_sessions
from forum.models import Member

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Ends every session of one member, by their handle, or with --everybody all there are. Open sockets close too."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("handle", nargs="?", help="whose sessions")
        whose.add_argument("--everybody", action="store_true", help="everybody's, yours included")

    def handle(self, *args: Any, handle: str | None = None, **options: Any) -> None:
        member = Member.objects.filter(handle=handle).first() if handle else None
        if handle and member is None:
            raise CommandError(f"Nobody here is called {handle}.")
        ended = end_all_sessions(member)
        logger.warning("sessions_ended: %s of %s", ended, f"member {member.pk}" if member else "everybody")
        self.stdout.write(f"{ended} sessions have ended. Whoever was signed in has to sign in again.")

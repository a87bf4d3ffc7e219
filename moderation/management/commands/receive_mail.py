"""`manage.py receive_mail`: takes mail in, for a mail server's pipe or as a small LMTP door of its own."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from moderation.actions.inbound import LARGEST, receive_mail

TRY_AGAIN = 75  # EX_TEMPFAIL: the mail server keeps the message and comes back with it


class Command(BaseCommand):
    help = "Reads one mail from standard input and puts it into its conversation, or answers it at once with help."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--recipient", action="append", default=[], help="to whom, as the envelope says")
        parser.add_argument("--sender", default=None, help="from whom, as the envelope says")
        parser.add_argument(
            "--listen", default="", metavar="HOST:PORT", help="speak LMTP here instead (needs aiosmtpd)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["listen"]:
            self._listen(options["listen"])
            return
        raw = sys.stdin.buffer.read(LARGEST + 1)
        try:
            outcome = receive_mail(raw, options["recipient"], options["sender"])
        except DatabaseError as error:
            self.stderr.write(f"not taken in ({type(error).__name__}); try again")
            sys.exit(TRY_AGAIN)
        self.stdout.write(outcome.value)

    def _listen(self, where: str) -> None:
        host, _colon, port = where.rpartition(":")
        if not host or not port.isdecimal():
            raise CommandError("--listen wants HOST:PORT, such as 127.0.0.1:8024")
        try:
            from moderation.mail_door import open_door
        except ImportError:
            raise CommandError(
                "--listen needs aiosmtpd: run “make .venv” in the directory of Harbour, which installs every extra"
            ) from None
        self.stdout.write(f"taking mail at {where}")
        open_door(host, int(port)).wait()

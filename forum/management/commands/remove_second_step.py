"""For somebody who has lost everything that their second step rests on, once it is certain that it is they."""

import logging
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import translation

from forum import second_step
from forum.actions.sessions import end_all_sessions
from forum.models import Member

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Takes away the app, passkeys, spare codes and code on paper of one member, by their handle, and ends their sessions. "
        "They hear of it by mail. Speak to them first, as you did when they were given their role: whoever has their password "
        "comes in afterwards."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("handle", help="whose second step")

    def handle(self, *args: Any, handle: str, **options: Any) -> None:
        member = Member.objects.filter(handle=handle).first()
        if member is None:
            raise CommandError(f"Nobody here is called {handle}.")
        with transaction.atomic(), translation.override(member.language):
            gone, _each = Authenticator.objects.filter(user=member).delete()
            if not gone:
                raise CommandError(f"{handle} has no second step.")
            for end in second_step.besides:
                end(member)
            get_adapter().send_mail("mfa/email/totp_deactivated", member.email, {})
        end_all_sessions(member)
        logger.warning("second_step_removed: member %s, from this machine", member.pk)
        self.stdout.write(f"{handle} signs in with the password alone until they set up a second step again.")

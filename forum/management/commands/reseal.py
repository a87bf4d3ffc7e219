"""Seals anew with the newest key, so that an older one can be taken away."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from forum import cards, connections, kept_contact, second_step_secrets
from forum.sealing import also_resealed


class Command(BaseCommand):
    help = "Seals with the first key of HARBOUR_SEAL_KEY whatever an older one sealed. Safe to run again and while people write."

    def handle(self, *args: Any, **options: Any) -> None:
        left = []
        own = {
            "Cards": cards.reseal,
            "Connections": connections.reseal,
            "Earlier contacts": kept_contact.reseal,
            "Second steps": second_step_secrets.reseal,
        }
        for name, reseal in {**own, **also_resealed}.items():
            done, closed = reseal()
            self.stdout.write(f"{name} sealed anew: {done}.")
            if closed:
                left.append(f"{name} that none of the keys opens: {closed}.")
        if left:
            raise CommandError(f"{' '.join(left)} Keep every key until this says none.")

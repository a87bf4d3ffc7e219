"""Gives the role that serves people its rights in PostgreSQL, and no more."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from realtime import grants


class Command(BaseCommand):
    help = (
        "Run as the owner of the tables, after each migrate. Where one role does both, it says so and changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "role", nargs="?", default=grants.SERVES, help=f"Who serves people. Default: {grants.SERVES}."
        )

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        try:
            grants.grant(connection, role)
        except grants.NotGranted as reason:
            self.stdout.write(f"Nothing was granted. {reason}")
            return
        kept = ", ".join(grants.only_added(connection))
        self.stdout.write(f"{role} may read and write rows, and only add to {kept}.")

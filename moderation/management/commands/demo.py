"""Fills an empty demo harbour once, moves its open cases' times to now, and prints who may sign in."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from forum.models import Member
from moderation.demo.appeals import fill_appeals, refresh_appeals
from moderation.demo.cases import fill_cases, put_on_duty, refresh_times
from moderation.demo.groups import fill_directory
from moderation.demo.notices import be_up, mark_posts, settle_notices
from moderation.demo.outside import fill_outside, refresh_outside
from moderation.demo.people import CAST, DOMAIN, PASSWORD, make_cast
from moderation.demo.rota import fill_rota
from moderation.demo.wall import fill_wall
from moderation.demo.ways import fill_ways


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="say nothing")

    def handle(self, *args: Any, quiet: bool, **options: Any) -> None:
        if settings.HARBOUR_ENV == "production":
            raise CommandError("Demo accounts have a password that everyone knows; they exist in the demo alone.")
        if not Member.objects.exists():
            fill()
        refresh_times()
        refresh_appeals()
        refresh_outside()
        be_up()
        if not quiet:
            self._print_sign_ins()

    def _print_sign_ins(self) -> None:
        self.stdout.write(f"\nSign in with one of these and the password {PASSWORD}\n")
        for handle, role in CAST.items():
            address = f"{handle}@{DOMAIN}"
            self.stdout.write(f"  {address:<24} {role.label}")
        self.stdout.write("")


@transaction.atomic
def fill() -> None:
    """All of it or none: a start that was interrupted begins again."""
    cast = make_cast()
    put_on_duty(cast)
    fill_rota(cast)
    fill_wall(cast)
    mark_posts(cast)
    settle_notices()
    fill_directory()
    fill_cases(cast)
    fill_appeals(cast)
    fill_ways(cast)
    fill_outside(cast)

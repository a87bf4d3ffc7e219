"""Makes the search index anew from the posts, or with --check says whether it is as it should be."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from forum import search_index


class Command(BaseCommand):
    help = "Make the search index anew, or check it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; end with an error when it is not whole"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not check:
            search_index.reindex()
        if faults := search_index.faults():
            raise CommandError("\n".join([*faults, "manage.py reindex makes the index anew."] if check else faults))
        self.stdout.write("The search index holds what can be found, and nothing else.")

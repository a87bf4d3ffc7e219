"""`manage.py clock`: the clock alone, for sites whose pages and sockets are served by something else."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from realtime import clock, watchdog


class Command(BaseCommand):
    help = "Runs what is due until it is told to stop. Any number may run at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--watchdog-url",
            default=settings.WATCHDOG_URL,
            help="fetched once a minute while the clock does its work; HARBOUR_WATCHDOG_URL in the environment",
        )

    def handle(self, *args: Any, watchdog_url: str, **options: Any) -> None:
        """Raises CommandError for a watchdog's address that nothing may be sent to."""
        watchdog.begin(watchdog_url)
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write("The clock runs. Ctrl-C stops it.")
        clock.run_until(stop)
        self.stdout.write("The clock has stopped.")

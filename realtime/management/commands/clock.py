"""`manage.py clock`: the clock alone, for sites whose pages and sockets are served by something else."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from realtime import clock


class Command(BaseCommand):
    help = "Runs what is due until it is told to stop. Any number may run at once."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write("The clock runs. Ctrl-C stops it.")
        clock.run_until(stop)
        self.stdout.write("The clock has stopped.")

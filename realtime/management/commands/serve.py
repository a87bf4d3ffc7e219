"""`manage.py serve`: pages, sockets and the clock in one process."""

from realtime.serving import with_daphne  # isort:skip  before anything imports a reactor

import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from realtime import clock, watchdog
from realtime.serving.addresses import refuse_wrong_address


class Command(BaseCommand):
    help = "Serves pages and sockets, with the clock beside them. Ctrl-C stops all of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.PORT, help="PORT in the environment, or 8000")
        parser.add_argument("--host", default=settings.HOST, help="HARBOUR_HOST in the environment, or 127.0.0.1")

    def handle(self, *args: Any, port: int, host: str, **options: Any) -> None:
        """Raises CommandError for a port that is taken, and in the demo for any address but this machine's own."""
        refuse_wrong_address(host, port)
        if settings.HARBOUR_ENV != "test":
            call_command("collectstatic", interactive=False, verbosity=0)
        watchdog.begin(settings.WATCHDOG_URL)
        stop = threading.Event()
        ticking = threading.Thread(target=clock.run_until, args=(stop,), name="clock")
        ticking.start()
        shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host
        words = f"Harbour is at http://{shown}:{port}  (Ctrl-C stops it)"
        try:
            with_daphne.run(host=host, port=port, ready=lambda: self.stdout.write(words))
        finally:
            stop.set()
            ticking.join(5)

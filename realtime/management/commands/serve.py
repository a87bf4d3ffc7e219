"""`manage.py serve`: pages, sockets and the clock in one process."""

# daphne installs Twisted's reactor on asyncio, which works only before anything else has imported a reactor.
from daphne.server import Server  # isort:skip

import asyncio
import ipaddress
import socket
import threading
from argparse import ArgumentParser
from typing import Any

from channels.routing import get_default_application
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from twisted.internet import defer

from realtime import bodies, clock, unpainted, watchdog
from realtime.hub import Hub
from realtime.wire import FRAME_MAX

FAREWELL = 0.5  # seconds for the last frames to leave


class Command(BaseCommand):
    help = "Serves pages and sockets, with the clock beside them. Ctrl-C stops all of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.PORT, help="PORT in the environment, or 8000")
        parser.add_argument("--host", default=settings.HOST, help="HARBOUR_HOST in the environment, or 127.0.0.1")

    def handle(self, *args: Any, port: int, host: str, **options: Any) -> None:
        """Raises CommandError for a port that is taken, and in the demo for any address but this machine's own."""
        if settings.HARBOUR_ENV == "demo" and not _is_this_machine(host):
            raise CommandError(
                f"The demo has sign-ins that everyone knows, so it is served to this machine alone, not on {host}. "
                "Leave HARBOUR_HOST empty, or set HARBOUR_ENV=production."
            )
        _refuse_a_taken_port(host, port)
        if settings.HARBOUR_ENV != "test":
            call_command("collectstatic", interactive=False, verbosity=0)
        watchdog.begin(settings.WATCHDOG_URL)
        stop = threading.Event()
        ticking = threading.Thread(target=clock.run_until, args=(stop,), name="clock")
        ticking.start()
        try:
            self._serve(host, port)
        finally:
            stop.set()
            ticking.join(5)

    def _serve(self, host: str, port: int) -> None:
        bodies.bound()
        unpainted.unpaint()
        shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host
        server = Server(
            application=get_default_application(),
            endpoints=[f"tcp:port={port}:interface={host.replace(':', chr(92) + ':')}"],
            websocket_max_message_size=FRAME_MAX,
            websocket_max_frame_size=FRAME_MAX,
            server_name="harbour",
            ready_callable=lambda: self.stdout.write(f"Harbour is at http://{shown}:{port}  (Ctrl-C stops it)"),
        )
        _reactor().addSystemEventTrigger("before", "shutdown", _say_goodbye)
        server.run()


def _say_goodbye() -> "defer.Deferred[None]":
    """Tell every socket that this is a restart and not a fault, and hold the shutdown until that has left."""

    async def farewell() -> None:
        hub = Hub.running()
        if hub is not None:
            await hub.close()
            await asyncio.sleep(FAREWELL)

    return defer.Deferred.fromFuture(asyncio.ensure_future(farewell()))


def _reactor() -> Any:
    """The one that daphne has installed."""
    from twisted.internet import reactor

    return reactor


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refuse_a_taken_port(host: str, port: int) -> None:
    """daphne would only log it, and go on with nothing to serve."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Nothing can listen on {host}:{port}: {error.strerror}. PORT chooses another port."
            ) from None

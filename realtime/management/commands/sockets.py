"""`manage.py sockets`: the wall's sockets alone, for sites whose pages and clocks are served by other processes."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from realtime.serving.addresses import refuse_wrong_address

SERVERS = ("daphne", "uvicorn")


class Command(BaseCommand):
    help = "Serves sockets at /ws/, and pages to whoever asks. SIGTERM says goodbye to everybody before it ends."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--server", choices=SERVERS, default=SERVERS[0], help="uvicorn comes with an extra")
        parser.add_argument("--host", default=settings.HOST, help="HARBOUR_HOST in the environment, or 127.0.0.1")
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--port", type=int, default=0)
        where.add_argument("--uds", default="", metavar="PATH", help="a socket in the file system instead of a port")

    def handle(self, *args: Any, server: str, host: str, port: int, uds: str, **options: Any) -> None:
        """Raises CommandError for a port that is taken, a server that is not installed, and an address the demo refuses."""
        if not uds:
            refuse_wrong_address(host, port)
        shown = uds or f"{host}:{port}"
        _runner(server)(
            host=host, port=port, path=uds, ready=lambda: self.stdout.write(f"Sockets are at {shown}, by {server}.")
        )


def _runner(server: str) -> Any:
    """Only the one that is wanted is imported: daphne brings a reactor, and uvicorn is an extra."""
    if server == "daphne":
        from realtime.serving import with_daphne

        return with_daphne.run
    try:
        from realtime.serving import with_uvicorn
    except ImportError:
        raise CommandError(
            "uvicorn is not installed: run “make .venv” in the directory of Harbour, which installs every extra"
        ) from None
    return with_uvicorn.run

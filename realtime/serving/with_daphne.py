"""daphne, with our limits and our farewell. Import it before anything else imports Twisted's reactor."""

# daphne installs Twisted's reactor on asyncio, which works only before anything else has imported a reactor.
from daphne.server import Server  # isort:skip

import asyncio
from collections.abc import Callable
from typing import Any

from channels.routing import get_default_application
from daphne.http_protocol import WebRequest
from twisted.internet import defer, tcp

from realtime import bodies, unpainted
from realtime.serving.ending import say_goodbye
from realtime.wire import FRAME_MAX

BACKLOG = 2048  # handshakes that may wait: after a restart everybody comes back within seconds
ANSWERING = 5.0  # seconds for pages that were asked for before the end


class Daphne(Server):
    """One that takes in nobody new once it is told to stop, says goodbye, and finishes the pages it has begun."""

    def kill_all_applications(self) -> Any:
        """daphne's own last step, which Twisted waits for."""
        for reader in _reactor().getReaders():
            if isinstance(reader, tcp.Port):  # those on a path in the file system are ones too
                reader.stopListening()
        ended = defer.Deferred.fromFuture(asyncio.ensure_future(self._end()))
        return ended.addCallback(lambda _none: super(Daphne, self).kill_all_applications())

    async def _end(self) -> None:
        await say_goodbye()
        pages = [
            about["application_instance"]
            for protocol, about in self.connections.items()
            if isinstance(protocol, WebRequest) and "application_instance" in about
        ]
        if pages:
            await asyncio.wait(pages, timeout=ANSWERING)


def run(*, host: str = "", port: int = 0, path: str = "", ready: Callable[[], None]) -> None:
    """Serve pages and sockets on host and port, or on a path in the file system, until SIGTERM or SIGINT."""
    bodies.bound()
    unpainted.unpaint()
    where = f"unix:{_escaped(path)}" if path else f"tcp:port={port}:interface={_escaped(host)}"
    Daphne(
        application=get_default_application(),
        endpoints=[f"{where}:backlog={BACKLOG}"],
        websocket_max_message_size=FRAME_MAX,
        websocket_max_frame_size=FRAME_MAX,
        server_name="harbour",
        ready_callable=ready,
    ).run()


def _escaped(text: str) -> str:
    return text.replace(":", r"\:")


def _reactor() -> Any:
    """The one that daphne has installed."""
    from twisted.internet import reactor

    return reactor

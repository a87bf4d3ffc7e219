"""uvicorn, with our limits and our farewell. It comes with the extra `uvicorn`."""

import signal
from collections.abc import Callable
from socket import socket

import uvicorn
from channels.routing import get_default_application

from realtime.serving.ending import say_goodbye
from realtime.wire import FRAME_MAX

ANSWERING = 5  # seconds for pages that were asked for before the end


class Uvicorn(uvicorn.Server):
    """One that says goodbye before it closes: uvicorn's own closing tells browsers nothing of when to come back."""

    ready: Callable[[], None]

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready()

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        for server in self.servers:
            server.close()  # nobody new comes in any more
        await say_goodbye()
        await super().shutdown(sockets)


def run(*, host: str = "", port: int = 0, path: str = "", ready: Callable[[], None]) -> None:
    """Serve pages and sockets on host and port, or on a path in the file system, until SIGTERM or SIGINT."""
    config = uvicorn.Config(
        get_default_application(),
        host=host,
        port=port,
        uds=path or None,
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,  # realtime/peers.py reads them, by the number of proxies that are ours
        server_header=False,
        ws_max_size=FRAME_MAX,
        ws_ping_interval=20,
        ws_ping_timeout=30,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=ANSWERING,
    )
    server = Uvicorn(config)
    server.ready = ready
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)  # uvicorn raises again what it heard, once it has ended
    server.run()

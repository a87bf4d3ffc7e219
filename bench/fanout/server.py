"""One of those that are measured, in a process of its own: `python -m bench.fanout.server <which> <port>`."""

import asyncio
import contextlib
import importlib
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from bench.fanout import children, sides
from bench.fanout.tokens import MARK
from bench.fanout.tokens import words as words_for


class Watch:
    """Around an ASGI application: finds its loop, and when its first socket is written to. The first to join is served first."""

    def __init__(self, application: Any) -> None:
        self._application = application
        self._has_first = False
        self.loop: asyncio.AbstractEventLoop | None = None
        self.first_write = 0.0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket" and not self._has_first:
            self._has_first = True
            self.loop = asyncio.get_running_loop()
            await self._application(scope, receive, self._watched(send))
        else:
            await self._application(scope, receive, send)

    def _watched(self, send: Callable[[Any], Any]) -> Callable[[Any], Any]:
        async def watched(message: Any) -> None:
            if MARK.decode() in (message.get("text") or ""):
                self.first_write = time.monotonic()
            await send(message)

        return watched


def on_uvicorn(application: Any, port: int) -> None:
    import uvicorn

    uvicorn.run(application, host="127.0.0.1", port=port, lifespan="off", log_level="error", backlog=4096)


def on_daphne(application: Any, port: int) -> None:
    from daphne.server import Server

    from realtime import unpainted

    unpainted.unpaint()
    Server(application=application, endpoints=[f"tcp:port={port}:interface=127.0.0.1:backlog=4096"]).run()


class Conversation:
    """What the benchmark may ask of this process."""

    def __init__(self, side: Any, watch: Any) -> None:
        self._side = side
        self._watch = watch
        self._profile: Any = None

    def say(self, token: str, size: int) -> float:
        """Tell everyone a message; returns when it was accepted: from then on it is on its way."""
        accepted: float = self._side.say(words_for(token, size), self._watch)
        return accepted

    def first_write(self) -> float:
        return float(self._watch.first_write)

    def queries(self) -> list[int]:
        """How many statements this process has sent to its database, and how many of them for events and posts."""
        return [self._side.queries, self._side.looked_up]

    def position(self) -> int:
        """Where the wall's log is."""
        return int(self._side.position())

    def profile(self) -> str:
        """The first time: begin to note where the loop spends its time; the second: what was noted."""
        import cProfile
        import io
        import pstats

        done = threading.Event()
        starting = self._profile is None
        if starting:
            self._profile = cProfile.Profile()
        self._watch.loop.call_soon_threadsafe(
            lambda: (self._profile.enable() if starting else self._profile.disable(), done.set())
        )
        done.wait(10)
        if starting:
            return ""
        text = io.StringIO()
        pstats.Stats(self._profile, stream=text).sort_stats("tottime").print_stats(25)
        self._profile = None
        return text.getvalue()


def main() -> None:
    children.pin()
    which, port = sys.argv[1], int(sys.argv[2])
    if which.endswith("daphne"):
        importlib.import_module("daphne.server")  # before anything else brings a reactor
    side = sides.SIDES[which.rpartition("-")[0] or which]()
    if isinstance(side, sides.Bare):
        watch: Any = side
        run: Callable[[], None] = lambda: asyncio.run(side.serve(port))  # noqa: E731
    else:
        watch = Watch(side.application())
        run = lambda: (on_daphne if which.endswith("daphne") else on_uvicorn)(watch, port)  # noqa: E731
    talk = Conversation(side, watch)
    asked = ("say", "first_write", "queries", "position", "profile")
    handlers = {name: getattr(talk, name) for name in asked}
    threading.Thread(target=children.serve, args=(handlers,), daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):
        run()


if __name__ == "__main__":
    main()

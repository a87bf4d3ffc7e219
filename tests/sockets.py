"""Ears: a plain client for the wire, without a network, in a loop and thread of its own."""

import asyncio
import contextlib
import json
import queue
import threading
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any
from urllib.parse import quote

from realtime import log

Frame = dict[str, Any]
PATIENCE = 10.0  # seconds a test waits for a frame that should come


class Ears:
    """Runs an ASGI application (the project's unless told otherwise) in a loop of its own, as daphne would."""

    def __init__(self, application: Any = None) -> None:
        if application is None:
            from config.asgi import application
        self.application = application
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="ears", daemon=True)
        self._thread.start()
        self._sockets: list[LocalSocket] = []

    def open(self, query: str = "", headers: Mapping[str, str] | None = None, path: str = "/ws/") -> "LocalSocket":
        socket = LocalSocket(self, path, query, headers or {})
        self._sockets.append(socket)
        return socket

    def call(self, function: Callable[[], Any]) -> Any:
        """Call a plain function inside the loop and return what it returns."""

        async def call() -> Any:
            return function()

        return asyncio.run_coroutine_threadsafe(call(), self.loop).result(PATIENCE)

    def close(self) -> None:
        for socket in self._sockets:
            socket.close()
        asyncio.run_coroutine_threadsafe(self._close_hub(), self.loop).result(PATIENCE)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(PATIENCE)
        self.loop.close()

    async def _close_hub(self) -> None:
        from realtime.hub import Hub

        await Hub.get().close()


class LocalSocket:
    """One socket. `accepted` tells whether the handshake was; `code` is the close code once it is closed.

    `reading = False` makes it a socket whose owner does not read: `send` then never returns to the server.
    """

    def __init__(self, ears: Ears, path: str, query: str, headers: Mapping[str, str]) -> None:
        self._ears = ears
        self._incoming: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
        self._to_application: asyncio.Queue[Frame] = asyncio.Queue()
        self._decided = threading.Event()
        self._closed = threading.Event()
        self.accepted = False
        self.reading = True
        self.code: int | None = None
        scope = {
            "type": "websocket",
            "asgi": {"version": "3.0"},
            "path": path,
            "raw_path": quote(path).encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "client": ["127.0.0.1", 50000],
            "server": ["127.0.0.1", 8000],
            "subprotocols": [],
        }
        self._put({"type": "websocket.connect"})
        self._running = asyncio.run_coroutine_threadsafe(self._run(scope), ears.loop)
        assert self._decided.wait(PATIENCE), "the handshake was neither accepted nor refused"

    def __enter__(self) -> "LocalSocket":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, frame: Any) -> None:
        """A frame as JSON text; a str is sent as it is, bytes as a binary frame."""
        if isinstance(frame, bytes):
            self._put({"type": "websocket.receive", "bytes": frame})
        else:
            text = frame if isinstance(frame, str) else json.dumps(frame)
            self._put({"type": "websocket.receive", "text": text})

    def receive(self, patience: float = PATIENCE) -> Frame:
        """The next frame. Raises AssertionError when none comes or the socket closes."""
        try:
            frame = self._incoming.get(timeout=patience)
        except queue.Empty:
            raise AssertionError(f"no frame within {patience} s") from None
        assert frame is not None, f"closed with {self.code}"
        return frame

    def until(self, type_: str, patience: float = PATIENCE) -> Frame:
        """The next frame of this type; those before it are dropped."""
        frame = self.receive(patience)
        while frame["type"] != type_:
            frame = self.receive(patience)
        return frame

    def event(self, patience: float = PATIENCE) -> Frame:
        return self.until("event", patience)

    def events_until_now(self) -> list[Frame]:
        """Every event up to where the log is now, for the streams this socket hears."""
        heard: list[Frame] = []
        names = self._gather(heard, lambda at: True)
        goal = log.positions(names)
        self._gather(heard, lambda at: all(at.get(name, number) >= number for name, number in goal.items()))
        return heard

    def nothing_more(self) -> bool:
        return self._incoming.empty()

    def wait_closed(self, patience: float = PATIENCE) -> int | None:
        """Wait for the server to close, and return the code."""
        assert self._closed.wait(patience), f"still open after {patience} s"
        return self.code

    def close(self) -> None:
        if not self._running.done():
            self._put({"type": "websocket.disconnect", "code": 1001})
            self._running.result(PATIENCE)

    def _gather(self, heard: list[Frame], enough: Callable[[dict[str, int]], bool]) -> dict[str, int]:
        """Ask for heartbeats until one says enough; the events before it go into `heard`."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self._ears.call(_hub().beat)
            with contextlib.suppress(queue.Empty):
                while (frame := self._incoming.get(timeout=0.1)) is None or frame["type"] != "at":
                    assert frame is not None, f"closed with {self.code}"
                    if frame["type"] == "event":
                        heard.append(frame)
                if enough(frame["at"]):
                    at: dict[str, int] = frame["at"]
                    return at
        raise AssertionError(f"the hub did not get there within {PATIENCE} s; heard {heard}")

    def _put(self, message: Frame) -> None:
        self._ears.loop.call_soon_threadsafe(self._to_application.put_nowait, message)

    async def _run(self, scope: Frame) -> None:
        try:
            await self._ears.application(scope, self._to_application.get, self._from_application)
        finally:
            self._decided.set()
            self._closed.set()
            self._incoming.put(None)

    async def _from_application(self, message: Frame) -> None:
        if message["type"] == "websocket.accept":
            self.accepted = True
            self._decided.set()
        elif message["type"] == "websocket.close":
            self.code = message.get("code", 1000)
            self._decided.set()
            self._closed.set()
            self._to_application.put_nowait({"type": "websocket.disconnect", "code": self.code})
        elif self.reading:
            self._incoming.put(json.loads(message["text"]))
        else:
            await asyncio.Event().wait()


def _hub() -> Any:
    from realtime.hub import Hub

    return Hub.running()

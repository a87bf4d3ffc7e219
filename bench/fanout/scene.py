"""A server and its readers: started together, asked together, stopped together."""

import socket
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bench.fanout import tokens, world
from bench.fanout.children import Child
from bench.fanout.sides import AROUND

SERVER_CORE, LOAD_CORE = 0, 1
WORDS = 200  # bytes of a post of Harbour's
WORDS_MIN = 40  # bytes; a token takes fewer
_numbers = count(1)

GREETINGS = {"harbour": '"type":"hello"', "socketio": '40{"sid"'}
PATHS = {
    "harbour": "/ws/",
    "group": "/ws/chat/lobby/",
    "socketio": "/socket.io/?EIO=4&transport=websocket",
    "bare": "/",
}


@dataclass(frozen=True)
class Telling:
    """One message on its way, in seconds by CLOCK_MONOTONIC: accepted, first written to a socket, read by each."""

    token: str
    accepted: float
    first_write: float
    reads: Sequence[float]
    size: int

    @property
    def spread(self) -> float:
        return max(self.reads) - self.first_write

    @property
    def whole(self) -> float:
        return max(self.reads) - self.accepted


@dataclass
class Scene:
    """`name` is a side and a server, such as harbour-uvicorn. Use as a context."""

    name: str
    environment: dict[str, str] = field(default_factory=dict)
    server_core: int | None = SERVER_CORE
    load_core: int | None = LOAD_CORE
    sockets: int = 0

    def __enter__(self) -> "Scene":
        self._port = _free_port()
        self.server = Child("bench.fanout.server", self.name, self._port, core=self.server_core, **self.environment)
        self.load = Child("bench.fanout.load", core=self.load_core)
        _wait_for(self._port, self.server)
        return self

    def __exit__(self, *_error: object) -> None:
        self.load.stop()
        self.server.stop()

    @property
    def side(self) -> str:
        return self.name.partition("-")[0]

    def join(self, sockets: int, cookies: Sequence[str] = (), query: str = "") -> None:
        """Open so many sockets and wait until all are in. Raises RuntimeError when some are not."""
        headers = [[f"Origin: {world.ORIGIN}", f"Cookie: {cookie}"] for cookie in cookies] or [[]] * sockets
        path = PATHS[self.side] + query
        joined = self.load.ask(
            "join",
            port=self._port,
            greeting=GREETINGS.get(self.side, ""),
            sockets=[(path, headers[number]) for number in range(sockets)],
        )
        self.sockets += sockets
        if joined < self.sockets:
            raise RuntimeError(f"{self.name}: {joined} of {self.sockets} sockets joined")

    def leave(self) -> None:
        self.load.ask("leave")
        self.sockets = 0

    def tell(self, size: int = 0, patience: float = 60.0) -> Telling:
        """Say one message and wait until every socket has read it. `size`: of the frame, for all sides but Harbour.

        Raises RuntimeError when some sockets have not read it.
        """
        words = WORDS if self.side == "harbour" else max(size - AROUND[self.side], WORDS_MIN)
        token = tokens.token(next(_numbers))
        accepted = self.server.ask("say", token=token, size=words)
        found = self._read_by_all(token, patience)
        return Telling(token, accepted, self.server.ask("first_write"), found["times"], found["bytes"])

    def hear(self, telling: Telling) -> None:
        """Wait for what was said at another scene of the same database."""
        self._read_by_all(telling.token, 60.0)

    def say_to_nobody(self) -> str:
        """A post while no socket is open. Returns its token."""
        token = tokens.token(next(_numbers))
        self.server.ask("say", token=token, size=WORDS)
        return token

    def _read_by_all(self, token: str, patience: float) -> Any:
        found = self.load.ask("await", token=token, count=self.sockets, patience=patience)
        if len(found["times"]) < self.sockets:
            raise RuntimeError(f"{self.name}: {len(found['times'])} of {self.sockets} sockets heard it in {patience} s")
        return found


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], hundredths: int) -> float:
    """The value that so many of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * hundredths // 100)]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, server: Child) -> None:
    import time

    for _try in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    server.stop()
    raise RuntimeError(f"nothing answers on port {port}")

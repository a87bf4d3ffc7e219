"""A TCP proxy between clients and the site: it passes bytes on, late, or not at all."""

import asyncio
import contextlib

from tests.harbour import free_port

Ends = tuple[asyncio.StreamWriter, asyncio.StreamWriter]


class Proxy:
    """`async with Proxy(port)`: connections to `proxy.port` reach `port`, while the line is up."""

    def __init__(self, to: int) -> None:
        self.to, self.port = to, free_port()
        self.up = True
        self.delay = 0.0  # seconds that every piece is late
        self.deaf = (
            False  # what comes from the site is swallowed, and nothing is said to it: the line is dead and stays open
        )
        self.ended_by_site = asyncio.Event()  # a connection, while the line was dead
        self._open: set[Ends] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> "Proxy":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, backlog=2048)
        return self

    async def __aexit__(self, *what: object) -> None:
        assert self._server is not None
        self._server.close()
        self.drop()

    def drop(self) -> int:
        """Resets every connection, as a tunnel does that a train goes into. Returns how many there were."""
        dropped, self._open = self._open, set()
        for ends in dropped:
            for end in ends:
                end.transport.abort()
        return len(dropped)

    async def cut(self, seconds: float) -> None:
        """Every connection is dropped and none can be made for so long."""
        self.up = False
        self.drop()
        await asyncio.sleep(seconds)
        self.up = True

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.up:
            writer.transport.abort()
            return
        try:
            theirs, ours = await asyncio.open_connection("127.0.0.1", self.to)
        except OSError:
            writer.transport.abort()
            return
        ends = writer, ours
        self._open.add(ends)
        try:
            await asyncio.gather(self._pass(reader, ours, from_site=False), self._pass(theirs, writer, from_site=True))
        finally:
            self._open.discard(ends)
            for end in ends:
                end.transport.abort()

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, from_site: bool) -> None:
        with contextlib.suppress(OSError):
            while piece := await source.read(65536):
                if self.deaf:
                    continue
                if self.delay:
                    await asyncio.sleep(self.delay)
                sink.write(piece)
                await sink.drain()
        if from_site and self.deaf:
            self.ended_by_site.set()
        sink.transport.abort()

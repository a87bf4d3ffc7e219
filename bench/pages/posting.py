"""How long somebody waits for the word that their post is stored, over the socket of one process on SQLite: `manage.py serve`.

In a process of its own: `python -m bench.pages.posting PORT READERS RATE POSTS`, with cookies, one a line, on its standard input.
Without a RATE each post is sent once everyone has heard of the one before. Prints the median and the 99th of a hundred in milliseconds.
"""

import asyncio
import contextlib
import itertools
import json
import statistics
import sys
import time
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import connect
from websockets.typing import Origin

from bench.pages.load import HOST

WRITERS = 10
WORDS = "It has been a long week and I did not think that I would write here tonight. Thank you for reading this."


class Reader:
    """A socket that reads, and says so as a browser does: at each heartbeat and after twenty events."""

    def __init__(self, line: Any) -> None:
        self._line = line
        self._at: dict[str, int] = {}
        self._unread = 0
        self.reading = asyncio.create_task(self._read())

    def heard(self, said: dict[str, Any]) -> None:
        """For those who wait for something."""

    async def _read(self) -> None:
        async for frame in self._line:
            said = json.loads(frame)
            if said["type"] in ("hello", "at"):
                self._at.update(said["at"])
            elif said["type"] == "event":
                self._at[said["stream"]] = said["seq"]
                self._unread += 1
            if said["type"] == "at" or self._unread == 20:
                self._unread = 0
                await self._line.send(json.dumps({"type": "ack", "at": self._at}))
            self.heard(said)


class Writer(Reader):
    """One that posts, and hears when each post was stored."""

    def __init__(self, line: Any) -> None:
        super().__init__(line)
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self.news = asyncio.Event()

    async def share(self) -> float:
        """Milliseconds until the ack. Raises RuntimeError when the post is refused."""
        key, began = str(uuid4()), time.perf_counter()
        self._waiting[key] = asyncio.get_running_loop().create_future()
        frame = {"type": "post", "key": key, "body": WORDS, "intent": "support"}
        await self._line.send(json.dumps(frame))
        await self._waiting[key]
        del self._waiting[key]
        return 1000 * (time.perf_counter() - began)

    def heard(self, said: dict[str, Any]) -> None:
        if said["type"] == "event":
            self.news.set()
        waiting = self._waiting.get(said.get("key", ""))
        if waiting and said["type"] == "ack":
            waiting.set_result(None)
        elif waiting:
            waiting.set_exception(RuntimeError(str(said)))


async def measure(port: int, readers: int, rate: float, posts: int, cookies: Sequence[str]) -> dict[str, float]:
    async with contextlib.AsyncExitStack() as stack:
        people = itertools.islice(itertools.cycle(cookies), readers + WRITERS)
        lines = [await stack.enter_async_context(_socket(port, cookie)) for cookie in people]
        writers = [Writer(line) for line in lines[:WRITERS]]
        others = [Reader(line) for line in lines[WRITERS:]]
        await asyncio.gather(*(writer.share() for writer in writers))
        times = await (_at_rate(writers, rate, posts) if rate else _one_by_one(writers, posts))
        for each in (*writers, *others):
            each.reading.cancel()
    ordered = sorted(times)
    return {"p50": statistics.median(ordered), "p99": ordered[int(0.99 * (len(ordered) - 1))]}


async def _one_by_one(writers: Sequence[Writer], posts: int) -> list[float]:
    times = []
    for number in range(posts):
        for writer in writers:
            writer.news.clear()
        times.append(await writers[number % len(writers)].share())
        await asyncio.gather(*(writer.news.wait() for writer in writers))
    return times


async def _at_rate(writers: Sequence[Writer], rate: float, posts: int) -> list[float]:
    sent, began = [], time.perf_counter()
    for number in range(posts):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        sent.append(asyncio.create_task(writers[number % len(writers)].share()))
    return list(await asyncio.gather(*sent))


def _socket(port: int, cookie: str) -> Any:
    return connect(
        f"ws://{HOST}:{port}/ws/",
        host="127.0.0.1",
        port=port,
        origin=Origin(f"https://{HOST}"),
        additional_headers={"Cookie": cookie},
        max_size=None,
        ping_interval=None,
    )


def main() -> None:
    port, readers, rate, posts = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
    print(json.dumps(asyncio.run(measure(port, readers, rate, posts, sys.stdin.read().split("\n")))))


if __name__ == "__main__":
    main()

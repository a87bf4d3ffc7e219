"""Asks one address over and over, in a process of its own: `python -m bench.pages.load PORT SECONDS AT_ONCE` with cookies,
one a line, on its standard input. Prints requests a second, the median and the 99th of a hundred in milliseconds, and bytes.
"""

import asyncio
import itertools
import json
import statistics
import sys
import time
from collections.abc import Iterator

HOST = "bench.test"


class Asker:
    """One browser after another on one line, which it opens anew where the server closes it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, cookie: str) -> int:
        """The length of the page. Raises ValueError for anything but 200."""
        if self._line is None:
            self._line = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20)
        reader, writer = self._line
        writer.write(f"GET / HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\nCookie: {cookie}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        if " 200 " not in head.split("\r\n", 1)[0]:
            raise ValueError(head)
        headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        body = await reader.readexactly(int(headers["content-length"]))
        if headers.get("connection") == "close":
            writer.close()
            self._line = None
        return len(body)


async def measure(port: int, seconds: float, at_once: int, cookies: list[str]) -> dict[str, float]:
    turn, times, sizes = itertools.cycle(cookies), list[float](), set[int]()
    until = time.perf_counter() + seconds
    await asyncio.gather(*(_keep_asking(Asker(port), turn, until, times, sizes) for _ in range(at_once)))
    ordered = sorted(times)
    return {
        "a_second": len(times) / seconds,
        "p50": 1000 * statistics.median(ordered),
        "p99": 1000 * ordered[int(0.99 * (len(ordered) - 1))],
        "bytes": max(sizes),
    }


async def _keep_asking(asker: Asker, turn: Iterator[str], until: float, times: list[float], sizes: set[int]) -> None:
    while (began := time.perf_counter()) < until:
        sizes.add(await asker.ask(next(turn)))
        times.append(time.perf_counter() - began)


def main() -> None:
    port, seconds, at_once = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    print(json.dumps(asyncio.run(measure(port, seconds, at_once, sys.stdin.read().split("\n")))))


if __name__ == "__main__":
    main()

"""The readers: many sockets in one process that does as little for each of them as can be. Run by the benchmark.

A plain loop over epoll, because a client library would be the slower half of what is measured. When a frame was read is
CLOCK_MONOTONIC, which is one for all processes of a machine.
"""

import itertools
import json
import select
import socket
import struct
import sys
import time
from collections import defaultdict, deque
from collections.abc import Sequence

from bench.fanout import children
from bench.fanout.tokens import MARK, token_in

AT_ONCE = 60  # handshakes on their way
ACK_EVERY = 20  # events, as wall-stream.js does
SOURCES = 4  # addresses of this machine the sockets come from, so that ports do not run out


class Reader:
    """One socket: what has come of a frame so far, and what its server expects of a client."""

    __slots__ = ("buffer", "events", "is_open", "socket", "upgraded")

    def __init__(self, port: int, path: str, headers: Sequence[str], source: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(source, 0))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            *headers,
        ]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        self.socket.setblocking(False)
        self.buffer = b""
        self.upgraded = self.is_open = False
        self.events = 0

    def frames(self, data: bytes) -> list[tuple[int, bytes]]:
        """The whole frames that these bytes complete: opcode and payload."""
        if self.buffer:
            data = self.buffer + data
        found, at = [], 0
        if not self.upgraded:
            at = data.find(b"\r\n\r\n") + 4
            if at < 4:
                self.buffer = data
                return []
            if b" 101 " not in data[:20]:
                raise OSError(f"refused: {data[:200]!r}")
            self.upgraded = True
        while len(data) - at >= 2:
            size, start = data[at + 1], at + 2
            if size == 126:
                size, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif size == 127:
                size, start = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            if len(data) < start + size or start > len(data):
                break
            found.append((data[at] & 15, data[start : start + size]))
            at = start + size
        self.buffer = data[at:]
        return found

    def send(self, payload: bytes, opcode: int = 1) -> None:
        """With a mask of zeros, which every server takes."""
        size = bytes([128 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack("!H", len(payload))
        self.socket.sendall(bytes([128 | opcode]) + size + bytes(4) + payload)


class Crowd:
    """All the sockets of one server."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._epoll.register(sys.stdin.fileno(), select.EPOLLIN)
        self._readers: dict[int, Reader] = {}
        self._greeting = ""
        self._to_join: deque[tuple[int, str, list[str]]] = deque()
        self._joining = 0
        self._joined = 0
        self._times: dict[str, list[float]] = defaultdict(list)
        self._bytes = 0
        self._waiting: tuple[str, int, float] | None = None
        self._sources = itertools.cycle([f"127.0.0.{2 + number}" for number in range(SOURCES)])

    def run(self) -> None:
        stdin = sys.stdin.fileno()
        while True:
            for number, _event in self._epoll.poll(0.1):
                if number != stdin:
                    self._hear(self._readers[number])
                elif not self._obey():
                    return
            self._join_more()
            self._look_up()

    def _obey(self) -> bool:
        line = sys.stdin.readline()  # one question at a time, so nothing stays in the buffer
        if not line:
            return False
        question = json.loads(line)
        getattr(self, f"_do_{question.pop('do')}")(**question)
        return True

    def _do_join(self, port: int, greeting: str, sockets: list[tuple[str, list[str]]]) -> None:
        """Answers with how many have joined, when all have: each has read a frame that holds `greeting`."""
        self._greeting = greeting
        self._to_join.extend((port, path, headers) for path, headers in sockets)
        self._waiting = "", self._joined + len(sockets), time.monotonic() + 60 + len(sockets) / 20

    def _do_await(self, token: str, count: int, patience: float) -> None:
        """Answers with when each of so many frames with this token was read, or those that were when patience is over."""
        self._waiting = token, count, time.monotonic() + patience

    def _do_leave(self) -> None:
        for reader in self._readers.values():
            self._epoll.unregister(reader.socket)
            reader.socket.close()
        self._readers.clear()
        self._joined = 0
        self._times.clear()
        children.answer(True)

    def _join_more(self) -> None:
        while self._to_join and self._joining < AT_ONCE:
            port, path, headers = self._to_join.popleft()
            reader = Reader(port, path, headers, next(self._sources))
            self._readers[reader.socket.fileno()] = reader
            self._epoll.register(reader.socket, select.EPOLLIN)
            self._joining += 1

    def _look_up(self) -> None:
        if self._waiting is None:
            return
        token, count, until = self._waiting
        times = self._times.get(token, [])
        have = len(times) if token else self._joined
        if have >= count or time.monotonic() > until:
            self._waiting = None
            children.answer({"times": times, "bytes": self._bytes} if token else have)

    def _hear(self, reader: Reader) -> None:
        try:
            data = reader.socket.recv(262_144)
        except BlockingIOError:
            return
        now = time.monotonic()
        if not data:
            self._epoll.unregister(reader.socket)
            reader.socket.close()
            return
        for opcode, payload in reader.frames(data):
            if opcode == 1:
                self._take(reader, payload, now)
            elif opcode == 9:
                reader.send(payload, 10)
        if reader.upgraded and not self._greeting:
            self._let_in(reader)

    def _take(self, reader: Reader, payload: bytes, now: float) -> None:
        if MARK in payload:
            self._times[token_in(payload)].append(now)
            self._bytes = len(payload)
            reader.events += 1
            if reader.events % ACK_EVERY == 0 and payload.startswith(b'{"type":"event"'):
                event = json.loads(payload)
                reader.send(json.dumps({"type": "ack", "at": {event["stream"]: event["seq"]}}).encode())
        elif payload.startswith(b'{"type":"at"'):
            reader.send(payload.replace(b'"type":"at"', b'"type":"ack"', 1))
        elif payload.startswith(b"0{"):
            reader.send(b"40")  # Engine.IO is open: join Socket.IO's namespace
        elif payload == b"2":
            reader.send(b"3")  # Engine.IO's own ping
        if self._greeting and self._greeting.encode() in payload:
            self._let_in(reader)

    def _let_in(self, reader: Reader) -> None:
        if not reader.is_open:
            reader.is_open = True
            self._joining -= 1
            self._joined += 1


def main() -> None:
    children.pin()
    Crowd().run()


if __name__ == "__main__":
    main()

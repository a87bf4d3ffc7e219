"""One socket's outgoing side: frames in order, never waiting for a slow reader, and a bound on what one may owe."""

import asyncio
import contextlib
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from realtime import eager
from realtime.wire import Bye, bye_message

Message = Mapping[str, Any]
Send = Callable[[Any], Awaitable[None]]

UNREAD_MAX = 200  # events; servers buffer without bound what a socket does not read


class Likeness:
    """One for all seats whose viewers get the same sight of what does not name them; see realtime/telling.py."""

    __slots__ = ("__weakref__", "language")

    def __init__(self, language: str) -> None:
        self.language = language


NOBODY = Likeness("")


class Seat:
    """Who sits here, what they hear, and what they have not acknowledged yet. Lives in the event loop alone."""

    __slots__ = (
        "__weakref__",
        "_allowance",
        "_held",
        "_out",
        "_owed",
        "_send",
        "_unanswered_since",
        "_unread",
        "_unread_count",
        "_waiting",
        "beat_at",
        "closed",
        "likeness",
        "session_key",
        "streams",
        "viewer",
    )

    def __init__(self, send: Send, session_key: str) -> None:
        self.session_key = session_key
        self.viewer: Any = None
        self.likeness = NOBODY
        self.streams: frozenset[str] = frozenset()
        self.closed = False
        self.beat_at = time.monotonic()  # the last heartbeat, or else when this seat was taken
        self._send = send
        self._out: deque[tuple[Message, str, int]] = deque()  # message, stream and number ("", 0 for what is no event)
        self._held: list[tuple[Message, str, int]] | None = []  # what arrives before and while the replay is sent
        self._unread: dict[str, deque[int]] = defaultdict(deque)
        self._unread_count = 0  # sent, and not acknowledged
        self._owed = 0  # these, and what is still to be sent
        self._allowance = 0  # a replay may be longer than UNREAD_MAX; it is sent in windows of that size
        self._waiting: asyncio.Task[None] | None = None  # for the server to take a frame
        self._unanswered_since: float | None = None

    @property
    def owed(self) -> int:
        """Events that its browser has not acknowledged, those still to be sent among them."""
        return self._owed

    def put(self, message: Message) -> None:
        """Send a frame that is no event: hello, heartbeat, ack, refused, reset."""
        self._enqueue(message, "", 0)

    def put_event(self, stream: str, seq: int, message: Message) -> None:
        """Send a live event, behind the replay if that is still going on. Too many unread ones close the socket."""
        if self.closed:
            return
        self._owed += 1
        if self._held is not None:
            self._held.append((message, stream, seq))
        else:
            self._enqueue(message, stream, seq)
        if self._owed > UNREAD_MAX + self._allowance:
            self.bye(Bye.TOO_SLOW)

    def put_replay(self, stream: str, seq: int, message: Message) -> None:
        self._allowance += 1
        self._owed += 1
        self._enqueue(message, stream, seq)

    def end_replay(self) -> None:
        """From now on events go out as they come; first those that came meanwhile."""
        held, self._held = self._held or [], None
        for message, stream, seq in held:
            self._enqueue(message, stream, seq)

    def heartbeat(self, message: Message) -> None:
        """A frame that asks for an `ack`; see `is_stale`."""
        self.beat_at = time.monotonic()
        if self._held is None:
            self.put(message)
            self._unanswered_since = self._unanswered_since or self.beat_at

    def read(self, at: Mapping[str, int]) -> None:
        """The browser acknowledged: it has read each stream up to these numbers."""
        self._unanswered_since = None
        for stream, number in at.items():
            unread = self._unread.get(stream)
            while unread and unread[0] <= number:
                unread.popleft()
                self._unread_count -= 1
                self._owed -= 1
        self._allowance = min(self._allowance, self._owed)
        self._write()

    def is_stale(self, patience: float) -> bool:
        """Whether a heartbeat has stood unanswered for `patience` seconds."""
        since = self._unanswered_since
        return since is not None and time.monotonic() - since >= patience

    def bye(self, code: Bye, retry_after: float | None = None) -> None:
        """Say why, and close. What was still to be sent is dropped: the browser asks for it when it is back."""
        if self.closed:
            return
        self.closed = True
        self._out.clear()
        self._held = None
        _keep(asyncio.create_task(self._close(bye_message(code, retry_after), code)))

    def leave(self) -> None:
        """The socket is gone."""
        self.closed = True
        self._out.clear()
        if self._waiting:
            self._waiting.cancel()

    def _enqueue(self, message: Message, stream: str, seq: int) -> None:
        if not self.closed:
            self._out.append((message, stream, seq))
            self._write()

    def _write(self) -> None:
        """Hand the server what it takes at once, in order. While it makes one frame wait, the others wait behind it."""
        while self._out and self._waiting is None:
            message, stream, seq = self._out[0]
            if stream:
                if self._unread_count >= UNREAD_MAX:
                    return  # goes on with the next ack
                self._unread[stream].append(seq)
                self._unread_count += 1
            self._out.popleft()
            try:
                rest = eager.begin(self._send(message))
            except Exception:
                self._lose()
                return
            if rest is not None:
                self._waiting = asyncio.create_task(self._finish(rest))

    async def _finish(self, rest: Awaitable[None]) -> None:
        try:
            await rest
        except Exception:
            self._lose()
        self._waiting = None
        self._write()

    def _lose(self) -> None:
        """The server tells the consumer in its own way that the socket is gone."""
        self.closed = True
        self._out.clear()

    async def _close(self, farewell: Message, code: Bye) -> None:
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self._send(farewell), 2)
            await asyncio.wait_for(self._send({"type": "websocket.close", "code": int(code)}), 2)


_closing: set[asyncio.Task[None]] = set()


def _keep(task: asyncio.Task[None]) -> None:
    """The loop holds tasks weakly; a farewell must not be collected half-way."""
    _closing.add(task)
    task.add_done_callback(_closing.discard)

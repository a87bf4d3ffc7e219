"""A client that behaves as wall-stream.js does: cursor, acks, outbox, reset, and coming back with a random pause."""

import asyncio
import contextlib
import json
import random
import uuid
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin

from bench.faults.history import History
from bench.faults.pages import ask_soon, read_wall, words_of
from bench.faults.site import Person, Site
from bench.faults.words import body_of, new_token

SILENCE = 50.0  # seconds; the server speaks every 20 s, so the line is dead
PAUSE_MAX = 30.0
PRESSED_AGAIN = 1.0  # seconds after which somebody sends words again that were refused as too fast
RESET_SOON = 0.2  # seconds until somebody presses "show it afresh"


class Browser:
    """One open page. `stay()` runs until it is cancelled; everything it does and hears goes into the history."""

    def __init__(
        self, site: Site, person: Person, history: History, name: str, *, sockets: int = 0, pages: int = 0
    ) -> None:
        self.site, self.person, self.history, self.name = site, person, history, name
        self.sockets, self.pages = sockets or site.port, pages or site.port
        self.cursor: dict[str, int] = {}
        self.epoch = ""
        self.outbox: dict[str, dict[str, Any]] = {}  # frames without an answer, by key
        self.joined = asyncio.Event()
        self.moved = asyncio.Event()  # the cursor has; for whoever waits
        self.failures = self.unread = self.hellos = 0
        self.codes: list[int] = []
        self.heard_at: dict[int, float] = {}  # when each number of the wall came
        self.acked_at: dict[str, float] = {}
        self.tried_at: list[float] = []
        self._socket: ClientConnection | None = None

    async def visit(self) -> None:
        """Loads the wall; tries again as somebody at a page that does not come would."""
        while True:
            answer = await ask_soon(self.pages, "/", self.person)
            with contextlib.suppress(ValueError):
                wall = read_wall(answer.text if answer.status == 200 else "")
                self.cursor, self.epoch = wall.cursor, wall.epoch
                self._note("page", wall=wall.cursor.get("wall", 0), rows=wall.rows)
                return
            await asyncio.sleep(0.3 + random.random() / 2)

    async def stay(self) -> None:
        if not self.cursor:
            await self.visit()
        while True:
            retry_after = await self._converse()
            self.joined.clear()
            self.failures += 1
            pause = min(PAUSE_MAX, 0.5 * 2 ** min(self.failures, 6))
            await asyncio.sleep(retry_after + pause * (0.5 + random.random() / 2))

    def post(self, *, to: int = 0, token: str = "") -> str:
        """Puts a post, or a reply, into the outbox and sends it; it stays there until it is answered. Returns its key."""
        key, token = uuid.uuid4().hex, token or new_token()
        frame = {"type": "reply" if to else "post", "key": key, "body": body_of(token), "intent": "hello"}
        self.outbox[key] = frame | ({"to": to} if to else {})
        self._note("send", kind="post", key=key, words=token)
        self._send(self.outbox[key])
        return key

    def support(self, to: int, *, on: bool) -> str:
        key = uuid.uuid4().hex
        self.outbox[key] = {"type": "support", "key": key, "to": to, "kind": "with_you", "on": on}
        self._note("send", kind="support", key=key, words="")
        self._send(self.outbox[key])
        return key

    async def reach(self, seq: int) -> None:
        """Waits until the wall's cursor is there and nothing is left unanswered."""
        while self.cursor.get("wall", 0) < seq or self.outbox:
            self.moved.clear()
            await self.moved.wait()

    async def _converse(self) -> float:
        """One connection to its end; returns how long the server asks to stay away."""
        after = ",".join(f"{name}:{seq}" for name, seq in self.cursor.items())
        self.tried_at.append(self._note("open", after=self.cursor.get("wall", 0)))
        retry_after, code = 0.0, 0
        try:
            async with connect(
                f"ws://127.0.0.1:{self.sockets}/ws/?after={after}&epoch={self.epoch}",
                origin=Origin(self.site.origin),
                additional_headers={"Cookie": self.person.cookie},
                max_size=None, ping_interval=None, compression=None, open_timeout=15, close_timeout=1,
            ) as self._socket:  # fmt: skip
                while True:
                    async with asyncio.timeout(SILENCE):
                        frame = json.loads(await self._socket.recv())
                    if frame["type"] == "bye":
                        retry_after, code = frame["retry_after"], frame["code"]
                        self.codes.append(code)
                    elif await self._take(frame):
                        break
        except (OSError, WebSocketException, TimeoutError):
            pass
        finally:
            self._socket = None
            self._note("closed", code=code)
        return retry_after

    async def _take(self, frame: dict[str, Any]) -> bool:
        """True when the page has to be loaded again, and was."""
        kind = frame["type"]
        if kind in {"hello", "at"} and any(name not in frame["at"] for name in self.cursor):
            await self.visit()
            return True
        if kind == "hello":
            self._welcome(frame)
        elif kind == "event":
            self._hear(frame)
        elif kind == "at":
            self.cursor |= frame["at"]
            self._acknowledge()
        elif kind in {"ack", "refused"}:
            self._settle(frame)
        elif kind == "reset" and frame["stream"] == "wall":
            self._note("reset", at=frame["at"])
            await asyncio.sleep(RESET_SOON)
            await self.visit()
            return True
        self.moved.set()
        return False

    def _welcome(self, frame: dict[str, Any]) -> None:
        self._note("hello", at=frame["at"].get("wall", 0))
        self.epoch, self.failures = frame["epoch"], 0
        self.hellos += 1
        self.joined.set()
        for name, seq in frame["at"].items():
            self.cursor.setdefault(name, seq)
        for waiting in self.outbox.values():
            self._send(waiting)

    def _hear(self, frame: dict[str, Any]) -> None:
        stream, seq = frame["stream"], frame["seq"]
        if stream == "wall":
            said = {name: frame.get(name) for name in ("seq", "kind", "id")}
            at = self._note("event", version=frame.get("version", 0), words=words_of(frame.get("html")), **said)
            self.heard_at.setdefault(seq, at)
        self.cursor[stream] = max(self.cursor.get(stream, 0), seq)
        self.unread += 1
        if self.unread >= 20:
            self._acknowledge()

    def _settle(self, frame: dict[str, Any]) -> None:
        key = frame["key"]
        if frame["type"] == "refused":
            self._note("refused", key=key, code=frame["code"])
            if frame["code"] == "too_fast" and key in self.outbox:
                asyncio.get_running_loop().call_later(PRESSED_AGAIN, self._send, self.outbox[key])
                return  # the words are kept, and go again under the same key
        else:
            self.acked_at[key] = self._note("ack", key=key, id=frame["id"])
        self.outbox.pop(key, None)

    def _acknowledge(self) -> None:
        self.unread = 0
        self._send({"type": "ack", "at": self.cursor})

    def _send(self, frame: dict[str, Any]) -> None:
        if self._socket is not None and self.joined.is_set():
            _keep(asyncio.ensure_future(self._say(self._socket, json.dumps(frame))))

    async def _say(self, socket: ClientConnection, text: str) -> None:
        with contextlib.suppress(OSError, WebSocketException):
            await socket.send(text)

    def _note(self, did: str, **facts: Any) -> float:
        return self.history.note(self.name, did, **facts)


_speaking: set[asyncio.Future[None]] = set()


def _keep(saying: asyncio.Future[None]) -> None:
    """The loop holds tasks weakly."""
    _speaking.add(saying)
    saying.add_done_callback(_speaking.discard)

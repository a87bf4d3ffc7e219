"""SiteSocket: one browser's connection. Takes frames in; everything that goes out goes through its seat in the hub."""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import Any
from urllib.parse import parse_qs

from django.utils import translation
from django.utils.translation import gettext as _

from realtime import commands, peers, sessions, wire
from realtime.commands import Refused, SignedOut
from realtime.hub import Hub
from realtime.seat import Seat
from realtime.wire import Bye, Frame

logger = logging.getLogger(__name__)

BUCKET = 20.0  # frames at once
REFILL = 5.0  # frames a second
ACK_COST = 0.2  # of a frame: who reads fast acknowledges often
REFUSED_MAX = 20  # refused frames within REFUSED_WITHIN seconds
REFUSED_WITHIN = 60.0
WAITING_MAX = 20  # commands of one socket that wait for their turn
GOODBYE = 10.0  # seconds a server may take to end a socket we have closed


async def site_socket(scope: Mapping[str, Any], receive: Callable[[], Awaitable[Frame]], send: Any) -> None:
    """The ASGI application behind `/ws/`. Who may connect from where was settled before; who they are is settled here."""
    await receive()
    await send({"type": "websocket.accept"})
    query = parse_qs(scope["query_string"].decode("latin1"))
    cursors = wire.parse_after(query.get("after", [""])[0])
    hub = Hub.get()
    try:
        seat = await hub.join(send, sessions.session_key(scope["headers"]), cursors, query.get("epoch", [""])[0])
    except Exception:
        logger.exception("join_failed: the browser comes back")
        seat = Seat(send, "")
        seat.bye(Bye.RESTART)
    await SiteSocket(hub, seat, peers.peer_of_socket(scope)).listen(receive)


class SiteSocket:
    """Reads one browser's frames until it is gone. Reading never waits for a command, so that acks are heard meanwhile."""

    def __init__(self, hub: Hub, seat: Seat, peer: peers.Peer) -> None:
        self._hub = hub
        self._peer = peer
        self._seat = seat
        self._tokens = BUCKET
        self._filled_at = monotonic()
        self._refused: deque[float] = deque(maxlen=REFUSED_MAX)
        self._commands: list[Frame] = []  # in the order in which they came
        self._worker: asyncio.Task[None] | None = None  # only while there are some: most sockets never say anything

    async def listen(self, receive: Callable[[], Awaitable[Frame]]) -> None:
        try:
            while True:
                async with asyncio.timeout(GOODBYE if self._seat.closed else None):
                    message = await receive()
                if message["type"] == "websocket.disconnect":
                    return
                if not self._seat.closed:
                    self._take(message)
        except TimeoutError:
            return
        finally:
            if self._worker:
                self._worker.cancel()
            self._hub.leave(self._seat)

    def _take(self, message: Frame) -> None:
        with translation.override(self._seat.viewer.language):
            frame: Any = None
            try:
                frame = _parsed(message)
                self._spend(ACK_COST if frame["type"] == "ack" else 1.0)
                self._accept(frame)
            except Refused as refused:
                key = frame.get("key", "") if isinstance(frame, dict) else ""
                self._refuse(refused.frame(key if wire.is_key(key) else ""))

    def _accept(self, frame: Frame) -> None:
        if frame["type"] == "ack":
            if not wire.is_at(frame.get("at")):
                raise _unreadable()
            self._seat.read(frame["at"])
            return
        if commands.handler_for(frame["type"]) is None or not wire.is_key(frame.get("key")):
            raise _unreadable()
        if len(self._commands) >= WAITING_MAX:
            raise _too_fast()
        self._commands.append(frame)
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())

    async def _work(self) -> None:
        """One command of this socket after another, until none waits."""
        viewer = self._seat.viewer
        while self._commands:
            try:
                reply = await commands.run(
                    self._commands.pop(0),
                    member_id=viewer.id,
                    session_key=self._seat.session_key,
                    language=viewer.language,
                    peer=self._peer,
                )
            except SignedOut as gone:
                self._seat.bye(gone.code)
                return
            if reply["type"] == "refused":
                self._refuse(reply)
            else:
                self._seat.put(wire.text_message(reply))
        self._worker = None

    def _refuse(self, frame: Frame) -> None:
        now = monotonic()
        self._refused.append(now)
        self._seat.put(wire.text_message(frame))
        if len(self._refused) == REFUSED_MAX and now - self._refused[0] < REFUSED_WITHIN:
            self._seat.bye(Bye.TOO_FAST)

    def _spend(self, cost: float) -> None:
        """A bucket of 20 frames, refilled 5 a second. Raises Refused when it is empty."""
        now = monotonic()
        self._tokens = min(BUCKET, self._tokens + (now - self._filled_at) * REFILL)
        self._filled_at = now
        if self._tokens < cost:
            raise _too_fast()
        self._tokens -= cost


def _parsed(message: Frame) -> Frame:
    text = message.get("text")
    if text is None or len(text) > wire.FRAME_MAX or len(text.encode("utf-8", "replace")) > wire.FRAME_MAX:
        raise _unreadable()
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        raise _unreadable() from None
    if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
        raise _unreadable()
    return frame


def _unreadable() -> Refused:
    return Refused("invalid", _("That could not be read. Reload the page and try again; your words are kept."))


def _too_fast() -> Refused:
    return Refused("too_fast", _("That was a lot at once. Your words are kept; try again in a few seconds."))

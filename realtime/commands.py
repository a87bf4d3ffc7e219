"""What a socket may ask for. The apps above register a handler; no rule lives here.

Commands run in threads of their own: on the thread that everything else shares, one write that waits for a lock would hold up
every socket of the process.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from django.db import close_old_connections, connection
from django.utils import translation
from django.utils.translation import gettext as _

from realtime import peers, sessions
from realtime.wire import Bye

logger = logging.getLogger(__name__)

Frame = dict[str, Any]
Handler = Callable[[int, Frame], Frame]

THREADS = 4  # 1 on SQLite, where only one can write

_handlers: dict[str, Handler] = {}


class Refused(Exception):
    """The answer is no, in a sentence: becomes a `refused` frame. `code` is one of the wire's seven.

    `html` is what the page shows in the form it came from, before the same is sent again.
    """

    def __init__(
        self,
        code: str,
        message: str,
        fields: dict[str, list[str]] | None = None,
        id: int | None = None,
        html: str = "",
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fields = fields or {}
        self.id = id
        self.html = html

    def frame(self, key: str) -> Frame:
        frame: Frame = {
            "type": "refused",
            "key": key,
            "code": self.code,
            "message": self.message,
            "fields": self.fields,
        }
        if self.html:
            frame["html"] = self.html
        return frame if self.id is None else {**frame, "id": self.id}


class SignedOut(Exception):
    """The session this socket was opened with is gone."""

    code = Bye.SIGN_IN


def register(type_: str, handler: Handler) -> None:
    """`handler(member_id, frame)` runs in the command pool and returns the `ack` frame, or raises Refused."""
    _handlers[type_] = handler


def handler_for(type_: str) -> Handler | None:
    return _handlers.get(type_)


async def run(
    frame: Frame, *, member_id: int, session_key: str, language: str, peer: peers.Peer = peers.UNKNOWN
) -> Frame:
    """The answer to a command whose type is registered and whose key is good: an `ack` or a `refused` frame.

    Raises SignedOut when the session ended since the socket was opened; nothing is stored then.
    """
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_pool(), _answer, frame, member_id, session_key, language, peer)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1 if connection.vendor == "sqlite" else THREADS, thread_name_prefix="command")


def _answer(frame: Frame, member_id: int, session_key: str, language: str, peer: peers.Peer) -> Frame:
    close_old_connections()
    try:
        opened = sessions.opened([session_key]).get(session_key)
        if opened is None or opened.member_id != member_id:
            raise SignedOut
        with translation.override(language), peers.speaking(peer), sessions.speaking(opened.data):
            return {"type": "ack", **_handlers[frame["type"]](member_id, frame), "key": frame["key"]}
    except Refused as refused:
        return refused.frame(frame["key"])
    except SignedOut:
        raise
    except Exception:
        logger.exception("command_failed: %s", frame["type"])
        return _broken(language).frame(frame["key"])
    finally:
        close_old_connections()


def _broken(language: str) -> Refused:
    """A failure of ours goes out as too_fast: the words are kept, and the same key may be sent again."""
    with translation.override(language):
        return Refused("too_fast", _("Something broke on our side. Your words are kept. Try again in a minute."))

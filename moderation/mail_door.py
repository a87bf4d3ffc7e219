"""A small LMTP door for a mail server on the same machine, by aiosmtpd, which is an extra. It opens nothing to the outside."""

import asyncio
import logging
import threading
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from django.db import close_old_connections

from moderation.actions.inbound import LARGEST, receive_mail

logger = logging.getLogger(__name__)


class _Handler:
    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        return await asyncio.get_running_loop().run_in_executor(None, _take, envelope)


class _Door(Controller):
    def factory(self) -> LMTP:
        return LMTP(self.handler, data_size_limit=LARGEST, enable_SMTPUTF8=True)


class Open:
    """A door that stands open until it is closed."""

    def __init__(self, door: _Door) -> None:
        self._door, self._over = door, threading.Event()

    @property
    def port(self) -> int:
        return int(self._door.server.sockets[0].getsockname()[1])  # type: ignore[union-attr]

    def wait(self) -> None:
        try:
            self._over.wait()
        except KeyboardInterrupt:
            self.close()

    def close(self) -> None:
        self._over.set()
        self._door.stop()


def open_door(host: str, port: int) -> Open:
    """Takes mail there in threads of its own. Raises OSError where the port is taken."""
    door = _Door(_Handler(), hostname=host, port=port)
    door.start()
    return Open(door)


def _take(envelope: Any) -> str:
    """The answer to the mail server: what cannot be stored now is tried again by it, so that nothing is lost."""
    close_old_connections()
    try:
        receive_mail(envelope.content or b"", envelope.rcpt_tos, envelope.mail_from or "")
    except Exception:
        logger.exception("mail_not_taken: the mail server keeps it")
        return "451 4.3.0 Try again in a minute"
    finally:
        close_old_connections()
    return "250 2.0.0 Taken"

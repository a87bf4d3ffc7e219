"""Who may open a socket from where. Refused before anything is accepted, with 403, and logged."""

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings

logger = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[Any]]

PATH = "/ws/"


def known_origins(application: Application) -> Application:
    """Admit `/ws/` alone, from the whole, exact origins of settings.ORIGINS: scheme, host and port.

    A page of another site could otherwise open a socket with the visitor's cookie and read the wall through it.
    """

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        origins = [value.decode("latin1") for name, value in scope["headers"] if name == b"origin"]
        if scope["path"] == PATH and len(origins) == 1 and origins[0] in settings.ORIGINS:
            await application(scope, receive, send)
            return
        where = PATH if scope["path"] == PATH else "another path"  # which one, a log never says
        logger.warning("socket_refused: %s, origin %.200r", where, ", ".join(origins))
        await receive()
        await send({"type": "websocket.close", "code": 1000})

    return guarded


def without_root_path(application: Application) -> Application:
    """Refuse requests that bring a Daphne-Root-Path header: daphne believes it from anyone and moves every address."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name for name, _value in scope.get("headers", ())}
        if not scope.get("root_path") and b"daphne-root-path" not in headers:
            await application(scope, receive, send)
            return
        logger.warning("root_path_refused: the request brought a root path")
        await receive()
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
        else:
            await send({"type": "http.response.start", "status": 400, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"Bad request"})

    return guarded

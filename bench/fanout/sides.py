"""Who is measured: Harbour, and what one would otherwise take. Each says one message to every socket that is open.

A side's `application()` is what the server runs; `say(words, watch)` is called in a thread of its own and returns when the
message was accepted, by CLOCK_MONOTONIC.
"""

import asyncio
import json
import os
import time
from typing import Any
from uuid import uuid4


class Harbour:
    """The project itself: a post by a member, stored, drawn from its template and told to whoever may see it."""

    queries = 0  # of any kind
    looked_up = 0  # those for events, posts and what is drawn with them

    def application(self) -> Any:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        from config.asgi import application

        self._count_queries()
        self._hear_bell()
        return application

    def say(self, words: str, watch: Any) -> float:
        from django.db import close_old_connections

        from forum.actions.posts import publish_post
        from forum.models import Member

        close_old_connections()
        publish_post(Member.objects.get(handle="author"), body=words, key=uuid4())
        return self._rung_at

    def position(self) -> int:
        from realtime import log

        return log.positions(["wall"])["wall"]

    def _hear_bell(self) -> None:
        """It rings when the post is committed: from then on nothing can lose it."""
        from realtime import bell

        def heard(_names: Any) -> None:
            self._rung_at = time.monotonic()

        self._rung_at = 0.0
        self._hearing = bell.listening(heard)
        self._hearing.__enter__()

    def _count_queries(self) -> None:
        from django.db.backends.signals import connection_created

        def count(execute: Any, sql: str, *more: Any) -> Any:
            self.queries += 1
            self.looked_up += any(table in sql for table in ("realtime_event", "forum_post", "forum_support"))
            return execute(sql, *more)

        def begin(connection: Any, **_more: Any) -> None:
            if count not in connection.execute_wrappers:
                connection.execute_wrappers.append(count)

        connection_created.connect(begin, weak=False)


class Group:
    """The chat of Channels' own tutorial, part 3: a consumer per socket, all of them in one group of the in-memory layer."""

    def application(self) -> Any:
        from django.conf import settings

        layers = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
        settings.configure(CHANNEL_LAYERS=layers, SECRET_KEY="bench", ALLOWED_HOSTS=["*"])
        import django

        django.setup()
        from bench.fanout.tutorial import application

        return application

    def say(self, words: str, watch: Any) -> float:
        from channels.layers import get_channel_layer

        accepted = time.monotonic()
        sending = get_channel_layer().group_send("chat_lobby", {"type": "chat.message", "message": words})
        asyncio.run_coroutine_threadsafe(sending, watch.loop).result(60)
        return accepted


class SocketIO:
    """python-socketio as its documentation begins: an AsyncServer as an ASGI application, and one `emit` to everyone."""

    def application(self) -> Any:
        import socketio

        self._server = socketio.AsyncServer(async_mode="asgi")
        return socketio.ASGIApp(self._server)

    def say(self, words: str, watch: Any) -> float:
        accepted = time.monotonic()
        asyncio.run_coroutine_threadsafe(self._server.emit("m", words), watch.loop).result(60)
        return accepted


class Bare:
    """`websockets.broadcast`, the quickest there is in Python: the same bytes to every connection, nothing asked, nothing kept."""

    loop: asyncio.AbstractEventLoop
    first_write = 0.0

    async def serve(self, port: int) -> None:
        from websockets.asyncio.server import serve

        async def stay(connection: Any) -> None:
            await connection.wait_closed()

        self.loop = asyncio.get_running_loop()
        async with serve(stay, "127.0.0.1", port, compression=None, backlog=4096) as self._server:
            await self._server.serve_forever()

    def say(self, words: str, watch: Any) -> float:
        asyncio.run_coroutine_threadsafe(self._broadcast(words), self.loop).result(60)
        return self.first_write

    async def _broadcast(self, words: str) -> None:
        from websockets.asyncio.server import broadcast

        text = json.dumps({"m": words})
        self.first_write = time.monotonic()
        broadcast(self._server.connections, text)


SIDES: dict[str, type] = {"harbour": Harbour, "group": Group, "socketio": SocketIO, "bare": Bare}

AROUND = {"group": len(b'{"message": ""}'), "socketio": len(b'42["m",""]'), "bare": len(b'{"m": ""}')}
"""Bytes that a side puts around the words, so that its frames can be made as long as Harbour's."""

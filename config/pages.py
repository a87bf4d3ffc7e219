"""Pages over ASGI. One change of thread for each, to a thread that stays, where Django makes a new one and goes to and fro."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.db import close_old_connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

THREADS = 8  # below the 12 connections of a process's pool, as gunicorn's are


class PagesHandler(ASGIHandler):
    """Every view and most middleware of ours is synchronous. Django's own handler changes thread twice for each middleware,
    and gives each request a thread of its own, with a connection to the database of its own.
    """

    def __init__(self) -> None:
        super().__init__()
        self._files = ASGIHandler()  # files are read without a thread of a page's
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page")

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise ValueError(f"Pages come over HTTP, not {scope['type']}.")
        is_file = scope["path"].startswith(settings.STATIC_URL)
        await (self._files if is_file else self.handle)(scope, receive, send)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        answer = sync_to_async(self._answer, thread_sensitive=False, executor=self._threads)
        return await answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        """Django's signals close old connections in a thread where there are none."""
        close_old_connections()
        try:
            return self.get_response(request)
        finally:
            close_old_connections()


def get_pages_application() -> PagesHandler:
    """In place of `django.core.asgi.get_asgi_application`."""
    django.setup(set_prefix=False)
    return PagesHandler()

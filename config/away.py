"""While PostgreSQL is away nobody queues for it: a request a second tries, every other one is told at once when to come back.

Each try takes as long as the pool waits for a connection. With a handful of threads a queue of such waits would grow faster than
it is worked off, and pages that need no database would stand in it.
"""

import time
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.conf import settings
from django.http import HttpRequest
from django.utils.decorators import sync_and_async_middleware

from config import errors

PAUSE = 1.0  # seconds after a failure in which nobody tries again
NEED_NO_DATABASE = ("/livez", "/readyz", settings.STATIC_URL)  # or, as /readyz, tell of it themselves

_away_until = 0.0


def note_failure(error: BaseException | None) -> None:
    """Remembers for a moment that no connection was to be had. A lock, a deadlock or a full disk is another matter."""
    global _away_until
    if _is_no_connection(error):
        _away_until = time.monotonic() + PAUSE


def is_away() -> bool:
    return time.monotonic() < _away_until


@sync_and_async_middleware
def tell_at_once(get_response: Any) -> Any:
    """Answers 503 by itself while the database is known to be away."""
    if iscoroutinefunction(get_response):

        async def answer_async(request: HttpRequest) -> Any:
            if _needs_it_now(request):
                return await sync_to_async(errors.without_database)(request)
            return await get_response(request)

        return answer_async

    def answer(request: HttpRequest) -> Any:
        return errors.without_database(request) if _needs_it_now(request) else get_response(request)

    return answer


def _needs_it_now(request: HttpRequest) -> bool:
    return is_away() and not request.path_info.startswith(NEED_NO_DATABASE)


def _is_no_connection(error: BaseException | None) -> bool:
    """Whether the pool gave up waiting for one: Django keeps its error as the cause of its own."""
    return type(error.__cause__).__name__ == "PoolTimeout" if error is not None else False

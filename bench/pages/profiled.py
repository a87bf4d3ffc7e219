"""Where a page's time goes: `python -m bench.pages.profiled`, with cookies, one a line, on its standard input.

Within one process, without a server or a line between: what is left is what Python and the database do for one page. Prints the
calls and statements of a page, its milliseconds, and what part of them each package takes for itself.
"""

import cProfile
import io
import itertools
import json
import pstats
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from bench.pages.load import HOST

PAGES = 200
PLACES = {
    "/psycopg/": "PostgreSQL, and waiting for it",
    "/django/db/": "Django's queries and rows",
    "/django/template/": "templates",
    "/django/utils/": "lazy words, dates, escaping",
    "/gettext.py": "lazy words, dates, escaping",
    "/forum/": "Harbour",
    "/moderation/": "Harbour",
    "/config/": "Harbour",
    "/realtime/": "Harbour",
}
REST = "the rest of Django and Python"


def main() -> None:
    import logging

    from django.db import connection

    from bench.pages.door import wsgi

    logging.disable(logging.CRITICAL)
    cookies = itertools.cycle(sys.stdin.read().split("\n"))
    for _page in range(PAGES // 2):
        _ask(wsgi, next(cookies))
    times = [_timed(wsgi, next(cookies)) for _page in range(PAGES)]
    asked: list[str] = []
    with connection.execute_wrapper(lambda execute, sql, *rest: (asked.append(sql), execute(sql, *rest))[1]):
        _ask(wsgi, next(cookies))
    profile = cProfile.Profile()
    with profile:
        for _page in range(PAGES):
            _ask(wsgi, next(cookies))
    stats = pstats.Stats(profile)
    parts = _parts(stats.stats)  # type: ignore[attr-defined]
    whole = sum(parts.values())
    print(
        json.dumps(
            {
                "ms": 1000 * statistics.median(times),
                "queries": len(asked),
                "calls": stats.total_calls / PAGES,  # type: ignore[attr-defined]
                "parts": {name: part / whole for name, part in sorted(parts.items(), key=lambda part: -part[1])},
            }
        )
    )


def _parts(stats: Mapping[tuple[str, int, str], tuple[Any, ...]]) -> dict[str, float]:
    parts: dict[str, float] = defaultdict(float)
    for (path, _line, _function), (_primitive, _calls, own, _cumulative, _callers) in stats.items():
        parts[next((name for place, name in PLACES.items() if place in path), REST)] += own
    return parts


def _timed(wsgi: Any, cookie: str) -> float:
    began = time.perf_counter()
    _ask(wsgi, cookie)
    return time.perf_counter() - began


def _ask(wsgi: Any, cookie: str) -> None:
    """Raises ValueError for anything but 200."""
    told: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "SERVER_NAME": HOST,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": HOST,
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_COOKIE": cookie,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
    }
    answer = wsgi(environ, lambda status, _headers, _error=None: told.append(status))
    b"".join(answer)
    answer.close()
    if not told[0].startswith("200"):
        raise ValueError(told[0])


if __name__ == "__main__":
    main()

"""Pages as a browser asks for them: a form with its token, a wall with its cursor and its rows."""

import asyncio
import http.client
import re
import time
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlencode

from bench.faults.site import Person
from bench.faults.words import token_in

TOKEN = "b" * 32  # what a form and its cookie share
STREAM = re.compile(r'data-after="([^"]*)" data-epoch="([^"]*)"')
ARTICLE = re.compile(r'<article id="post-(\d+)"[^>]*data-version="(\d+)".*?</article>', re.DOTALL)
SUPPORTS = re.compile(r'id="supports-(\d+)" data-version="(\d+)"')
TRACE = re.compile(r"Traceback|OperationalError|sqlite3\.|psycopg|File &quot;/|File \"/")


@dataclass
class Answer:
    """`status` 0: nobody answered. `seconds` is how long it took."""

    status: int
    text: str = ""
    seconds: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 400

    @property
    def traces(self) -> bool:
        """Whether it shows anything of how the site is built."""
        return bool(TRACE.search(self.text))


@dataclass
class Wall:
    """What a page was drawn from and what it shows: [noun, id, version, words]."""

    cursor: dict[str, int]
    epoch: str
    rows: list[list[Any]]


def ask(
    port: int, path: str, person: Person | None = None, fields: dict[str, Any] | None = None, patience: float = 20
) -> Answer:
    """GET, or with `fields` POST as a form of our own does."""
    headers = {"Cookie": f"{person.cookie}; csrftoken={TOKEN}" if person else f"csrftoken={TOKEN}"}
    body = None
    if fields is not None:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{port}"}
        body = urlencode({"csrfmiddlewaretoken": TOKEN, **fields})
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    began = time.monotonic()
    try:
        connection.request("GET" if fields is None else "POST", path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return Answer(0, seconds=time.monotonic() - began)
    finally:
        connection.close()
    named = {name.lower(): value for name, value in answer.getheaders()}
    return Answer(answer.status, text, time.monotonic() - began, named)


async def ask_soon(*args: Any, **more: Any) -> Answer:
    """As `ask`, without holding up the other clients."""
    return await asyncio.get_running_loop().run_in_executor(None, partial(ask, *args, **more))


def read_wall(text: str) -> Wall:
    """Raises ValueError for a page that is no wall."""
    stream = STREAM.search(text)
    if stream is None:
        raise ValueError("a page without a stream")
    rows: list[list[Any]] = []
    for article in ARTICLE.finditer(text):
        rows.append(["post", int(article[1]), int(article[2]), words_of(article[0]) or ""])
        rows += [["support", int(id), int(version), ""] for id, version in SUPPORTS.findall(article[0])]
    return Wall(read_cursor(stream[1]), stream[2], rows)


def words_of(html: str | None) -> str | None:
    return None if html is None else token_in(html)


def read_cursor(after: str) -> dict[str, int]:
    pieces = (piece.rpartition(":") for piece in after.split(",") if piece)
    return {name: int(number) for name, _colon, number in pieces}

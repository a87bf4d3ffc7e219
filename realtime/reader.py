"""What the hub has read and drawn for it, in threads of its own. The event loop never touches the database."""

import asyncio
import itertools
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import DatabaseError, close_old_connections

from realtime import log, sessions, streams
from realtime.door import DOOR_THREADS, Admission, Door
from realtime.ring import Entry, Ring
from realtime.streams import Drawn, Row

logger = logging.getLogger(__name__)

T = TypeVar("T")
Piece = tuple[str, Row, str]  # the stream's prefix, the row, the language
Pieces = dict[Piece, Drawn]

READ_AT_ONCE = 1000  # events
FRAGMENTS_KEPT = 2000


@dataclass(slots=True)
class News:
    """What the log holds after the hub's heads. `rewound`: the database was put back, and the numbers begin again."""

    entries: dict[str, list[Entry]] = field(default_factory=dict)
    pieces: Pieces = field(default_factory=dict)
    rewound: bool = False
    more: bool = False  # there may be more than was read at once


class Reader:
    """Two kinds of thread: one reads the log and draws, and owns the drawn fragments; a few let people in."""

    def __init__(self) -> None:
        self._tail = ThreadPoolExecutor(1, thread_name_prefix="hub-tail")
        self._threads = ThreadPoolExecutor(DOOR_THREADS, thread_name_prefix="hub-door")
        self._door = Door(lambda function, *args: self._in(self._threads, function, *args))
        self._fragments: Pieces = {}

    async def news(self, heads: Mapping[str, int], languages: Iterable[str]) -> News:
        """Everything after these heads, drawn once per row and language."""
        return await self._in(self._tail, self._read_news, dict(heads), sorted(set(languages)))

    async def draw(self, stream: str, rows: Sequence[Row], language: str) -> Pieces:
        """Rows in their present state, from the fragments where nothing has happened to them since."""
        return await self._in(self._tail, self._draw, streams.kind_of(stream), list(rows), language)

    async def admit(self, key: str, cursors: Mapping[str, int], rings: Mapping[str, Ring]) -> Admission | None:
        """Who this session belongs to and what they may hear; None when nobody is signed in."""
        return await self._door.admit(key, cursors, rings)

    async def viewers(self, seats: Sequence[tuple[str, int]]) -> list[tuple[Any, list[str]] | None]:
        """For each session and member: the viewer and streams as they are now, None when the session is gone."""
        return await self._in(self._threads, self._load_viewers, seats)

    async def alive(self, keys: Sequence[str]) -> set[str]:
        """Those of these sessions that still stand."""
        return await self._in(self._threads, lambda: set(sessions.members_of(keys)))

    def close(self) -> None:
        self._tail.shutdown(wait=False, cancel_futures=True)
        self._door.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _in(self, pool: ThreadPoolExecutor, function: Callable[..., T], *args: Any) -> T:
        def run() -> T:
            close_old_connections()
            try:
                return function(*args)
            finally:
                close_old_connections()

        return await asyncio.get_running_loop().run_in_executor(pool, run)

    def _read_news(self, heads: dict[str, int], languages: list[str]) -> News:
        news = News()
        now = log.positions(heads)
        news.rewound = any(now[name] < head for name, head in heads.items())
        behind = {name: head for name, head in heads.items() if now[name] > head}
        if news.rewound:
            self._door.epoch = ""
            self._fragments.clear()
        if news.rewound or not behind:
            return news
        found = log.read_after(behind, READ_AT_ONCE)
        news.more = len(found) == READ_AT_ONCE
        for event in found:
            news.entries.setdefault(event.stream, []).append(Entry(event.seq, event.kind, event.ref, event.version))
        by_prefix: dict[str, set[Row]] = defaultdict(set)
        for name, entries in news.entries.items():
            by_prefix[streams.kind_of(name).prefix].update(entry.row for entry in entries)
        self._forget(by_prefix)
        for (prefix, rows), language in itertools.product(by_prefix.items(), languages):
            news.pieces.update(self._draw(streams.kind_of(prefix), sorted(rows), language))
        return news

    def _forget(self, rows: Mapping[str, set[Row]]) -> None:
        """A later event of a row drops what was drawn of it and of those beneath it, in every language."""
        for piece in [piece for piece in self._fragments if self._is_stale(piece, rows.get(piece[0], set()))]:
            del self._fragments[piece]
        while len(self._fragments) > FRAGMENTS_KEPT:
            del self._fragments[next(iter(self._fragments))]

    def _is_stale(self, piece: Piece, touched: set[Row]) -> bool:
        above = streams.kind_of(piece[0]).above if touched else None
        return piece[1] in touched or (above is not None and above(self._fragments[piece].facts) in touched)

    def _draw(self, kind: streams.StreamKind, rows: list[Row], language: str) -> Pieces:
        missing = [row for row in rows if (kind.prefix, row, language) not in self._fragments]
        for row, drawn in _drawn(kind, missing, language).items():
            self._fragments[kind.prefix, row, language] = drawn
        found = ((kind.prefix, row, language) for row in rows)
        return {piece: self._fragments[piece] for piece in found if piece in self._fragments}

    def _load_viewers(self, seats: Sequence[tuple[str, int]]) -> list[tuple[Any, list[str]] | None]:
        opened = sessions.opened([key for key, _id in seats])
        loaded: list[tuple[Any, list[str]] | None] = []
        for key, member_id in seats:
            stands = opened.get(key)
            viewer = streams.audience().viewer(stands if stands and stands.member_id == member_id else None)
            loaded.append((viewer, list(streams.audience().streams_of(viewer))) if viewer is not None else None)
        return loaded


def _drawn(kind: streams.StreamKind, rows: list[Row], language: str) -> Mapping[Row, Drawn]:
    """One row that cannot be drawn must not silence the others; a database that is away is tried again by the hub."""
    if not rows:
        return {}
    try:
        return kind.draw(rows, language)
    except DatabaseError:
        raise
    except Exception:
        if len(rows) == 1:
            logger.exception("row_not_drawn: %s of %s", rows[0], kind.prefix)
            return {}
        return {row: drawn for each in rows for row, drawn in _drawn(kind, [each], language).items()}

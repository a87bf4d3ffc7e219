"""What the database holds at the end, read without any of the site's own code."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import psycopg

from bench.faults.site import Site
from bench.faults.words import token_in


class Row(NamedTuple):
    """A post as it stands: `words` is its token, "" while nobody is shown any."""

    id: int
    author: int
    key: str
    version: int
    support_version: int
    parent: int | None
    words: str


class Told(NamedTuple):
    """An event of the wall's log."""

    seq: int
    noun: str
    id: int


@dataclass
class Truth:
    posts: dict[int, Row]
    log: list[Told]
    head: int
    kept: dict[str, Counter[str]] = field(
        default_factory=dict
    )  # by what was sent: each token, and how many rows say it


SENT = {
    "post": "SELECT body FROM forum_post",
    "report": "SELECT note FROM moderation_report",
    "note": "SELECT words FROM moderation_caseeventwords",
}


def read_truth(site: Site) -> Truth:
    posts = {}
    for id, author, key, body, status, version, supports, parent in query(
        site, "SELECT id, author_id, key, body, status, version, support_version, parent_id FROM forum_post"
    ):
        shown = token_in(body) if status in {"visible", "folded"} else ""
        posts[id] = Row(id, author, plain(key), version, supports, parent, shown)
    log = query(site, "SELECT seq, kind, ref FROM realtime_event WHERE stream = 'wall' ORDER BY seq")
    told = [Told(seq, kind.split(".")[0], ref) for seq, kind, ref in log]
    kept = {kind: Counter(token_in(text) for (text,) in query(site, sql)) for kind, sql in SENT.items()}
    return Truth(posts, told, head_of(site), kept)


def head_of(site: Site) -> int:
    """The last number of the wall's log."""
    head = query(site, "SELECT last_seq FROM realtime_stream WHERE name = 'wall'")
    return int(head[0][0]) if head else 0


def query(site: Site, sql: str) -> list[Sequence[Any]]:
    if site.database:
        with psycopg.connect(site.database) as connection:
            return list(connection.execute(sql))
    with closing(sqlite3.connect(site.folder / "harbour.sqlite3", timeout=20)) as connection:
        return list(connection.execute(sql))


def change(site: Site, *statements: tuple[str, tuple[Any, ...]]) -> None:
    """For what only time, or a crowd, would do: in one transaction, on SQLite alone."""
    with closing(sqlite3.connect(site.folder / "harbour.sqlite3", timeout=20)) as connection, connection:
        for sql, values in statements:
            connection.execute(sql, values)


def plain(key: object) -> str:
    """A key as SQLite keeps it: 32 hexadecimal digits."""
    return str(key).replace("-", "")

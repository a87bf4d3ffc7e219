"""On PostgreSQL a question is parsed and planned once for each connection: `PREPARE`, and a short `EXECUTE` from then on.

What never changes in a question stands in its text, so that the planner may use an index made for it; only people's values are
handed over. SQLite keeps what it has parsed by itself.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.db import connection

MOST = 500  # kept by one connection; a few hundred kilobytes
_TYPES = {datetime: "timestamptz", str: "text"}  # of a value; a number otherwise

Place = tuple[int | None, Any]
"""Which of the values a parameter is, with a moment's distance; or what it always is."""


class Plan:
    """One statement with its places, as PostgreSQL is told of it. Holds no value of anybody's."""

    def __init__(self, sql: str, places: Sequence[Place], values: Sequence[Any]) -> None:
        self.wanted = list(dict.fromkeys(place for place in places if place[0] is not None))
        types = [_TYPES.get(type(values[number]), "bigint") for number, _rest in self.wanted if number is not None]
        text = _filled_in(sql, places, self.wanted, types)
        self.name = f"harbour_{blake2b(text.encode(), digest_size=12).hexdigest()}"
        self._prepare = (
            f"PREPARE {self.name} ({', '.join(types)}) AS {text}" if types else f"PREPARE {self.name} AS {text}"
        )
        self.execute = f"EXECUTE {self.name} ({', '.join(['%s'] * len(types))})" if types else f"EXECUTE {self.name}"

    def ready(self) -> None:
        """Sees that this connection has it."""
        connection.ensure_connection()
        raw = connection.connection
        known: set[str] = raw.__dict__.setdefault("harbour_plans", set())
        if self.name in known:
            return
        with connection.wrap_database_errors:
            if len(known) >= MOST:
                raw.execute("DEALLOCATE ALL")
                known.clear()
            raw.execute(self._prepare.encode())
        known.add(self.name)


def _filled_in(sql: str, places: Sequence[Place], wanted: Sequence[Place], types: Sequence[str]) -> str:
    """`sql` with a number for each value, and as a literal what is always the same."""
    parts = sql.split("%s")
    if len(parts) != len(places) + 1:
        raise ValueError("not every %s of this statement is a parameter")
    with connection.cursor() as cursor:
        said = [_said(cursor, place, wanted, types) for place in places]
    return "".join(part.replace("%%", "%") + each for part, each in zip(parts, [*said, ""], strict=True))


def _said(cursor: Any, place: Place, wanted: Sequence[Place], types: Sequence[str]) -> str:
    number, always = place
    if number is None:
        return str(cursor.mogrify("%s", [always]))
    at = wanted.index(place)
    return f"${at + 1}::{types[at]}"

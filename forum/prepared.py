"""Questions that every page asks: put into SQL once for each shape, and asked with other values from then on.

To Django a question is made anew each time it is asked, and that takes longer than the answer. What is kept here is the SQL
alone, never a value of somebody's: it is made from markers, and only their places are remembered. PostgreSQL plans it once
for each connection (`forum.planned`).
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.utils.dateparse import parse_date, parse_datetime

from forum.planned import Place, Plan

Value = int | datetime | str | Sequence[int]
Question = Callable[..., QuerySet[Any, Any]]

FIRST_NUMBER = 7_000_000_000_000  # no row of ours has such an id
STRANGE = "\ue000"  # begins no word of ours
FAR_AWAY = datetime(4000, 1, 1, tzinfo=UTC)
NEAR = timedelta(days=3650)  # what a question may add to a moment or take from it
MOST = 300  # statements kept; a shape is a page's, a role's or a number of people, so there are few


@dataclass(frozen=True, slots=True)
class _Statement:
    """`places` says for each parameter which of the values it is (with a moment's distance), or holds what it always is."""

    sql: str
    places: tuple[Place, ...]
    read: Callable[[list[tuple[Any, ...]]], Iterator[Any]]
    plan: Plan | None


class _Unknown:
    """What stands for a shape that was not asked yet."""


UNKNOWN = _Unknown()
_SINGLE = (int, datetime, str)


class Prepared:
    """One question. `question(shape, *values)` makes a queryset of tuples; its SQL may depend on the shape and on nothing else.

    Values are numbers, words, lists of numbers (their length belongs to the shape by itself; `in_steps`) and moments, from which
    the question may compute others by adding and subtracting. One that asks for the time itself is not kept, nor one that has to
    read something before it can be put.
    """

    def __init__(self, question: Question) -> None:
        self._question = question
        self._kept: dict[Hashable, _Statement | None] = {}

    def ask(self, shape: Hashable, *values: Value) -> list[Any]:
        """The rows, each a tuple (one query)."""
        flat, lengths = _flattened(values)
        statement = self._statement((connection.vendor, shape, lengths), shape, values)
        if statement is None:
            return list(self._question(shape, *values))
        if statement.plan:
            statement.plan.ready()
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, [_filled(place, flat) for place in statement.places])
            return list(statement.read(cursor.fetchall()))

    def _statement(self, key: Hashable, shape: Hashable, values: Sequence[Value]) -> _Statement | None:
        """Read in one step: another thread may empty what is kept at any moment."""
        kept = self._kept.get(key, UNKNOWN)
        if not isinstance(kept, _Unknown):
            return kept
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[key] = made = self._compile(shape, values)
        return made

    def _compile(self, shape: Hashable, values: Sequence[Value]) -> _Statement | None:
        """None for what cannot be kept."""
        read: list[str] = []

        def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            read.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(note):
            compiler = self._question(shape, *_markers(values)).query.get_compiler(connection=connection)
            try:
                sql, params = compiler.as_sql()
            except EmptyResultSet:
                return None
        if read:
            return None
        places = tuple(map(_place, params))
        if any(number is None and _is_moment(constant) for number, constant in places):
            return None
        plan = Plan(sql, places, _flattened(values)[0]) if connection.vendor == "postgresql" else None
        return _Statement(
            plan.execute if plan else sql,
            tuple(plan.wanted) if plan else places,
            lambda rows: compiler.results_iter([rows], tuple_expected=True),
            plan,
        )


def in_steps(ids: Iterable[int]) -> list[int]:
    """The same numbers in order, the last of them repeated: so that lists come in a few lengths, of which each is kept."""
    inside = sorted(ids)
    return inside + inside[-1:] * ((1 << (len(inside) - 1).bit_length()) - len(inside)) if inside else []


def _flattened(values: Sequence[Value]) -> tuple[list[Any], tuple[int, ...]]:
    flat: list[Any] = []
    lengths = []
    for value in values:
        if isinstance(value, _SINGLE):
            flat.append(value)
            lengths.append(-1)
        else:
            flat.extend(value)
            lengths.append(len(value))
    return flat, tuple(lengths)


def _markers(values: Sequence[Value]) -> Iterator[Any]:
    """The same values, each with what says where it stands."""
    number = 0
    for value in values:
        if not isinstance(value, _SINGLE):
            yield [FIRST_NUMBER + number + place for place in range(len(value))]
            number += len(value)
        else:
            yield _marker(value, number)
            number += 1


def _marker(value: int | datetime | str, number: int) -> int | datetime | str:
    if isinstance(value, datetime):
        return FAR_AWAY + 2 * number * NEAR
    return f"{STRANGE}{number}" if isinstance(value, str) else FIRST_NUMBER + number


def _place(param: Any) -> Place:
    if isinstance(param, int) and not isinstance(param, bool) and FIRST_NUMBER <= param < FIRST_NUMBER + 10_000:
        return param - FIRST_NUMBER, None
    if isinstance(param, str) and param.startswith(STRANGE):
        return int(param.removeprefix(STRANGE)), None
    moment = _moment(param)
    if moment is not None and moment >= FAR_AWAY - NEAR:
        number = (moment - FAR_AWAY + NEAR) // (2 * NEAR)
        return number, moment - FAR_AWAY - 2 * number * NEAR
    return None, param


def _filled(place: Place, flat: Sequence[Any]) -> Any:
    number, rest = place
    if number is None:
        return rest
    if rest is None:
        return flat[number]
    return connection.ops.adapt_datetimefield_value(flat[number] + rest)


def _is_moment(constant: Any) -> bool:
    """Whether it is a moment or a day: made of the time at which it was asked for."""
    if isinstance(constant, str) and len(constant) == len("2026-01-01"):
        return parse_date(constant) is not None
    return isinstance(constant, date) or _moment(constant) is not None


def _moment(param: Any) -> datetime | None:
    """A moment, also as SQLite is handed it."""
    if isinstance(param, str) and len(param) >= len("2026-01-01 00:00:00"):
        try:
            param = parse_datetime(param)
        except ValueError:
            return None
    if not isinstance(param, datetime):
        return None
    return param if param.tzinfo else param.replace(tzinfo=UTC)

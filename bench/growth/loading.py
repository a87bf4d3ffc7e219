"""Rows by the hundred thousand: COPY on PostgreSQL, one prepared statement on SQLite."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction

from realtime import triggers

Values = dict[str, Any]


def load(model: type[models.Model], rows: Iterable[Values]) -> None:
    """Stores rows that name what is particular about them, by attname; all else is the field's default. In one transaction."""
    first, rows = _peek(rows)
    stored = (field for field in model._meta.local_concrete_fields if not field.generated)
    fields = [
        field for field in stored if field.attname in first or not isinstance(field, models.fields.AutoFieldMixin)
    ]
    usual = {field.attname: field.get_db_prep_save(field.get_default(), connection) for field in fields}
    prepare = _as_they_are if connection.vendor == "postgresql" else _prepared
    ready = (prepare(fields, usual, row) for row in rows)
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for values in ready:
                    copy.write_row(values)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", ready)
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


@contextmanager
def without_triggers(model: type[models.Model], *indexes: str) -> Iterator[None]:
    """Triggers and, on PostgreSQL, these indexes and the foreign keys of a model are made once for all rows that come meanwhile."""
    triggers.drop(connection)
    kept = _drop(model, indexes) if connection.vendor == "postgresql" else []
    yield
    with connection.cursor() as cursor:
        for statement in kept:
            cursor.execute(statement)
    triggers.install(connection)


def settle() -> None:
    """What a database that has grown over two years has: figures of what its tables hold, and pages known to be all visible."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)" if connection.vendor == "postgresql" else "ANALYZE")


def _peek(rows: Iterable[Values]) -> tuple[Values, Iterable[Values]]:
    more = iter(rows)
    first = next(more)
    return first, chain([first], more)


def _as_they_are(fields: list[Any], usual: Values, row: Values) -> list[Any]:
    """psycopg writes the values of rows as they are. What is usual stands in the order of the columns."""
    return list((usual | row).values())


def _prepared(fields: list[Any], usual: Values, row: Values) -> list[Any]:
    return [
        field.get_db_prep_save(row[field.attname], connection) if field.attname in row else usual[field.attname]
        for field in fields
    ]


def _drop(model: type[models.Model], also: Iterable[str]) -> list[str]:
    """Drops what is quicker made in one go, and returns how each is made again."""
    table, made_again = model._meta.db_table, []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
            [table],
        )
        for name, made in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            made_again.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {made}")
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE (tablename = %s AND indexname NOT IN "
            "(SELECT conname FROM pg_constraint)) OR indexname = ANY(%s)",
            [table, list(also)],
        )
        for name, made in cursor.fetchall():
            cursor.execute(f"DROP INDEX {name}")
            made_again.insert(0, made)
    return made_again

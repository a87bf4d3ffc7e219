"""Database triggers, kept as files: `<app>/triggers/sqlite.sql` and `postgresql.sql`, statements parted by a `-- next` line.

SQLite drops a table's triggers whenever Django rebuilds the table, so all of them are made anew after every migrate.
A statement makes one trigger (`CREATE TRIGGER name`) or, on PostgreSQL, one function (`CREATE OR REPLACE FUNCTION name`).
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.core import checks
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate

_MAKES = re.compile(
    r"CREATE\s+(?:OR\s+REPLACE\s+)?(?:CONSTRAINT\s+)?(?P<what>TRIGGER|FUNCTION)\s+(?:IF\s+NOT\s+EXISTS\s+)?(?P<name>\w+)",
    re.IGNORECASE,
)
_ON_TABLE = re.compile(r"\bON\s+(?P<table>\w+)", re.IGNORECASE)
_FUNCTION_BODY = re.compile(r"\$(\w*)\$(?P<body>.*)\$\1\$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Statement:
    """One piece of a triggers file. `table` is empty for a function."""

    what: str  # "trigger" or "function"
    name: str
    table: str
    sql: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(" ".join(self.sql.split()).encode()).hexdigest()[:32]


def statements(connection: BaseDatabaseWrapper) -> list[Statement]:
    """What this database should hold, from every app whose tables are all there."""
    tables = set(connection.introspection.table_names())
    return [
        statement
        for config in apps.get_app_configs()
        if {model._meta.db_table for model in config.get_models() if model._meta.managed} <= tables
        for statement in _read(Path(config.path) / "triggers" / f"{connection.vendor}.sql")
    ]


def install(connection: BaseDatabaseWrapper) -> None:
    """Drop every trigger on the project's tables and make those of the files."""
    wanted = statements(connection)
    with transaction.atomic(using=connection.alias):
        drop(connection)
        with connection.cursor() as cursor:
            for statement in wanted:
                cursor.execute(statement.sql)
                if connection.vendor == "postgresql" and statement.what == "trigger":
                    cursor.execute(_comment(statement))


def drop(connection: BaseDatabaseWrapper) -> None:
    """Drop every trigger on the project's tables: before a flush in tests, and before making them anew."""
    with connection.cursor() as cursor:
        for name, table in list(_present(connection)):
            cursor.execute(
                f"DROP TRIGGER {name} ON {table}" if connection.vendor == "postgresql" else f"DROP TRIGGER {name}"
            )


def differences(connection: BaseDatabaseWrapper) -> list[str]:
    """What the database lacks, holds otherwise or holds too much, one sentence each; empty when all is as in the files."""
    wanted = {f"{statement.what} {statement.name}": statement for statement in statements(connection)}
    present = _digests(connection)
    found = [f"{each} is missing" for each in sorted(wanted.keys() - present.keys())]
    found += [f"{each} is in no file" for each in sorted(present.keys() - wanted.keys())]
    for each in sorted(wanted.keys() & present.keys()):
        if present[each] != _expected(wanted[each], connection.vendor):
            found.append(f"{each} differs from its file")
    return found


def connect_signals() -> None:
    """Install after every migrate: once, after the last app's own receivers have run."""
    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    post_migrate.connect(_after_migrate, sender=last, dispatch_uid="realtime.triggers")


def _after_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
    install(connections[using])


@checks.register(checks.Tags.database)
def check_triggers(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """A warning and not an error, because an error would stop the migrate that puts it right."""
    return [
        checks.Warning(
            f"The database's triggers are not those of the files: {difference}.",
            hint="Run manage.py migrate: it makes them anew. If they change again, somebody is changing the database.",
            id="realtime.W001",
        )
        for alias in databases or []
        for difference in differences(connections[alias])
    ]


def _read(path: Path) -> Iterator[Statement]:
    if not path.exists():
        return
    for piece in re.split(r"^-- next[ \t]*$", path.read_text(), flags=re.MULTILINE):
        sql = re.sub(r"\A(\s*--[^\n]*\n)+", "", piece).strip()
        if not sql:
            continue
        made = _MAKES.match(sql)
        if made is None:
            raise ValueError(
                f"{path}: a statement must begin with CREATE TRIGGER or CREATE OR REPLACE FUNCTION: {sql[:60]}"
            )
        table = _ON_TABLE.search(sql) if made["what"].lower() == "trigger" else None
        yield Statement(made["what"].lower(), made["name"], table["table"] if table else "", sql)


def _present(connection: BaseDatabaseWrapper) -> Iterator[tuple[str, str]]:
    """Name and table of every trigger on the tables of installed models."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    if connection.vendor == "postgresql":
        query = (
            "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
        )
    else:
        query = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        for name, table in cursor.fetchall():
            if table in tables:
                yield name, table


def _digests(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """What is in the database, by "trigger name" or "function name", in a form to compare with `_expected`."""
    names = {name for name, _table in _present(connection)}
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            return {f"trigger {name}": _flat(sql) for name, sql in cursor.fetchall() if name in names}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, CASE WHEN tgenabled = 'D' THEN 'off' ELSE obj_description(oid, 'pg_trigger') END "
            "FROM pg_trigger WHERE NOT tgisinternal"
        )
        found = {f"trigger {name}": digest for name, digest in cursor.fetchall() if name in names}
        functions = [statement.name for statement in statements(connection) if statement.what == "function"]
        cursor.execute(
            "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND proname = ANY(%s)",
            [functions],
        )
        return {**found, **{f"function {name}": _flat(source) for name, source in cursor.fetchall()}}


def _expected(statement: Statement, vendor: str) -> str:
    if vendor != "postgresql":
        return _flat(re.sub(r"\s+IF\s+NOT\s+EXISTS", "", statement.sql, count=1, flags=re.IGNORECASE))
    if statement.what == "trigger":
        return statement.digest
    body = _FUNCTION_BODY.search(statement.sql)
    return _flat(body["body"]) if body else ""


def _flat(sql: str) -> str:
    return " ".join(sql.split()).rstrip(";")


def _comment(statement: Statement) -> str:
    return f"COMMENT ON TRIGGER {statement.name} ON {statement.table} IS '{statement.digest}'"

"""How a test that really commits leaves an empty database to the next one."""

from django.core.management.sql import emit_post_migrate_signal
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

from realtime import triggers

_flush = TransactionTestCase._fixture_teardown


def empty_databases(case: TransactionTestCase) -> None:
    """Takes out what triggers would keep, and what only triggers delete."""
    for alias in case._databases_names(include_mirrors=False):
        connection = connections[alias]
        if connection.vendor == "postgresql":
            _delete_rows(connection)
            emit_post_migrate_signal(verbosity=0, interactive=False, db=alias)
            continue
        triggers.drop(connection)
        _flush(case)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM forum_search")
        triggers.install(connection)


def _delete_rows(connection: BaseDatabaseWrapper) -> None:
    """Django's TRUNCATE of every table takes half a second; few tables hold anything. Needs a superuser, as tests have."""
    tables = sorted({*connection.introspection.django_table_names(only_existing=True), "forum_search"})
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL session_replication_role = replica"
        )  # no trigger fires, those of foreign keys neither
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in tables))
        for (name,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {name}")

"""What the role that serves people may do in PostgreSQL, where the tables are another's: the owner's, who migrates.

It reads and writes rows. Of a table that is only ever added to (whose triggers refuse UPDATE, DELETE and TRUNCATE) it may read
and add rows alone, and without owning it nobody can take its triggers off, change it or drop it.
"""

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from realtime import triggers

MIGRATIONS = (
    "django_migrations"  # whoever could write there could have a migration of the owner's left out, or run again
)


SERVES = "harbour"  # who serves people, as deploy/postgresql/roles.sql names them


class NotGranted(Exception):
    """There is nobody to grant anything to, or they own the tables already; says which."""


def grant(connection: BaseDatabaseWrapper, role: str) -> None:
    """Gives `role` these rights and takes away all others. Run as the owner, after each migrate. Raises NotGranted."""
    if connection.vendor != "postgresql":
        raise NotGranted("This is not PostgreSQL: whoever has the file has all of it.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolname = current_user FROM pg_roles WHERE rolname = %s", [role])
        found = cursor.fetchone()
    if found is None:
        raise NotGranted(f"There is no role {role}: deploy/postgresql/roles.sql makes it.")
    if any(found):
        raise NotGranted(f"{role} owns the tables, or may do everything: see docs/scale.md, “Two roles”.")
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in _statements(connection, role):
            cursor.execute(statement)


def only_added(connection: BaseDatabaseWrapper) -> list[str]:
    """The tables that nobody ever changes, as the triggers say."""
    kept = {each.table for each in triggers.statements(connection) if "BEFORE TRUNCATE" in each.sql}
    return sorted(kept)


def may_change(connection: BaseDatabaseWrapper, table: str) -> bool:
    """Whether the role that asks could change or cut a row, or take off what refuses it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(%s, 'UPDATE, DELETE, TRUNCATE, TRIGGER') "
            "OR pg_has_role((SELECT relowner FROM pg_class WHERE oid = %s::regclass), 'USAGE')",
            [table, table],
        )
        return bool(cursor.fetchone()[0])


def say() -> str:
    """One sentence for whoever proves the chain."""
    if connection.vendor != "postgresql":
        return "Whoever can write to the database file can change it, and then it no longer holds."
    if loose := [table for table in only_added(connection) if may_change(connection, table)]:
        return f"The role that asked could change {', '.join(loose)}: see docs/scale.md, “Two roles”."
    return "The role that asked can add to what is only ever added to, and neither change nor cut it."


def _statements(connection: BaseDatabaseWrapper, role: str) -> list[str]:
    name, quote = connection.ops.quote_name(role), connection.ops.quote_name
    kept = ", ".join(quote(table) for table in only_added(connection))
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema(), current_database()")
        schema, database = (quote(each) for each in cursor.fetchone())
    return [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {name}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {name}",
        f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {name}",
        f"REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC, {name}",  # a table of its own would stand before ours
        f"GRANT USAGE ON SCHEMA {schema} TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {name}",
        f"GRANT SELECT, USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {name}",  # to take a number, not to set one
        f"REVOKE UPDATE, DELETE ON {kept} FROM {name}",
        f"REVOKE INSERT, UPDATE, DELETE ON {quote(MIGRATIONS)} FROM {name}",
    ]

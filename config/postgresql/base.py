"""Row locks are FOR NO KEY UPDATE.

PostgreSQL looks at Django's foreign keys when a transaction commits, and asks for the key of the row they name. By then the
transaction holds its streams. So when wren supports robin's post, whose notice names robin, at the moment in which robin posts,
whose own row is locked first and the stream last, each waits for the other: under FOR UPDATE, Django's default, which guards the
key as well. Nothing here locks a row in order to change its key; who does change one does it last (forum/actions/handles.py).
"""

from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations as PostgreSQLOperations


class DatabaseOperations(PostgreSQLOperations):
    def for_update_sql(self, *args: Any, **kwargs: Any) -> str:
        kwargs["no_key"] = True
        return super().for_update_sql(*args, **kwargs)


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations

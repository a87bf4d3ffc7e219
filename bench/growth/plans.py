"""What a database does for each query of a page: which tables it reads from end to end, and how many rows it looks at."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

BIG = frozenset(
    {
        "forum_post", "forum_search", "forum_support", "forum_notice", "moderation_case", "moderation_caseevent",
        "moderation_report", "moderation_decision", "realtime_event", "realtime_delivery", "django_session",
        "usersessions_usersession", "account_emailaddress",
    }
)  # fmt: skip
"""The tables that grow with the place. None is ever read from end to end for a page."""

_ASKS = re.compile(r"\s*(SELECT|EXECUTE|INSERT|UPDATE|DELETE|\()", re.IGNORECASE)
_LIMITED = re.compile(r"LIMIT \d+\s*$")
_OPENS = frozenset({"OpenRead", "OpenWrite", "ReopenIdx"})
_FROM_AN_END = frozenset({"Rewind", "Last", "Count"})  # the rest begins at a place that it seeks


@dataclass(frozen=True, slots=True)
class Query:
    sql: str
    params: Any


@dataclass(frozen=True, slots=True)
class Plan:
    """`faults` is what is wrong with it, a sentence each. `rows` is how many rows of big tables were looked at: PostgreSQL
    alone says so.
    """

    query: Query
    faults: Sequence[str]
    rows: int = 0


def queries_of(act: Callable[[], object]) -> list[Query]:
    """What is asked of the database meanwhile, without beginnings and ends of transactions."""
    asked: list[Query] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if _ASKS.match(sql):
            asked.append(Query(sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        act()
    return asked


def explain(query: Query) -> Plan:
    """How the database answers a query. What reads is carried out once more; what writes is not."""
    return _explain_postgresql(query) if connection.vendor == "postgresql" else _explain_sqlite(query)


def _explain_postgresql(query: Query) -> Plan:
    reads = query.sql.lstrip(" (").upper().startswith(("SELECT", "EXECUTE"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON{', ANALYZE, TIMING OFF' if reads else ''}) {query.sql}", query.params)
        told = cursor.fetchone()[0]
    plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    big = [node for node in _nodes(plan) if node.get("Relation Name") in BIG and "Scan" in node["Node Type"]]
    big = [
        node for node in big if node.get("Actual Loops", 1)
    ]  # what came to nothing before it was begun costs nothing
    faults = [
        f"reads {node['Relation Name']} from end to end" for node in big if node["Node Type"].endswith("Seq Scan")
    ]
    return Plan(query, faults, sum(map(_looked_at, big)))


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _looked_at(node: dict[str, Any]) -> int:
    """Rows of all its rounds, those included that it looked at in vain."""
    each = node.get("Actual Rows", 0) + node.get("Rows Removed by Filter", 0)
    return round((each + node.get("Rows Removed by Index Recheck", 0)) * node.get("Actual Loops", 0))


def _explain_sqlite(query: Query) -> Plan:
    """From the program that it makes of a query: EXPLAIN QUERY PLAN names a table by an alias that others in the query share."""
    if query.sql.startswith("INSERT"):
        return Plan(query, [])
    with connection.cursor() as cursor:
        cursor.execute("SELECT rootpage, tbl_name FROM sqlite_master WHERE rootpage > 0")
        tables = {page: table for page, table in cursor.fetchall() if table in BIG}
        cursor.execute(f"EXPLAIN {query.sql}", query.params)
        program = [(row[1], row[2], row[3]) for row in cursor.fetchall()]
    opened = {cursor: tables[page] for code, cursor, page in program if code in _OPENS and page in tables}
    until_full = bool(_LIMITED.search(query.sql)) and all(code != "SorterOpen" for code, _cursor, _page in program)
    whole = [opened[cursor] for code, cursor, _page in program if code in _FROM_AN_END and cursor in opened]
    return Plan(query, [] if until_full else [f"reads {table} from end to end" for table in whole])

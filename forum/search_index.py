"""The index behind forum/search.py: FTS5 on SQLite, tsvector with GIN on PostgreSQL, in a table called forum_search on both.

Triggers in forum/triggers/ write to it, in the transaction that changes the words. Here it is asked, checked and made anew.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Protocol

from django.db import DatabaseError, connection, transaction
from django.db.models.expressions import RawSQL

Phrase = tuple[str, ...]  # words that stand one after the other
Term = tuple[Phrase, ...]  # any one of these

SEPARATORS = re.compile(
    "[\u0000-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7"
    "\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u3000-\u3003\u3008-\u3020\U0001f000-\U0001faff]+"
)
"""What stands between words, as in forum_search_words() on PostgreSQL (migration 0003). No word of a Term holds any of them,
so nothing that a person types can be read as a command of either database."""

FILL = """INSERT INTO forum_search (rowid, words)
    SELECT id, {words} FROM forum_post WHERE status IN ('held', 'visible', 'folded')"""
FAULTS = {
    "Posts that are not in the index": """SELECT count(*) FROM forum_post WHERE status IN ('held', 'visible', 'folded')
        AND NOT EXISTS (SELECT 1 FROM forum_search WHERE forum_search.rowid = forum_post.id)""",
    "Words in the index that are nobody's to read any more": """SELECT count(*) FROM forum_search WHERE NOT EXISTS
        (SELECT 1 FROM forum_post WHERE id = forum_search.rowid AND status IN ('held', 'visible', 'folded'))""",
    "Posts with other words than the index has": """SELECT count(*) FROM forum_search
        JOIN forum_post ON forum_post.id = forum_search.rowid WHERE forum_search.words <> {words}""",
}

BEHIND = """SELECT 1 FROM forum_search JOIN forum_post ON forum_post.id = forum_search.rowid
    WHERE content_note <> '' AND forum_search.words <> {words} LIMIT 1"""


Asked = tuple[str, list[str | int]]
"""SQL for the ids of posts, and its parameters."""


class Index(Protocol):
    """How one kind of database is spoken to."""

    words: str  # the indexed form of a post's words, in SQL
    ask: str

    def write(self, terms: Sequence[Term]) -> str: ...
    def newest(self, written: str, before: int | None, number: int) -> Asked: ...
    def prepare(self) -> None: ...
    def is_whole(self) -> bool: ...
    def forget(self) -> bool: ...


NEAR_AND_FAR = """WITH near AS MATERIALIZED (SELECT rowid FROM ({near} ORDER BY rowid DESC LIMIT %s) AS newest
        WHERE words @@ to_tsquery('forum_words', %s) ORDER BY rowid DESC LIMIT %s),
    far AS MATERIALIZED ({far} AND (SELECT count(*) FROM near) < %s)
    SELECT rowid FROM (SELECT rowid FROM near WHERE (SELECT count(*) FROM near) >= %s
        UNION ALL SELECT rowid FROM far) AS found ORDER BY rowid DESC LIMIT %s"""


class SQLiteIndex:
    words = "body || char(10) || content_note"
    ask = "SELECT rowid FROM forum_search WHERE forum_search MATCH %s"

    def write(self, terms: Sequence[Term]) -> str:
        return " AND ".join("(" + " OR ".join(f'"{" ".join(phrase)}"' for phrase in term) + ")" for term in terms)

    def newest(self, written: str, before: int | None, number: int) -> Asked:
        """FTS5 goes through its matches from the newest on."""
        sql, params = _older(self.ask, [written], before)
        return f"SELECT rowid FROM ({sql} ORDER BY rowid DESC LIMIT %s) AS newest", [*params, number]  # noqa: S608

    def prepare(self) -> None:
        _run("INSERT INTO forum_search (forum_search) VALUES ('rebuild')")  # a damaged index cannot even be emptied

    def is_whole(self) -> bool:
        try:
            _run("INSERT INTO forum_search (forum_search) VALUES ('integrity-check')")
        except DatabaseError:
            return False
        return True

    def forget(self) -> bool:
        """FTS5 keeps a removed word in older segments until they are merged, and SQLite in its log until that is cut."""
        _run("INSERT INTO forum_search (forum_search) VALUES ('optimize')")
        busy, _pages, _moved = _run("PRAGMA wal_checkpoint(TRUNCATE)")
        return not busy


class PostgreSQLIndex:
    LOOKED_AT = 5_000, 25  # of the newest posts: at least so many, and so many for each that is asked for

    words = "forum_search_words(body || chr(10) || content_note)"
    ask = "SELECT rowid FROM forum_search WHERE words @@ to_tsquery('forum_words', %s)"

    def write(self, terms: Sequence[Term]) -> str:
        return " & ".join(
            "(" + " | ".join(" <-> ".join(map(_quoted, phrase)) for phrase in term) + ")" for term in terms
        )

    def newest(self, written: str, before: int | None, number: int) -> Asked:
        """Looks at the newest posts themselves, where a frequent word is soon found, and only for a rare one in the index of
        words. PostgreSQL cannot know how rare a rare word is: left to itself it read a million posts for thirty of them.
        """
        least, for_each = self.LOOKED_AT
        near, looked_at = _older("SELECT rowid, words FROM forum_search WHERE true", [], before)
        far, matched = _older(self.ask, [written], before)
        params = [*looked_at, max(least, for_each * number), written, number, *matched, *[number] * 3]
        return NEAR_AND_FAR.format(near=near, far=far), params

    def prepare(self) -> None:
        _run("LOCK TABLE forum_post IN SHARE MODE")  # else words taken back meanwhile would be put in again

    def is_whole(self) -> bool:
        return True

    def forget(self) -> bool:
        """What is deleted there is cleared away by its own vacuum."""
        return True


def matching(terms: Sequence[Term], before: int | None = None, newest: int | None = None) -> RawSQL:
    """The ids of posts in which all of these stand, for `pk__in`: of those older than the post `before`, and only the `newest`
    so many. With `newest` no more of the index is looked at than holds so many, however often the words stand in what people
    wrote. `terms` is not empty.
    """
    index = _index()
    written = index.write(terms)
    sql, params = _older(index.ask, [written], before) if newest is None else index.newest(written, before, newest)
    return RawSQL(sql, params)  # noqa: S611  the words of `terms` hold no SEPARATORS


def reindex() -> None:
    """Makes the index anew from the posts, in one transaction; whoever searches meanwhile finds what they found before."""
    index = _index()
    with transaction.atomic():
        index.prepare()
        _run("DELETE FROM forum_search")
        _run(FILL.format(words=index.words))


def catch_up(sender: Any, using: str = "default", **_more: Any) -> None:
    """After a migrate: an index that was filled before content notes were in it is made anew."""
    if connection.alias != using or "forum_search" not in connection.introspection.table_names():
        return
    if _run(BEHIND.format(words=_index().words)):
        reindex()


def faults() -> list[str]:
    """What is wrong with the index, a sentence each; empty when it holds exactly the words that somebody may read."""
    index = _index()
    if not index.is_whole():
        return ["The index is damaged."]
    counts = {what: _run(query.format(words=index.words))[0] for what, query in FAULTS.items()}
    return [f"{what}: {count}." for what, count in counts.items() if count]


def forget_erased() -> bool:
    """Clears from the files what a delete leaves in them: call it after words were erased for good.

    Inside a transaction it is done after the commit. False when another connection was in the way: call it again later.
    """
    if connection.in_atomic_block:
        transaction.on_commit(forget_erased)
        return True
    return _index().forget()


def _older(sql: str, params: list[str | int], before: int | None) -> Asked:
    return (sql, params) if before is None else (f"{sql} AND rowid < %s", [*params, before])


def _index() -> Index:
    return PostgreSQLIndex() if connection.vendor == "postgresql" else SQLiteIndex()


def _quoted(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word)
    return "'" + "".join(character for character in decomposed if not "\u0300" <= character <= "\u036f") + "'"


def _run(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone() if cursor.description else None

"""The index of words behind forum/search.py: one table, forum_search, of a kind that each database has its own.

It is no model: the triggers in forum/triggers/ keep it in step with forum_post, and nothing else writes to it.
"""

from django.db import migrations

FILL = "INSERT INTO forum_search (rowid, words) SELECT id, {words} FROM forum_post WHERE status IN ('held', 'visible', 'folded')"

SQLITE = (
    "CREATE VIRTUAL TABLE forum_search USING fts5(words, tokenize = 'porter unicode61 remove_diacritics 2')",
    FILL.format(words="body"),
)
UNDO_SQLITE = ("DROP TABLE forum_search",)

# PostgreSQL's `english` knows other endings than SQLite's Porter and drops words such as "not": this one is Porter too.
# `unaccent` is an extension that not every hoster offers, so accents are taken off by normalize(); and what is neither
# letter nor digit becomes a space, so that no address, hyphen or apostrophe is read in a manner of PostgreSQL's own.
POSTGRESQL = (
    "CREATE TEXT SEARCH DICTIONARY forum_stems (TEMPLATE = snowball, LANGUAGE = porter)",
    "CREATE TEXT SEARCH CONFIGURATION forum_words (PARSER = default)",
    """
    ALTER TEXT SEARCH CONFIGURATION forum_words ADD MAPPING FOR asciiword, word, numword, int, uint, float, sfloat, version,
        hword, asciihword, numhword, hword_part, hword_asciipart, hword_numpart WITH forum_stems
    """,
    r"""
    CREATE FUNCTION forum_search_words(body text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT to_tsvector('forum_words', regexp_replace(
            regexp_replace(normalize(body, NFD), '[\u0300-\u036f]+', '', 'g'),
            '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7'
            || '\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u3000-\u3003\u3008-\u3020\U0001f000-\U0001faff]+', ' ', 'g'))
    $$
    """,
    "CREATE TABLE forum_search (rowid bigint PRIMARY KEY, words tsvector NOT NULL)",
    FILL.format(words="forum_search_words(body)"),
    "CREATE INDEX forum_search_words ON forum_search USING gin (words)",
)
UNDO_POSTGRESQL = (
    "DROP TABLE forum_search",
    "DROP FUNCTION forum_search_words(text)",
    "DROP TEXT SEARCH CONFIGURATION forum_words",
    "DROP TEXT SEARCH DICTIONARY forum_stems",
)


def make(apps, schema_editor):
    _run(schema_editor, SQLITE, POSTGRESQL)


def undo(apps, schema_editor):
    _run(schema_editor, UNDO_SQLITE, UNDO_POSTGRESQL)


def _run(schema_editor, sqlite, postgresql):
    for statement in postgresql if schema_editor.connection.vendor == "postgresql" else sqlite:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("forum", "0002_what_members_need")]

    operations = [migrations.RunPython(make, undo)]

"""Triggers: in files, made anew after every migrate, and compared with the database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import IntegrityError, connection

from realtime import triggers
from realtime.models import Tick

pytestmark = pytest.mark.django_db(transaction=True)

SQLITE = """-- Ticks are kept for ever.
CREATE TRIGGER tick_stays BEFORE DELETE ON realtime_tick
BEGIN
    SELECT RAISE(ABORT, 'a tick stays');
END;
-- next
CREATE TRIGGER tick_keeps_its_name BEFORE UPDATE OF name ON realtime_tick
BEGIN
    SELECT RAISE(ABORT, 'a tick keeps its name');
END;
"""
POSTGRESQL = """CREATE OR REPLACE FUNCTION tick_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a tick stays' USING ERRCODE = 'integrity_constraint_violation';
END $$;
-- next
CREATE TRIGGER tick_stays BEFORE DELETE ON realtime_tick FOR EACH ROW EXECUTE FUNCTION tick_stays();
"""


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The realtime app with triggers of its own, in a folder of this test's."""
    folder = tmp_path / "triggers"
    folder.mkdir()
    (folder / "sqlite.sql").write_text(SQLITE)
    (folder / "postgresql.sql").write_text(POSTGRESQL)
    monkeypatch.setattr(apps.get_app_config("realtime"), "path", str(tmp_path))
    triggers.install(connection)
    yield folder
    monkeypatch.undo()
    triggers.install(connection)


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def drop(name: str) -> None:
    sql(f"DROP TRIGGER {name} ON realtime_tick" if connection.vendor == "postgresql" else f"DROP TRIGGER {name}")


def test_a_trigger_of_the_files_is_in_force() -> None:
    Tick.objects.create(name="t")
    with pytest.raises(IntegrityError, match="a tick stays"):
        Tick.objects.all().delete()
    assert triggers.differences(connection) == []


def test_a_trigger_that_is_missing_is_told() -> None:
    drop("tick_stays")
    assert triggers.differences(connection) == ["trigger tick_stays is missing"]


def test_a_trigger_that_says_something_else_is_told() -> None:
    drop("tick_stays")
    if connection.vendor == "postgresql":
        sql("CREATE TRIGGER tick_stays BEFORE UPDATE ON realtime_tick FOR EACH ROW EXECUTE FUNCTION tick_stays()")
    else:
        sql(
            "CREATE TRIGGER tick_stays BEFORE DELETE ON realtime_tick WHEN 0 BEGIN SELECT RAISE(ABORT, 'a tick stays'); END"
        )
    assert triggers.differences(connection) == ["trigger tick_stays differs from its file"]


def test_a_trigger_that_no_file_knows_is_told_and_goes_at_the_next_migrate() -> None:
    if connection.vendor == "postgresql":
        sql("CREATE TRIGGER stray BEFORE UPDATE ON realtime_tick FOR EACH ROW EXECUTE FUNCTION tick_stays()")
    else:
        sql("CREATE TRIGGER stray BEFORE UPDATE ON realtime_tick BEGIN SELECT 1; END")
    assert triggers.differences(connection) == ["trigger stray is in no file"]
    call_command("migrate", verbosity=0)
    assert triggers.differences(connection) == []


def test_every_migrate_makes_them_anew() -> None:
    drop("tick_stays")
    call_command("migrate", verbosity=0)
    assert triggers.differences(connection) == []


def test_the_check_warns_and_names_what_differs() -> None:
    drop("tick_stays")
    found = [message for message in run_checks(databases=["default"]) if message.id == "realtime.W001"]
    assert len(found) == 1 and "tick_stays is missing" in found[0].msg


def test_an_app_whose_tables_are_not_all_there_yet_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(connection.introspection), "table_names", lambda self, *args, **kwargs: ["realtime_tick"])
    assert triggers.statements(connection) == []


def test_a_file_that_makes_something_else_is_refused(files: Path) -> None:
    (files / f"{connection.vendor}.sql").write_text("DROP TABLE realtime_tick;")
    with pytest.raises(ValueError, match="CREATE TRIGGER"):
        triggers.install(connection)


def test_rows_that_a_trigger_keeps_do_not_reach_the_next_test() -> None:
    assert not Tick.objects.exists()

"""Two roles in PostgreSQL: the owner migrates, and whoever serves people can do all of it and cannot touch what was written down.

The roles are made by deploy/postgresql/roles.sql itself, under other names, in a database of their own.
"""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction

from moderation import audit
from moderation.actions.reports import report_member
from moderation.models import CaseEvent
from realtime import clock, grants, triggers
from tests.harbour import Harbour
from tests.services.test_on_pairs import SCENE_OF, did, set_stage  # noqa: F401

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
EVENTS = "moderation_caseevent"


@contextlib.contextmanager
def connected(**as_somebody: str) -> Iterator[None]:
    """This thread's connection is somebody else's, or to another database, meanwhile."""
    before = dict(connection.settings_dict)
    connection.close()
    connection.close_pool()
    connection.settings_dict.update(as_somebody)
    try:
        yield
    finally:
        connection.close()
        connection.close_pool()
        connection.settings_dict.update(before)


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture(scope="module")
def names(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """The names of a database whose owner has migrated it, of the owner, and of who serves."""
    serves = f"wharf_{connection.settings_dict['NAME'].removeprefix('harbour_tests_')}"
    owner, name = f"{serves}_owner", f"{serves}_data"
    remove = (f"DROP DATABASE IF EXISTS {name}", f"DROP ROLE IF EXISTS {serves}", f"DROP ROLE IF EXISTS {owner}")
    with django_db_blocker.unblock():
        run(*remove, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
        with connected(NAME=name):
            run((ROOT / "deploy/postgresql/roles.sql").read_text().replace("harbour", serves))
            if password := connection.settings_dict["PASSWORD"]:
                run(*(f"ALTER ROLE {role} PASSWORD '{password}'" for role in (serves, owner)))
        for words in (("migrate", "--verbosity=0"), ("grant_rights", serves)):
            command = [sys.executable, "manage.py", *words]
            environment = {**Harbour(Path(settings.DATA_DIR)).environment, "HARBOUR_DATABASE_URL": url(owner, name)}
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
        assert "only add to" in done.stdout
        yield {"name": name, "owner": owner, "serves": serves}
        connection.close()
        run(*remove)
        connection.close()


def url(user: str, name: str) -> str:
    ours = connection.settings_dict
    secret = f":{quote(ours['PASSWORD'])}" if ours["PASSWORD"] else ""
    port = f":{ours['PORT']}" if ours["PORT"] else ""
    return f"postgres://{user}{secret}@{quote(ours['HOST'], safe='')}{port}/{name}"


@pytest.fixture
def serving(db: None, names: dict[str, str]) -> Iterator[None]:
    """From here on this test is whoever serves people."""
    with connected(NAME=names["name"], USER=names["serves"]):
        yield


@pytest.fixture
def set_the_stage(serving: None, set_stage):  # noqa: F811
    return set_stage


DONE = ("post_in_danger", "edit", "give_role", "erase", "note", "escalate", "hold", "appeal", "decide_remove")


def test_what_people_and_the_clock_do_works_for_who_serves(set_the_stage, names):
    assert [act for act in DONE if not did(act, set_the_stage(SCENE_OF.get(act, "held")))[0]] == []
    clock.tick()
    assert clock._failed == set()
    assert CaseEvent.objects.count() > 20
    assert audit.verify() is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user")
        assert cursor.fetchone() == (names["serves"], names["serves"])


ATTACKS = """
UPDATE moderation_caseevent SET action = 'x'
UPDATE moderation_caseevent SET id = id
DELETE FROM moderation_caseevent
TRUNCATE moderation_caseevent CASCADE
TRUNCATE moderation_case CASCADE
DROP TABLE moderation_caseevent CASCADE
ALTER TABLE moderation_caseevent DISABLE TRIGGER ALL
ALTER TABLE moderation_caseevent DISABLE TRIGGER USER
ALTER TABLE moderation_caseevent DISABLE TRIGGER audit_refuses_change
ALTER TABLE moderation_caseevent ENABLE REPLICA TRIGGER audit_refuses_change
ALTER TABLE moderation_caseevent DROP COLUMN digest
ALTER TABLE moderation_caseevent ADD COLUMN more text
ALTER TABLE moderation_caseevent RENAME TO elsewhere
ALTER TABLE moderation_caseevent OWNER TO {serves}
ALTER TABLE moderation_caseevent SET SCHEMA pg_temp
ALTER TABLE moderation_caseevent ENABLE ROW LEVEL SECURITY
ALTER TABLE moderation_caseevent ALTER COLUMN at TYPE date
DROP TRIGGER audit_refuses_change ON moderation_caseevent
CREATE TRIGGER mine BEFORE INSERT ON moderation_caseevent FOR EACH ROW EXECUTE FUNCTION audit_refuses()
CREATE RULE mine AS ON INSERT TO moderation_caseevent DO INSTEAD NOTHING
COMMENT ON TRIGGER audit_refuses_change ON moderation_caseevent IS 'mine'
CREATE OR REPLACE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'
DROP FUNCTION audit_refuses() CASCADE
ALTER FUNCTION audit_refuses() RENAME TO elsewhere
CREATE FUNCTION mine() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'
CREATE UNIQUE INDEX mine ON moderation_caseevent (digest)
REINDEX TABLE moderation_caseevent
LOCK TABLE moderation_caseevent IN ACCESS EXCLUSIVE MODE
SELECT * FROM moderation_caseevent FOR UPDATE
INSERT INTO moderation_caseevent SELECT * FROM moderation_caseevent ON CONFLICT (n) DO UPDATE SET action = 'x'
MERGE INTO moderation_caseevent e USING moderation_case c ON c.id = e.case_id WHEN MATCHED THEN DELETE
WITH gone AS (DELETE FROM moderation_caseevent RETURNING n) SELECT * FROM gone
SELECT setval('moderation_caseevent_id_seq', 1)
ALTER SEQUENCE moderation_caseevent_id_seq RESTART
SET session_replication_role = replica
SET LOCAL session_replication_role = replica
ALTER ROLE CURRENT_USER SET session_replication_role = replica
ALTER DATABASE {name} SET session_replication_role = replica
ALTER SYSTEM SET session_replication_role = replica
SET ROLE {owner}
SET SESSION AUTHORIZATION {owner}
ALTER ROLE {serves} SUPERUSER
ALTER ROLE {owner} PASSWORD 'mine'
GRANT {owner} TO {serves}
CREATE ROLE mine SUPERUSER
GRANT pg_execute_server_program TO {serves}
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT ALL ON TABLES TO {serves}
REASSIGN OWNED BY {owner} TO {serves}
DROP OWNED BY {owner}
DROP SCHEMA public CASCADE
CREATE SCHEMA mine
CREATE TABLE moderation_caseevent_too (n int)
CREATE TABLE mine (event bigint REFERENCES moderation_caseevent ON DELETE CASCADE)
CREATE TEMPORARY TABLE moderation_caseevent (n int)
CREATE VIEW mine AS SELECT * FROM moderation_caseevent
COPY moderation_case TO PROGRAM 'true'
COPY moderation_case TO '/tmp/mine'
UPDATE pg_trigger SET tgenabled = 'D'
UPDATE pg_class SET relowner = 10
DELETE FROM pg_trigger
DO $$ BEGIN EXECUTE 'ALTER TABLE moderation_caseevent DISABLE TRIGGER ALL'; END $$
DELETE FROM django_migrations
INSERT INTO django_migrations (app, name, applied) VALUES ('moderation', '9999', now())
DROP DATABASE {name}
ALTER DATABASE {name} OWNER TO {serves}
""".strip().splitlines()


def test_who_serves_can_neither_change_nor_cut_what_was_written_down(serving, names, make_member):
    report_member(make_member("reed"), make_member("sedge"), "worry", "worried", key=uuid4())
    before = list(CaseEvent.objects.values())
    assert before
    through = [attack for attack in ATTACKS if not refused(attack.format(**names))]
    through += [
        f"{attack} {table}"
        for table in grants.only_added(connection)
        for attack in ("DELETE FROM", "TRUNCATE", "DROP TABLE", "ALTER TABLE {} DISABLE TRIGGER USER")
        if not refused(attack.format(table) if "{}" in attack else f"{attack} {table}")
    ]
    assert through == []
    assert list(CaseEvent.objects.values()) == before
    assert audit.verify() is None
    assert triggers.differences(connection) == []


BY_THEMSELVES = ("ALTER SYSTEM", "DROP DATABASE")  # PostgreSQL takes these outside a transaction alone


def refused(attack: str) -> bool:
    """Whether PostgreSQL refused it for want of rights; what it is refused for otherwise says nothing."""
    try:
        with contextlib.nullcontext() if attack.startswith(BY_THEMSELVES) else transaction.atomic():
            run(attack)
    except DatabaseError as error:
        return getattr(error.__cause__, "sqlstate", "") == "42501"
    return False


def test_rights_that_who_serves_gives_itself_are_none(serving, names):
    run(f"GRANT UPDATE, DELETE ON {EVENTS} TO {names['serves']}", f"GRANT ALL ON {EVENTS} TO PUBLIC")
    assert not grants.may_change(connection, EVENTS)
    assert grants.say().startswith("The role that asked can add")


def test_the_owner_could_and_is_told_so(names, db):
    with connected(NAME=names["name"], USER=names["owner"]):
        assert grants.may_change(connection, EVENTS)
        assert EVENTS in grants.say()
        with pytest.raises(IntegrityError, match="never"), transaction.atomic():
            run(f"TRUNCATE {EVENTS} CASCADE")


def test_the_owner_puts_a_backup_back_and_who_serves_goes_on_with_the_same_rights(names, db, make_member, tmp_path):
    """Also the backup is made by who serves; put back by them it would be refused, and nothing changed."""
    with connected(NAME=names["name"], USER=names["serves"]):
        report_member(make_member("godwit"), make_member("whinchat"), "worry", "worried", key=uuid4())
        events = CaseEvent.objects.count()
    assert events
    before = [as_somebody(names, "serves", tmp_path, "backup")]
    (file,) = (each for each in tmp_path.glob("harbour-*") if each.suffix != ".sha256")
    before.append(as_somebody(names, "serves", tmp_path, "restore", str(file), "--yes", "--yes-while-running"))
    assert before[0].returncode == 0, before[0].stderr
    assert before[1].returncode != 0 and "owner" in before[1].stderr
    words = ("restore", str(file), "--yes", "--yes-while-running", "--serves", names["serves"])
    done = as_somebody(names, "owner", tmp_path, *words)
    assert done.returncode == 0, done.stderr
    assert f"{names['serves']} was given its rights again" in done.stdout
    with connected(NAME=names["name"], USER=names["serves"]):
        assert CaseEvent.objects.count() == events
        assert grants.say().startswith("The role that asked can add")
        assert refused(f"DELETE FROM {EVENTS}") and refused(f"ALTER TABLE {EVENTS} DISABLE TRIGGER ALL")
        assert triggers.differences(connection) == []


def as_somebody(names: dict[str, str], who: str, folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """`manage.py`, as one of the two, with the keys of this run."""
    environment = {
        **Harbour(Path(settings.DATA_DIR)).environment,
        "HARBOUR_DATABASE_URL": url(names[who], names["name"]),
        "HARBOUR_BACKUP_DIR": str(folder),
    }
    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_whoever_owns_the_tables_and_who_is_nobody_is_granted_nothing(names, db):
    with connected(NAME=names["name"], USER=names["owner"]):
        for role, why in ((names["owner"], "owns the tables"), ("nobody_here", "no role")):
            with pytest.raises(grants.NotGranted, match=why):
                grants.grant(connection, role)

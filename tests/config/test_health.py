"""What a watcher is told: alive, ready, and how old the clock is."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from config import health
from realtime import clock, farewell


@pytest.fixture(autouse=True)
def nothing_seen(db: None) -> Iterator[None]:
    health._seen.clear()
    yield
    health._seen.clear()


def clock_of(client: Client) -> dict[str, Any]:
    return client.get("/readyz").json()["clock"]


def away(*args: Any) -> Any:
    raise OperationalError("the database is away")


def test_a_migrated_site_with_a_clock_is_ready(client):
    clock.tick()
    response = client.get("/readyz")
    assert response.status_code == 200
    body = response.json()
    assert set(body) == {"ok", "draining", "database", "migrations", "clock", "version"}
    assert body["draining"] is False
    assert all(part["ok"] for part in (body, body["database"], body["migrations"], body["clock"]))
    assert 0 <= body["clock"]["age"] < 15
    assert body["version"] == "0.1.0"
    assert "no-store" in response.headers["Cache-Control"]


def test_a_clock_that_never_ran_is_told_and_closes_nothing(client):
    assert client.get("/readyz").status_code == 200
    assert clock_of(client) == {"age": None, "ok": False, "last_run_at": None}


def test_a_clock_that_has_stopped_is_told_and_closes_nothing(client, time_machine):
    clock.tick()
    assert clock_of(client)["ok"]
    ran_at = clock.last_run_at()
    time_machine.move_to(timezone.now() + timedelta(minutes=2))
    assert client.get("/readyz").status_code == 200
    late = clock_of(client)
    assert late["age"] >= 120
    assert not late["ok"]
    assert ran_at is not None and late["last_run_at"] == ran_at.isoformat(timespec="seconds")


def test_a_site_without_its_database_is_alive_but_not_ready(client):
    with connection.execute_wrapper(away):
        assert client.get("/livez").status_code == 200
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == {"ok": False}


def test_a_site_that_is_not_migrated_is_not_ready(client):
    MigrationRecorder(connection).migration_qs.filter(app="forum").delete()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["migrations"] == {"ok": False}


def test_a_process_that_is_about_to_stop_is_alive_and_not_ready(client, monkeypatch):
    monkeypatch.setattr(farewell, "_draining", threading.Event())
    assert client.get("/readyz").status_code == 200
    farewell.begin()
    assert client.get("/livez").status_code == 200
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["draining"] is True


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_a_watcher_only_reads(client, path):
    assert client.post(path).status_code == 405

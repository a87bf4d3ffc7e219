"""The clock: what is due runs, once, however many clocks there are."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from realtime import clock, retention
from realtime.models import Delivery, Event, Tick

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_tasks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only the tasks a test registers."""
    monkeypatch.setattr(clock, "_tasks", {})
    yield


def in_clocks(number: int, work: Callable[[], Any]) -> None:
    barrier = threading.Barrier(number)

    def run() -> None:
        barrier.wait(10)
        work()
        connection.close()

    threads = [threading.Thread(target=run) for _each in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


def test_a_task_runs_when_it_is_due_and_not_before() -> None:
    ran: list[int] = []
    clock.register_task("sweep", 60, lambda: ran.append(1))
    with time_machine.travel("2026-12-03 04:00:00Z", tick=False) as now:
        assert clock.tick() == ["sweep"]
        now.shift(59)
        assert clock.tick() == []
        now.shift(1)
        assert clock.tick() == ["sweep"]
    assert len(ran) == 2


def test_a_time_that_is_put_back_by_an_hour_makes_nothing_late_by_an_hour() -> None:
    ran: list[int] = []
    clock.register_task("sweep", 60, lambda: ran.append(1))
    with time_machine.travel("2026-12-03 04:00:00Z", tick=False) as now:
        assert clock.tick() == ["sweep"]
        now.shift(-3600)
        assert clock.tick() == ["sweep"]
        assert clock.tick() == []
        now.shift(60)
        assert clock.tick() == ["sweep"]


def test_another_machines_time_that_is_a_little_ahead_makes_nothing_run_twice() -> None:
    ran: list[int] = []
    clock.register_task("sweep", 60, lambda: ran.append(1))
    with time_machine.travel("2026-12-03 04:00:05Z", tick=False) as now:
        assert clock.tick() == ["sweep"]
        now.shift(-5)
        assert clock.tick() == []


def test_four_clocks_run_a_task_once() -> None:
    ran: list[int] = []
    clock.register_task("sweep", 60, lambda: ran.append(1))
    in_clocks(4, clock.tick)
    assert len(ran) == 1
    with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=False):
        in_clocks(4, clock.tick)
    assert len(ran) == 2


def test_a_task_with_no_row_of_its_own_runs_in_every_clock_at_its_own_pace() -> None:
    """It guards the rows it touches, so that an idle clock need not write."""
    ran: list[int] = []
    clock.register_task("each-second", 1, lambda: ran.append(1))
    with time_machine.travel("2026-12-03 04:00:00Z", tick=False) as now:
        clock.tick(), clock.tick()
        assert len(ran) == 1
        now.shift(1)
        clock.tick()
    assert len(ran) == 2
    assert not Tick.objects.exists()


def test_after_a_long_pause_a_task_runs_once_and_at_once() -> None:
    ran: list[int] = []
    clock.register_task("sweep", 60, lambda: ran.append(1))
    with time_machine.travel("2026-12-03 04:00:00Z", tick=False) as now:
        clock.tick()
        now.shift(timedelta(hours=5))
        clock.tick(), clock.tick()
    assert len(ran) == 2


def test_a_failing_task_stops_no_other_and_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    ran: list[int] = []
    clock.register_task("broken", 60, lambda: 1 / 0)
    clock.register_task("sweep", 60, lambda: ran.append(1))
    with time_machine.travel("2026-12-03 04:00:00Z", tick=False) as now:
        assert clock.tick() == ["sweep"]
        assert "task_failed: broken" in caplog.text
        caplog.clear()
        now.shift(60)
        assert clock.tick() == ["sweep"]
        assert "task_failed: broken" in caplog.text
    assert len(ran) == 2


def test_a_clock_with_nothing_due_writes_nothing(django_assert_num_queries: Any) -> None:
    clock.register_task("sweep", 60, lambda: None)
    clock.tick()
    with django_assert_num_queries(1):
        clock.tick()


def test_when_the_clock_last_ran_is_known_to_ten_seconds() -> None:
    assert clock.last_run_at() is None
    clock.register_own_tasks()
    with time_machine.travel("2026-12-03 04:00:00Z", tick=False) as now:
        clock.tick()
        now.shift(9)
        clock.tick()
        last = clock.last_run_at()
        assert last is not None and timezone.now() - last <= timedelta(seconds=10)


def test_a_slow_lane_makes_no_other_late() -> None:
    stop, held, ran = threading.Event(), threading.Event(), threading.Event()
    clock.register_task("slow-post", 1, lambda: held.wait(10), lane="mail")
    clock.register_task("deadlines", 1, ran.set)
    running = threading.Thread(target=clock.run_until, args=(stop,))
    running.start()
    assert ran.wait(5)
    held.set()
    stop.set()
    running.join(6)
    assert not running.is_alive()


def test_told_to_stop_it_stops_soon() -> None:
    stop = threading.Event()
    clock.register_task("each-second", 1, lambda: None)
    running = threading.Thread(target=clock.run_until, args=(stop,))
    running.start()
    started = time.monotonic()
    stop.set()
    running.join(5)
    assert not running.is_alive() and time.monotonic() - started < 5


def test_a_database_that_is_away_stops_no_clock(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ran = threading.Event()
    clock.register_task("each-second", 1, ran.set)
    tick, failed = clock.tick, []

    def unlucky(lane: str | None = None) -> list[str]:
        if not failed:
            failed.append(1)
            raise ConnectionError("away")
        return tick(lane)

    monkeypatch.setattr(clock, "tick", unlucky)
    stop = threading.Event()
    running = threading.Thread(target=clock.run_until, args=(stop,))
    running.start()
    assert ran.wait(5)
    stop.set()
    running.join(5)
    assert "tick_failed" in caplog.text


def test_old_events_and_deliveries_are_forgotten_and_newer_ones_kept() -> None:
    now = timezone.now()
    for number, age in enumerate([timedelta(days=8), timedelta(days=6)], start=1):
        Event.objects.create(stream="pond", seq=number, kind="post.published", ref=number, at=now - age)
        Delivery.objects.create(kind="mail", dedupe=f"d{number}", address="x", state="sent", done_at=now - age)
    Delivery.objects.create(kind="mail", dedupe="waiting", address="x", made_at=now - timedelta(days=8))
    retention.forget("events")
    retention.forget("deliveries")
    assert list(Event.objects.values_list("seq", flat=True)) == [2]
    assert set(Delivery.objects.values_list("dedupe", flat=True)) == {"d2", "waiting"}

"""The outside dead-man's switch hears of the clock while it does its work, and only then."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management.base import CommandError
from django.utils import timezone

from realtime import clock, watchdog
from realtime.models import Tick
from tests.receivers import Receiver

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def switch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setattr(clock, "_tasks", {})
    monkeypatch.setattr(clock, "_failed", set())
    there = Receiver(lambda got: 200)
    yield there
    there.stop()


def test_it_hears_of_a_clock_that_does_its_work_once_a_minute(switch, time_machine):
    time_machine.move_to("2026-12-03 04:00:00Z", tick=False)
    clock.register_own_tasks()
    watchdog.begin(f"{switch.url}/my-secret")
    for _second in range(121):
        clock.tick()
        time_machine.shift(1)
    assert [got.path for got in switch.got] == ["/my-secret"] * 3
    assert switch.got[0].method == "GET"


def test_it_hears_nothing_of_a_clock_whose_work_fails(switch, caplog):
    clock.register_own_tasks()
    broken = [True]
    clock.register_task("work", 1, lambda: 1 / 0 if broken[0] else None)
    clock.tick()
    assert not watchdog.ping(switch.url) and switch.got == []
    broken[0] = False
    clock._ran_here.clear()
    clock.tick()
    assert watchdog.ping(switch.url)


def test_it_hears_nothing_when_no_clock_has_run_for_a_minute(switch):
    assert not watchdog.ping(switch.url)
    Tick.objects.create(name=clock.HEARTBEAT, last_run_at=timezone.now() - timedelta(seconds=61))
    assert not watchdog.ping(switch.url)
    assert switch.got == []


def test_a_switch_that_is_away_or_refuses_hurts_nothing_and_its_address_is_not_logged(switch, caplog):
    Tick.objects.create(name=clock.HEARTBEAT, last_run_at=timezone.now())
    switch.answers = lambda got: 500
    assert not watchdog.ping(f"{switch.url}/my-secret")
    switch.stop()
    assert not watchdog.ping(f"{switch.url}/my-secret")
    assert "watchdog_refused" in caplog.text and "watchdog_unreachable" in caplog.text
    assert "my-secret" not in caplog.text


@pytest.mark.parametrize("url", ["http://example.org/", "nonsense", "ftp://example.org/x"])
def test_an_address_that_nothing_may_be_sent_to_is_refused_at_the_start(switch, url):
    with pytest.raises(CommandError, match="https"):
        watchdog.begin(url)


def test_without_an_address_there_is_no_switch(switch):
    watchdog.begin("")
    assert clock._tasks == {}

"""What is old is forgotten a slice at a time, over as many runs of the clock as that takes."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from forum.models import ConnectionFact, Draft, Notice, OldHandle
from realtime import clock, log, pruning, retention
from realtime.models import Delivery, DeliveryTry, Event

pytestmark = pytest.mark.django_db

NOW = timezone.now()
OLD, YOUNG = NOW - clock.KEPT - timedelta(hours=1), NOW - clock.KEPT + timedelta(hours=1)


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two slices of three rows in a run, and a clock that has nothing else to do."""
    monkeypatch.setattr(clock, "_tasks", {})
    monkeypatch.setattr(pruning, "SLICE", 3)
    monkeypatch.setattr(pruning, "SLICES", 2)
    for name in ("events", "deliveries"):
        retention.schedule(name)
    yield


@pytest.fixture
def gone() -> Iterator[list[int]]:
    """How many rows each DELETE took, in order."""
    counts: list[int] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if sql.startswith("DELETE"):
            counts.append(context["cursor"].rowcount)
        return result

    with connection.execute_wrapper(note):
        yield counts


def happened(number: int, **at: Any) -> None:
    first = Event.objects.count() + 1
    Event.objects.bulk_create(
        [Event(stream="pond", seq=seq, kind="x.y", ref=seq, **at) for seq in range(first, first + number)]
    )


def test_a_long_log_is_forgotten_over_several_runs_and_nothing_younger_goes(gone: list[int]) -> None:
    happened(14, at=OLD)
    happened(2, at=YOUNG)
    left = []
    with time_machine.travel(NOW, tick=False) as now:
        for _minute in range(4):
            assert "forget.events" in clock.tick()
            left.append(Event.objects.count())
            now.shift(clock.PRUNED_EVERY)
    assert left == [10, 4, 2, 2]
    assert gone == [3, 3, 3, 3, 2]
    assert [event.seq for event in log.read_after({"pond": 0}, 10)] == [15, 16]


def test_deliveries_go_with_what_came_of_their_tries(gone: list[int]) -> None:
    sent = {"kind": "mail", "address": "x", "state": Delivery.State.SENT}
    for number, done_at in enumerate([OLD] * 7 + [YOUNG]):
        delivery = Delivery.objects.create(dedupe=f"d{number}", done_at=done_at, **sent)
        DeliveryTry.objects.create(delivery=delivery, n=1, outcome="handed over")
    waits = Delivery.objects.create(kind="mail", dedupe="waits", address="x", made_at=OLD)
    retention.forget("deliveries")
    assert set(Delivery.objects.values_list("dedupe", flat=True)) == {"d6", "d7", "waits"}
    assert max(gone) == 3
    retention.forget("deliveries")
    assert set(Delivery.objects.values_list("dedupe", flat=True)) == {"d7", waits.dedupe}
    assert DeliveryTry.objects.count() == 1


def test_read_notices_go_a_slice_at_a_time(member: Any, gone: list[int]) -> None:
    read_at = NOW - timedelta(days=91)
    Notice.objects.bulk_create([Notice(member=member, kind="reply", ref=n, read_at=read_at) for n in range(8)])
    retention.forget("notices")
    assert gone == [3, 3]
    retention.forget("notices")
    assert not Notice.objects.exists()


def test_a_notice_that_waits_again_before_its_slice_goes_stays(member: Any) -> None:
    read_at = NOW - timedelta(days=91)
    notices = [Notice.objects.create(member=member, kind="reply", ref=n, read_at=read_at) for n in range(2)]

    def told_again(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("DELETE"):
            Notice.objects.filter(pk=notices[0].pk).update(read_at=None)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(told_again):
        retention.forget("notices")
    assert list(Notice.objects.all()) == notices[:1]


@pytest.mark.parametrize("name", ["sessions", "drafts", "connections", "old_handles"])
def test_no_class_is_deleted_in_one_statement(member: Any, gone: list[int], name: str) -> None:
    rows = {
        "sessions": lambda n: Session(session_key=f"s{n}", session_data="-", expire_date=NOW),
        "drafts": lambda n: Draft(member=member, place=f"reply-{n}", fields={}, saved_at=NOW - timedelta(days=30)),
        "connections": lambda n: ConnectionFact(member=member, forget_at=NOW),
        "old_handles": lambda n: OldHandle(handle_key=f"jay{n}", until=NOW),
    }
    made = [rows[name](n) for n in range(8)]
    type(made[0])._base_manager.bulk_create(made)
    with time_machine.travel(NOW + timedelta(seconds=1), tick=False):
        assert [retention.forget(name), retention.forget(name)] == [6, 2]
    assert gone == [3, 3, 2]

"""The log under eight writers and a reader who never stops looking, on a real PostgreSQL."""

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction

from realtime import log
from realtime.log import NewEvent
from realtime.models import Event, Tick

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

WRITERS, EACH = 8, 100
ROLLED_BACK_EVERY = 10


class ThoughtBetter(Exception):
    """The transaction is not wanted after all."""


def write(number: int) -> None:
    """A row and what tells of it, in one transaction; every tenth is thought better of."""
    order = random.Random(number)
    for turn in range(EACH):
        ref = number * EACH + turn
        streams = ["pond", "staff", f"member:{number}"]
        order.shuffle(streams)
        try:
            with transaction.atomic():
                Tick.objects.create(name=f"row {ref}")
                log.append(*[NewEvent(stream, "post.published", ref) for stream in streams])
                if turn % ROLLED_BACK_EVERY == 0:
                    raise ThoughtBetter
        except ThoughtBetter:
            pass


def read_until(done: threading.Event, stream: str) -> tuple[list[int], list[int]]:
    """Every number in the order in which it was seen, and what was seen without its row."""
    seen: list[int] = []
    rowless: list[int] = []
    while True:
        last_look = done.is_set()
        found = log.read_after({stream: seen[-1] if seen else 0}, 1000)
        rows = set(Tick.objects.filter(name__in=[f"row {event.ref}" for event in found]).values_list("name", flat=True))
        rowless += [event.ref for event in found if f"row {event.ref}" not in rows]
        seen += [event.seq for event in found]
        if last_look and not found:
            return seen, rowless


def closing(work: Callable[..., Any]) -> Callable[..., Any]:
    def run(*args: Any) -> Any:
        try:
            return work(*args)
        finally:
            connections.close_all()

    return run


def test_eight_writers_leave_no_gap_and_a_reader_sees_each_number_after_the_one_below_it_and_with_its_row() -> None:
    done = threading.Event()
    with ThreadPoolExecutor(WRITERS + 2) as pool:
        readers = [pool.submit(closing(read_until), done, stream) for stream in ("pond", "staff")]
        writers = [pool.submit(closing(write), number) for number in range(WRITERS)]
        for writer in writers:
            writer.result()
        done.set()
        looks = [reader.result() for reader in readers]
    kept = WRITERS * EACH * (ROLLED_BACK_EVERY - 1) // ROLLED_BACK_EVERY
    assert looks == [(list(range(1, kept + 1)), [])] * 2
    for number in range(WRITERS):
        mine = Event.objects.filter(stream=f"member:{number}").order_by("pk").values_list("seq", flat=True)
        assert list(mine) == list(range(1, kept // WRITERS + 1))
    assert Tick.objects.filter(name__startswith="row ").count() == kept


def test_a_number_that_is_taken_and_not_committed_holds_up_the_next_writer_and_no_reader() -> None:
    taken, let_go = threading.Event(), threading.Event()

    @closing
    def hold() -> None:
        with transaction.atomic():
            log.append(NewEvent("pond", "post.published", 1))
            taken.set()
            assert let_go.wait(30)

    @closing
    def follow() -> None:
        with transaction.atomic():
            log.append(NewEvent("pond", "post.published", 2))

    with ThreadPoolExecutor(2) as pool:
        holder = pool.submit(hold)
        assert taken.wait(30)
        follower = pool.submit(follow)
        _until_somebody_waits_for_a_lock()
        assert log.read_after({"pond": 0}, 10) == []
        let_go.set()
        holder.result()
        follower.result()
    assert [(event.seq, event.ref) for event in log.read_after({"pond": 0}, 10)] == [(1, 1), (2, 2)]


def _until_somebody_waits_for_a_lock() -> None:
    waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    for _look in range(1000):
        with connection.cursor() as cursor:
            cursor.execute(waits)
            if cursor.fetchone()[0]:
                return
        threading.Event().wait(0.02)
    raise AssertionError("nobody waits")

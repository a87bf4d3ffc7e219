"""The log: numbers without gaps, in the order of commits."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import close_old_connections, connection, transaction
from django.test.utils import CaptureQueriesContext

from realtime import bell, log
from realtime.log import NewEvent
from realtime.models import Event, Stream

pytestmark = pytest.mark.django_db(transaction=True)


def seqs(stream: str) -> list[int]:
    return list(Event.objects.filter(stream=stream).order_by("pk").values_list("seq", flat=True))


def append(*events: NewEvent) -> None:
    with transaction.atomic():
        log.append(*events)


def in_threads(count: int, work: Callable[[int], Any]) -> None:
    failures: list[BaseException] = []

    def run(number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            failures.append(error)
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures, failures


def test_events_are_numbered_from_one_in_the_order_given() -> None:
    append(NewEvent("pond", "post.published", 7), NewEvent("pond", "support.changed", 7, version=3, actor=2))
    rows = list(Event.objects.order_by("seq").values_list("seq", "kind", "ref", "version", "actor"))
    assert rows == [(1, "post.published", 7, 1, None), (2, "support.changed", 7, 3, 2)]


def test_each_stream_has_numbers_of_its_own() -> None:
    append(NewEvent("pond", "post.published", 1), NewEvent("member:1", "notice.changed", 1))
    append(NewEvent("pond", "post.published", 2))
    assert (seqs("pond"), seqs("member:1")) == ([1, 2], [1])


def test_eight_writers_at_once_leave_no_gap_and_no_double() -> None:
    def write(number: int) -> None:
        for ref in range(25):
            append(
                NewEvent("pond", "post.published", ref, actor=number), NewEvent(f"member:{number}", "notice.changed", 1)
            )

    in_threads(8, write)
    assert seqs("pond") == list(range(1, 201))  # by primary key: the order of writing is the order of numbers
    assert all(seqs(f"member:{number}") == list(range(1, 26)) for number in range(8))


def test_a_reader_never_sees_a_number_before_the_one_below_it() -> None:
    done = threading.Event()
    seen: list[int] = []

    def write(number: int) -> None:
        if number == 0:
            while not done.is_set() or len(seen) < 90:
                seen.extend(event.seq for event in log.read_after({"pond": seen[-1] if seen else 0}, 1000))
            return
        for ref in range(30):
            append(NewEvent("pond", "post.published", ref))
        if Stream.objects.filter(name="pond", last_seq=90).exists():
            done.set()

    in_threads(4, write)
    assert seen == list(range(1, 91))


def test_a_transaction_rolled_back_gives_its_numbers_back() -> None:
    append(NewEvent("pond", "post.published", 1))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        log.append(NewEvent("pond", "post.published", 2))
        raise ZeroDivisionError
    append(NewEvent("pond", "post.published", 3))
    assert seqs("pond") == [1, 2]
    assert Event.objects.get(seq=2).ref == 3


def test_a_savepoint_rolled_back_gives_its_numbers_back() -> None:
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            log.append(NewEvent("pond", "post.published", 1))
            raise ZeroDivisionError
        log.append(NewEvent("pond", "post.published", 2))
    assert seqs("pond") == [1]


def test_streams_are_locked_in_the_order_of_their_names() -> None:
    with (
        CaptureQueriesContext(
            connection,
        ) as queries,
        transaction.atomic(),
    ):
        log.append(
            NewEvent("wall", "post.published", 1),
            NewEvent("member:9", "notice.changed", 1),
            NewEvent("staff", "x.y", 1),
        )
    locks = [query["sql"] for query in queries if "realtime_stream" in query["sql"]]
    assert [name for sql in locks for name in ("member:9", "staff", "wall") if name in sql] == [
        "member:9",
        "staff",
        "wall",
    ]


def test_nothing_is_read_after_the_events_are_stored() -> None:
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        log.append(NewEvent("wall", "post.published", 1), NewEvent("staff", "case.changed", 1))
    statements = [query["sql"].split()[0] for query in queries if query["sql"].split()[0] not in ("BEGIN", "COMMIT")]
    assert statements == ["INSERT"] * 3


def test_outside_a_transaction_it_refuses() -> None:
    with pytest.raises(RuntimeError):
        log.append(NewEvent("pond", "post.published", 1))
    assert not Stream.objects.exists()


def test_nothing_to_tell_writes_nothing() -> None:
    log.append()
    assert not Stream.objects.exists()


def test_the_bell_rings_after_commit_and_not_before() -> None:
    rung: list[Any] = []
    with bell.listening(rung.append):
        with transaction.atomic():
            log.append(NewEvent("pond", "post.published", 1), NewEvent("member:1", "notice.changed", 1))
            assert rung == []
        assert rung == [["member:1", "pond"]]


def test_a_broken_bell_changes_no_answer() -> None:
    def broken(names: Any) -> None:
        raise ValueError("no clapper")

    with bell.listening(broken):
        append(NewEvent("pond", "post.published", 1))
    assert seqs("pond") == [1]


def test_positions_say_nought_of_a_stream_nobody_wrote_to() -> None:
    append(NewEvent("pond", "post.published", 1))
    assert log.positions(["pond", "brook"]) == {"pond": 1, "brook": 0}


def test_reading_after_several_cursors_keeps_each_streams_order() -> None:
    append(*[NewEvent(name, "post.published", ref) for ref in range(3) for name in ("pond", "brook")])
    found = [(event.stream, event.seq) for event in log.read_after({"pond": 1, "brook": 2}, 10)]
    assert found == [("brook", 3), ("pond", 2), ("pond", 3)]


def test_reading_stops_at_its_limit() -> None:
    append(*[NewEvent("pond", "post.published", ref) for ref in range(5)])
    assert [event.seq for event in log.read_after({"pond": 0}, 2)] == [1, 2]


def test_the_epoch_stays_until_a_backup_is_restored() -> None:
    first = log.epoch()
    assert first and log.epoch() == first

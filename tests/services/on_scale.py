"""What holds when several processes share the work. tests/services/test_scale.py runs these, and the browser's story, there."""

import json
import signal
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import TransactionTestCase
from django.utils import timezone
from websockets.exceptions import ConnectionClosed

from forum import connections
from forum.models import Member
from realtime.models import Tick
from tests.scaled import TOKEN, ScaledHarbour, Visitor

BREATH = 0.1  # seconds between two things one person asks for: nginx lets through 30 requests a second from one address
LONG_AGO = timezone.now() - timedelta(days=60)

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture(scope="session", autouse=True)
def rows_stay() -> Iterator[None]:
    """From one test here to the next: what is started once for all of them knows their numbers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: None)
        yield


@pytest.fixture(scope="session")
def scaled(django_db_setup: None, django_db_blocker: Any) -> Iterator[ScaledHarbour]:
    """One for all tests here: starting it takes the longest."""
    with django_db_blocker.unblock():
        harbour = ScaledHarbour()
        harbour.start()
        yield harbour
        harbour.stop()


@pytest.fixture(scope="session")
def robin(scaled: ScaledHarbour) -> Any:
    return Member.objects.create_user("robin@harbour.test", "robin", None, joined_at=LONG_AGO)


@pytest.fixture(scope="session")
def wren(scaled: ScaledHarbour) -> Any:
    return Member.objects.create_user("wren@harbour.test", "wren", None, joined_at=LONG_AGO)


@pytest.fixture
def robins(scaled: ScaledHarbour, robin: Any) -> Visitor:
    """What robin's browser does."""
    return Visitor(scaled, robin)


def hello(socket: Any) -> dict[str, Any]:
    frame: dict[str, Any] = json.loads(socket.recv(timeout=10))
    assert frame["type"] == "hello"
    return frame


def until(socket: Any, kind: str) -> dict[str, Any]:
    while True:
        frame: dict[str, Any] = json.loads(socket.recv(timeout=10))
        if kind in (frame["type"], frame.get("kind")):
            return frame


def test_what_is_posted_to_one_process_is_heard_from_each_of_the_others(
    scaled: ScaledHarbour, robins: Visitor, wren: Any
) -> None:
    ports = [process.port for process in scaled.fleet.sockets]
    first, second = (scaled.socket(wren, port=port) for port in ports)
    with first, second:
        for socket in (first, second):
            hello(socket)
        assert robins.share("A calm evening.") == 303
        for socket in (first, second):
            assert "A calm evening." in until(socket, "post.published")["html"]


def test_what_is_posted_by_the_socket_of_one_process_is_heard_from_the_other(
    scaled: ScaledHarbour, robin: Any, wren: Any
) -> None:
    here, there = (process.port for process in scaled.fleet.sockets)
    with scaled.socket(robin, port=here) as mine, scaled.socket(wren, port=there) as theirs:
        hello(mine)
        hello(theirs)
        frame = {"type": "post", "key": str(uuid4()), "body": "By the socket.", "intent": "hello", "content_note": ""}
        mine.send(json.dumps(frame))
        assert until(mine, "ack")["status"] == "visible"
        assert "By the socket." in until(theirs, "post.published")["html"]


def test_no_request_fails_while_every_process_is_restarted(scaled: ScaledHarbour, robins: Visitor, wren: Any) -> None:
    """Pages by reload and by restart, sockets by restart; meanwhile people read and write without a pause."""
    seen: Counter[int] = Counter()
    over = threading.Event()
    wrens = Visitor(scaled, wren)

    def read() -> None:
        while not over.wait(BREATH):
            seen[wrens.get("/")[0]] += 1

    def write() -> None:
        while not over.wait(2 * BREATH):
            seen[robins.share("Still here.")] += 1

    people = [threading.Thread(target=act) for act in (read, write)]
    for thread in people:
        thread.start()
    try:
        before = seen.total()
        for process in (*scaled.fleet.pages, *scaled.fleet.sockets):
            scaled.fleet.restart(process)
        for process in scaled.fleet.pages:
            workers = workers_of(process.running.pid)
            scaled.fleet.reload(process)
            while workers_of(process.running.pid) & workers:
                over.wait(0.1)
    finally:
        over.set()
        for thread in people:
            thread.join(60)
    assert set(seen) == {200, 303}, seen
    assert seen.total() - before > 5, "the premise: there was somebody"


def workers_of(pid: int) -> set[str]:
    return set(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def test_a_process_with_sockets_that_stops_says_so_and_the_other_takes_over(scaled: ScaledHarbour, robin: Any) -> None:
    for stopping in scaled.fleet.sockets:
        with scaled.socket(robin, port=stopping.port) as socket:
            hello(socket)
            stopping.tell(signal.SIGTERM)
            bye = until(socket, "bye")
            assert bye["code"] == 4012
            assert bye["retry_after"] >= 1
            with pytest.raises(ConnectionClosed):
                socket.recv(timeout=10)
        assert stopping.wait() == 0
        for _each in range(3):  # by nginx, which has asked the one that is gone first at least once
            with scaled.socket(robin) as again:
                hello(again)
        stopping.start()
        stopping.wait_until_it_answers()


def socket_count(port: int) -> float:
    return next(float(line.split()[1]) for line in scraped(port).splitlines() if line.startswith("harbour_sockets "))


def scraped(port: int) -> str:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        text: str = answer.read().decode()
    return text


def test_each_process_tells_of_its_own_sockets_and_nobody_is_named(
    scaled: ScaledHarbour, robin: Any, wren: Any
) -> None:
    here, there = (process.port for process in scaled.fleet.sockets)
    with scaled.socket(robin, port=here) as first, scaled.socket(wren, port=here) as second:
        hello(first)
        hello(second)
        assert (socket_count(here), socket_count(there)) == (2, 0)
        for process in (*scaled.fleet.pages, *scaled.fleet.sockets):
            told = scraped(process.port)
            assert "harbour_up 1.0" in told
            assert "harbour_cases_waiting" in told
            for person in (robin, wren):
                assert person.handle not in told


def test_nginx_hands_the_metrics_to_nobody(scaled: ScaledHarbour) -> None:
    assert scraped(scaled.fleet.pages[0].port)
    with pytest.raises(urllib.error.HTTPError) as refused:
        scraped(scaled.port)
    assert refused.value.code == 404


def test_two_clocks_keep_the_time(scaled: ScaledHarbour) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not Tick.objects.filter(name="clock", last_run_at__isnull=False).exists():
        time.sleep(0.1)
    assert Tick.objects.get(name="clock").last_run_at is not None


def test_a_visitor_is_who_nginx_says_and_not_who_they_say(robins: Visitor, robin: Any) -> None:
    assert robins.share("From where I am.") == 303
    facts = list(connections.rows_of(robin.pk))
    assert {fact["address"] for fact in facts} == {"127.0.0.1"}
    assert all(int(fact["port"]) > 0 for fact in facts)


@pytest.fixture(autouse=True)
def nothing_went_wrong(scaled: ScaledHarbour) -> Iterator[None]:
    yield
    assert "Traceback" not in scaled.said(), scaled.said()[-3000:]

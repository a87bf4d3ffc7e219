"""Pages leave: sent by real clocks, taken by real machines, not lost in a power cut, not sent once somebody has the case."""

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from moderation import ways
from moderation.actions.escalation import take_case
from moderation.actions.ways import add_way
from moderation.models import ContactWay
from realtime.models import Delivery
from realtime.receivers import Receiver as Opened
from tests.clocks import ROOT, Nursery
from tests.harbour import Harbour
from tests.receivers import Got, Post, Receiver, is_signed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

KEY = "the way's key"
PATIENCE = 60.0


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    there = Receiver()
    yield there
    there.stop()


@pytest.fixture
def pager(receiver: Receiver) -> Callable[[Any], ContactWay]:
    def make(member: Any) -> ContactWay:
        way = add_way(member, "webhook", "signed", "my pager", Opened(receiver.url, key=KEY))
        ContactWay.objects.filter(pk=way.pk).update(confirmed_at=timezone.now(), tested_at=timezone.now())
        return way

    return make


def call(person: Any, number: int, case: Any = None) -> None:
    """So many pages by their pager alone."""
    with transaction.atomic():
        for n in range(number):
            ways.page_person(person, dedupe=f"page:{n}", subject="A case waits for staff", path="/staff/", case=case)
        Delivery.objects.filter(kind="mail").delete()


def until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline, list(Delivery.objects.values_list("dedupe", "state", "tries", "outcome"))
        time.sleep(0.05)


def states() -> set[str]:
    return set(Delivery.objects.values_list("state", flat=True))


def test_a_real_clock_hands_pages_to_a_real_receiver_and_a_real_mail_server(staff, pager, receiver, escalated_case):
    case = escalated_case()
    pager(staff)
    with Post() as post:
        with transaction.atomic():
            ways.page_person(staff, dedupe="ladder:1", subject="A case waits (emergency)", path="/staff/", case=case)
            ways.page_address("oncall@example.org", dedupe="ladder:1:contact", subject="A case waits", path="/staff/")
        environment = Harbour(Path(settings.DATA_DIR), HARBOUR_MAIL_URL=f"smtp://127.0.0.1:{post.port}").environment
        clock = subprocess.Popen([sys.executable, "manage.py", "clock"], cwd=ROOT, env=environment)
        try:
            until(lambda: "waiting" not in set(Delivery.objects.filter(urgent=True).values_list("state", flat=True)))
        finally:
            clock.terminate()
            clock.wait(15)
        assert clock.returncode == 0
    to = sorted(address for letter in post.letters for address in letter.rcpt_tos)
    assert {"oncall@example.org", staff.email} <= set(to)
    [got] = receiver.got
    assert is_signed(got, KEY, time.time()) and got.said["severity"] == case.severity
    words = b"".join(letter.content for letter in post.letters if letter.rcpt_tos == [staff.email])
    assert b"/staff/" in words and b"robin" not in words


def test_twenty_power_cuts_in_the_middle_of_a_send_lose_no_page(staff, pager, receiver):
    pager(staff)
    call(staff, 20)
    held, cuts = threading.Event(), 20

    def hold(got: Got) -> int:
        held.wait(PATIENCE)
        return 200

    receiver.answers = hold
    with Nursery() as nursery:
        for _cut in range(cuts):
            before = len(receiver.got)
            clock = nursery.born()
            receiver.wait_for(before + 1, PATIENCE)  # it waits for its answer now
            nursery.kill(clock)
            # What the dead clock had claimed is let go of after some seconds, which are not waited for here.
            claimed = Delivery.objects.filter(claimed_until__gt=timezone.now())
            assert claimed.update(claimed_until=timezone.now(), due_at=timezone.now())
        assert states() == {"waiting"}  # of none of them anybody knows that it was taken
        held.set()
        receiver.answers = lambda got: 200
        nursery.born()
        until(lambda: states() == {"sent"})
    came = Counter(got.key for got in receiver.got)
    assert set(came) == set(Delivery.objects.values_list("dedupe", flat=True)) and len(came) == 20
    assert [got for got in receiver.got if not is_signed(got, KEY, got.at)] == []


@pytest.mark.parametrize("clocks", [1, 4])
def test_however_many_clocks_run_each_page_comes_once(staff, pager, receiver, clocks):
    pager(staff)
    call(staff, 20)
    with Nursery() as nursery:
        for _clock in range(clocks):
            nursery.born()
        until(lambda: states() == {"sent"})
    assert sorted(Counter(got.key for got in receiver.got).values()) == [1] * 20


def test_once_the_case_is_taken_four_clocks_send_nothing_more(staff, other_staff, pager, receiver, escalated_case):
    case = escalated_case()
    pager(other_staff)
    receiver.answers = lambda got: 503
    call(other_staff, 10, case)
    mine = Delivery.objects.filter(kind="webhook")
    with Nursery() as nursery:
        for _clock in range(4):
            nursery.born()
        until(lambda: not mine.filter(outcome="").exists())  # each was refused, and waits to be tried again
        take_case(case, staff)
        until(lambda: not mine.filter(claimed_until__gt=timezone.now()).exists())  # what was under way has ended
        before = len(receiver.got)
        mine.update(due_at=timezone.now())
        until(lambda: set(mine.values_list("state", flat=True)) == {"stopped"})
    assert len(receiver.got) == before

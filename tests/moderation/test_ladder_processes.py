"""Real clocks in processes of their own: after a quarter of an hour without any, everything due goes out, and nothing twice."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from moderation import audit
from moderation.models import Case, LadderCall, LadderStep
from realtime.clock import last_run_at
from realtime.models import Delivery, DeliveryTry
from tests.harbour import ROOT, Harbour

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
PATIENCE = 120  # seconds until a machine under load has done it; what is promised is told by the rows' own times


@pytest.fixture
def clocks(tmp_path):
    """`clocks(4)` starts so many `manage.py clock` on this test's own rows."""
    running: list[subprocess.Popen[bytes]] = []

    def start(count: int) -> None:
        environment = Harbour(Path(settings.DATA_DIR)).environment
        for number in range(count):
            log = (tmp_path / f"clock-{number}.log").open("wb")
            command = [sys.executable, "manage.py", "clock"]
            running.append(
                subprocess.Popen(
                    command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
                )
            )

    yield start
    for clock in running:
        os.killpg(clock.pid, signal.SIGTERM)
    for clock in running:
        clock.wait(20)


def wait_for(condition) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never came to it"
        time.sleep(0.2)


@pytest.mark.parametrize("count", [1, 4])
def test_twenty_steps_that_piled_up_leave_once_each_and_within_a_minute_of_the_clocks_return(
    escalated_case, make_member, staff, other_staff, on_duty, clocks, count
):
    on_duty(staff, "on_call")
    for letter in "abcde":
        escalated_case("danger_now", subject=make_member(f"sub{letter}"))
    Case.objects.update(escalated_at=timezone.now() - timedelta(minutes=15))
    pages = Delivery.objects.filter(dedupe__startswith="ladder:")
    clocks(count)
    wait_for(last_run_at)
    returned = last_run_at()
    wait_for(lambda: LadderStep.objects.count() >= 20 and not pages.filter(done_at=None).exists())
    begun = timezone.now()
    wait_for(lambda: timezone.now() > begun + timedelta(seconds=12))  # two more looks of each clock
    steps = LadderStep.objects.values_list("case", "episode", "step")
    assert len(steps) == len(set(steps)) == 20
    assert set(pages.values_list("state", flat=True)) == {Delivery.State.SENT}
    assert max(pages.values_list("done_at", flat=True)) - returned < timedelta(seconds=60)  # the promise
    assert len(set(pages.values_list("dedupe", flat=True))) == pages.count() == LadderCall.objects.count() == 20
    assert set(DeliveryTry.objects.filter(delivery__in=pages).values_list("n", "outcome")) == {(1, "handed over")}
    assert audit.verify() is None

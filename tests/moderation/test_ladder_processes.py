"""Real clocks in processes of their own: after a quarter of an hour without any, everything due goes out, and nothing twice."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from moderation import audit
from moderation.models import Case, LadderCall, LadderStep
from realtime.models import Delivery
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
def test_twenty_steps_that_piled_up_go_out_once_each(escalated_case, make_member, staff, other_staff, clocks, count):
    for letter in "abcde":
        escalated_case("danger_now", subject=make_member(f"sub{letter}"))
    Case.objects.update(escalated_at=timezone.now() - timedelta(minutes=15))
    clocks(count)
    wait_for(lambda: LadderStep.objects.count() >= 20)
    begun = timezone.now()
    wait_for(lambda: timezone.now() > begun + timedelta(seconds=12))  # two more looks of each clock
    steps = LadderStep.objects.values_list("case", "episode", "step")
    assert len(steps) == len(set(steps)) == 20
    at = list(LadderStep.objects.values_list("at", flat=True))
    assert max(at) - min(at) < timedelta(seconds=60)  # what R12 allows after the clock's return
    pages = Counter(Delivery.objects.filter(dedupe__startswith="ladder:").values_list("dedupe", flat=True))
    assert set(pages.values()) == {1} and len(pages) == LadderCall.objects.count()
    assert audit.verify() is None

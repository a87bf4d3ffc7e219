"""A limit is a limit, whichever way somebody tries to get round it, in one process and in four (S6)."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project

from tests.harbour import ROOT, Harbour
from tests.services.ways_round import WAYS, posts_of

LIMIT, TRIES = 2, 3


def test_there_are_eighteen_ways_and_more():
    assert len(WAYS) >= 18


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS)
def test_in_one_process(way: str, make_member: Any, settings: Any) -> None:
    settings.POSTS_PER_HOUR = LIMIT
    robin = make_member("robin")
    for _try in range(TRIES):
        WAYS[way](robin)
    assert posts_of(robin) <= LIMIT
    for _try in range(LIMIT):
        WAYS["by the socket"](robin)
    assert posts_of(robin) == LIMIT, "the premise: there was room for so many"


@pytest.mark.django_db(transaction=True)
def test_in_four(make_member: Any) -> None:
    robin = make_member("robin")
    ran = subprocess.run(
        [sys.executable, "-m", "tests.services.senders", "ways", str(robin.pk), "1"],
        cwd=ROOT,
        env={**Harbour(Path(project.DATA_DIR)).environment, "HARBOUR_POSTS_PER_HOUR": str(LIMIT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert [line for line in ran.stdout.splitlines() if line.isdigit()] == [str(len(WAYS))] * 4
    assert posts_of(robin) == LIMIT

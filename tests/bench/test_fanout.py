"""The fan-out benchmark starts, measures every side and says what was kept. How fast is no test's business."""

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.fanout import cost, section, tokens
from bench.fanout.load import Reader
from bench.fanout.measures import SIDES, Crowd, Return, Turns
from bench.fanout.scene import Telling
from bench.marks import Mark, print_marks
from bench.report import ROOT


@pytest.fixture
def turns() -> Turns:
    """Each side told three messages to ten sockets; the later in the list, the slower."""
    turns = Turns(10)
    for slower, name in enumerate(SIDES, 1):
        reads = [100 + slower * socket / 1000 for socket in range(1, 11)]
        turns.heard[name] = [Telling(tokens.token(1), 99.98, 100.0, reads, 2000)] * 3
    return turns


@pytest.mark.timeout(600)
def test_every_side_is_measured_and_every_mark_is_judged(tmp_path: Path):
    command = ["-m", "bench.fanout", "--sockets", "12", "--crowd", "24", "--rounds", "1", "--posts", "1"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HARBOUR_", "DJANGO_"))}
    ran = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env={**kept, "TMPDIR": str(tmp_path)}, capture_output=True, text=True
    )
    rows = ran.stdout.splitlines()
    assert len(rows) == 9, ran.stderr
    assert all(re.search(r"  (PASS|SHORT)$", row) for row in rows)
    assert ran.returncode == any(row.endswith("SHORT") for row in rows)


def test_its_sections_tell_of_every_side(turns: Turns):
    crowd = Crowd(50, [0.01 * number for number in range(1, 101)], 30 * 1024)
    back = Return(10, 0.01, 5.0, 0.4)
    asked = argparse.Namespace(rounds=3, database="")
    text = " ".join(section.fanout(turns, back, crowd, crowd, asked).split())
    assert all(name in text for name in section.NAMES.values())
    assert "99 of 100 within 1000 ms" in text
    assert "| 1 × uvicorn |" in cost.cost(turns, crowd)


def test_four_cores_feed_twice_the_pages_of_one():
    assert cost.sockets_for(40_000, 4) == 2 * cost.sockets_for(40_000)


def test_a_mark_that_is_not_reached_is_said_and_ends_in_an_error(capsys: pytest.CaptureFixture[str]):
    high, low = Mark("ratio", 0.8, 0.75), Mark("wait", 41, 40, " ms", at_most=True)
    assert print_marks([high]) == 0
    assert print_marks([high, low]) == 1
    assert capsys.readouterr().out.splitlines()[1:] == [
        "ratio   0.80  at least 0.75  PASS",
        "wait   41 ms  at most 40 ms  SHORT",
    ]


@pytest.mark.parametrize("size", [5, 125, 126, 65_535, 65_536])
def test_a_reader_puts_a_frame_together_from_any_pieces(size: int):
    length = (
        bytes([size])
        if size < 126
        else b"\x7e" + size.to_bytes(2, "big")
        if size < 65_536
        else b"\x7f" + size.to_bytes(8, "big")
    )
    whole = b"HTTP/1.1 101 Switching\r\n\r\n" + 2 * (b"\x81" + length + b"x" * size)
    for step in (1 if size < 1000 else 997, 26, len(whole)):
        reader = Reader.__new__(Reader)
        reader.buffer, reader.upgraded = b"", False
        pieces = [whole[start : start + step] for start in range(0, len(whole), step)]
        assert [frame for piece in pieces for frame in reader.frames(piece)] == [(1, b"x" * size)] * 2


def test_words_are_as_long_as_asked_and_known_by_their_token():
    words = tokens.words(tokens.token(7), 300)
    assert len(words) == 300
    assert tokens.token_in(f'{{"m": "{words}"}}'.encode()) == tokens.token(7)

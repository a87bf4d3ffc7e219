"""`manage.py sockets`: sockets alone, under either server, with the same limits and the same farewell."""

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import unix_connect
from websockets.typing import Origin

from tests.conftest import ROOT
from tests.harbour import Harbour


@pytest.fixture(params=["daphne", "uvicorn"])
def sockets(request: pytest.FixtureRequest, transactional_db: None) -> Iterator[Harbour]:
    """A running one that serves this test's rows."""
    harbour = Harbour(Path(settings.DATA_DIR), command=("sockets", "--server", request.param, "--port", "{port}"))
    harbour.start()
    yield harbour
    harbour.stop()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_it_says_goodbye_to_everybody_and_ends_well(
    sockets: Harbour, member: Any, other_member: Any, number: int
) -> None:
    with sockets.socket(member) as first, sockets.socket(other_member) as second:
        for socket in (first, second):
            assert json.loads(socket.recv(timeout=5))["type"] == "hello"
        sockets.interrupt(number)
        for socket in (first, second):
            frame = json.loads(socket.recv(timeout=5))
            assert (frame["type"], frame["code"]) == ("bye", 4012)
            assert frame["retry_after"] >= 1
            with pytest.raises(ConnectionClosed) as closed:
                socket.recv(timeout=5)
            assert closed.value.rcvd is not None and closed.value.rcvd.code == 4012
    assert sockets.process is not None
    assert sockets.process.wait(10) == 0
    assert "Traceback" not in sockets.said()


def test_a_frame_over_64_kib_closes_the_socket(sockets: Harbour, member: Any) -> None:
    with sockets.socket(member) as socket:
        socket.recv(timeout=5)
        socket.send(json.dumps({"type": "ack", "at": {"wall": 1}, "padding": "x" * 60_000}))  # the premise
        socket.send("x" * (64 * 1024 + 1))
        with pytest.raises(ConnectionClosed):
            while True:
                socket.recv(timeout=5)


def test_it_answers_whoever_watches_it(sockets: Harbour) -> None:
    with urllib.request.urlopen(f"{sockets.url}/readyz", timeout=5) as answer:
        assert json.load(answer)["draining"] is False


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_it_listens_on_a_path_as_well(server: str, transactional_db: None, member: Any, tmp_path: Path) -> None:
    path = tmp_path / "wall.sock"
    harbour = Harbour(Path(settings.DATA_DIR))
    command = [sys.executable, "manage.py", "sockets", "--server", server, "--uds", str(path)]
    with subprocess.Popen(
        command, cwd=ROOT, env=harbour.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        assert str(path) in process.stdout.readline()
        cookie = {"Cookie": harbour.cookie(member)}
        with unix_connect(
            str(path), uri="ws://localhost/ws/", origin=Origin(harbour.url), additional_headers=cookie
        ) as socket:
            assert json.loads(socket.recv(timeout=5))["type"] == "hello"
        process.terminate()
        assert process.wait(10) == 0

"""`manage.py serve`: one process that serves, ticks, and says goodbye."""

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import Any

import pytest
from django.utils import timezone
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from realtime.models import Tick
from tests.conftest import ROOT
from tests.harbour import Harbour

BODY_MAX = 1024 * 1024  # bytes; realtime.bodies imports daphne, which must not meet another reactor here


def test_it_answers_pages_and_sockets_and_ticks(daphne: Harbour, member: Any) -> None:
    with urllib.request.urlopen(f"{daphne.url}/livez", timeout=5) as answer:
        assert answer.status == 200
    with daphne.socket(member) as socket:
        assert json.loads(socket.recv(timeout=5))["viewer"] == member.pk
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and not Tick.objects.filter(name="clock").exists():
        time.sleep(0.1)
    assert Tick.objects.get(name="clock").last_run_at <= timezone.now()
    assert f"http://127.0.0.1:{daphne.port}" in daphne.said()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_it_says_goodbye_and_is_gone_within_five_seconds(
    daphne: Harbour, member: Any, number: int
) -> None:
    with daphne.socket(member) as socket:
        socket.recv(timeout=5)
        started = time.monotonic()
        daphne.interrupt(number)
        frame = json.loads(socket.recv(timeout=5))
        assert (frame["type"], frame["code"]) == ("bye", 4012)
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(timeout=5)
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 4012
    assert daphne.process is not None
    daphne.process.wait(5)
    assert time.monotonic() - started < 5
    assert "Traceback" not in daphne.said()


def test_what_one_process_writes_another_process_hears(daphne: Harbour, member: Any) -> None:
    """Without Redis the hub looks by itself every second."""
    from django.db import transaction

    from realtime import log
    from realtime.log import NewEvent

    with daphne.socket(member) as socket:
        socket.recv(timeout=5)
        with transaction.atomic():
            log.append(NewEvent(f"member:{member.pk}", "notice.changed", 5))
        assert json.loads(socket.recv(timeout=5))["kind"] == "notice.changed"


def test_a_foreign_origin_is_refused_at_the_door(daphne: Harbour, member: Any) -> None:
    with daphne.socket(member):
        pass  # the premise: the same cookie opens it from our own origin
    with pytest.raises(InvalidStatus) as refused:
        connect(
            f"ws://127.0.0.1:{daphne.port}/ws/",
            origin=Origin("http://evil.example"),
            additional_headers={"Cookie": daphne.cookie(member)},
        )
    assert refused.value.response.status_code == 403


def test_a_frame_over_64_kib_closes_the_socket(daphne: Harbour, member: Any) -> None:
    with daphne.socket(member) as socket:
        socket.recv(timeout=5)
        socket.send("x" * (64 * 1024 + 1))
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=5)


def test_a_daphne_root_path_header_is_refused(daphne: Harbour) -> None:
    request = urllib.request.Request(f"{daphne.url}/livez", headers={"Daphne-Root-Path": "/elsewhere"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=5)
    assert refused.value.code == 400


def test_it_starts_on_a_directory_of_its_own_and_stops_twice_the_same(empty_harbour: Harbour) -> None:
    for _time in range(2):
        empty_harbour.start()
        assert empty_harbour.stop() == 0


def test_a_taken_port_is_said_in_a_sentence(empty_harbour: Harbour) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", empty_harbour.port))
        other.listen()
        with pytest.raises(RuntimeError, match="PORT chooses another port"):
            empty_harbour.start()


def test_the_demo_is_served_to_this_machine_alone(empty_harbour: Harbour) -> None:
    environment = {**empty_harbour.environment, "HARBOUR_ENV": "demo", "HARBOUR_HOST": "0.0.0.0"}
    done = subprocess.run(
        [sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 1
    assert "this machine alone" in done.stderr


def test_the_clock_alone_runs_and_stops(empty_harbour: Harbour) -> None:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "clock"],
        cwd=ROOT,
        env=empty_harbour.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert "The clock runs" in process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_would_fill_the_disk_is_refused_before_it_is_kept(daphne: Harbour, chunked: bool) -> None:
    how = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {2**40}"
    with socket.create_connection(("127.0.0.1", daphne.port), timeout=10) as line:
        line.sendall(f"POST /help/ HTTP/1.1\r\nHost: 127.0.0.1:{daphne.port}\r\n{how}\r\n\r\n".encode())
        if chunked:
            line.sendall(b"%x\r\n" % (BODY_MAX + 1) + b"a" * (BODY_MAX + 1) + b"\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 413")
    with urllib.request.urlopen(f"{daphne.url}/livez", timeout=5) as answer:
        assert answer.status == 200


def test_a_body_within_the_bound_reaches_the_page(daphne: Harbour) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{daphne.url}/accounts/login/", data=b"a=" + b"b" * 200_000, timeout=5)
    assert refused.value.code == 403  # no token: a page has answered

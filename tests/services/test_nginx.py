"""nginx by the rules of deploy/nginx, alone: what it does by itself, and when there is nobody behind it."""

import http.client
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.fleet import nginx
from tools.fleet.processes import Process, free_port

pytestmark = pytest.mark.services


@pytest.fixture
def front(tmp_path: Path) -> Iterator[str]:
    """The address of one that nobody answers behind; `static/` in tmp_path is its folder of files."""
    port, nobody = free_port(), [free_port()]
    static = tmp_path / "static"
    static.mkdir()
    for name in ("base.css", "base.0123456789ab.css", "wave.svg"):
        (static / name).write_text("/* a file */")
    try:
        command = nginx.command(tmp_path / "nginx", port=port, pages=nobody, sockets=nobody, static=static)
    except nginx.NoNginx as reason:
        pytest.skip(str(reason))
    process = Process("nginx", command, {}, log=tmp_path / "log")
    process.start()
    try:
        process.wait_until(lambda: is_open(port))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.stop()


def is_open(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/static/base.css", timeout=5).close()
    except OSError:
        return False
    return True


def refusal(address: str) -> urllib.error.HTTPError:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(address, timeout=10)
    return refused.value


@pytest.mark.parametrize("path", ["/", "/help/", "/accounts/login/"])
def test_when_nobody_answers_it_says_whom_to_ring(front, path):
    away = refusal(f"{front}{path}")
    assert away.code == 503
    assert away.headers["Retry-After"]
    assert away.headers["Cache-Control"] == "no-store"
    assert away.headers["Content-Type"] == "text/html; charset=utf-8"
    words = away.read().decode()
    assert "999" in words
    assert "116 123" in words


def test_the_figures_are_handed_to_nobody(front):
    assert refusal(f"{front}/readyz").code == 503  # the premise: another address is passed on
    assert refusal(f"{front}/metrics").code == 404


def test_a_request_that_fails_is_written_down_nowhere(front, tmp_path):
    for _try in range(150):  # past the burst as well
        line = http.client.HTTPConnection(front.removeprefix("http://"), timeout=20)
        line.request("GET", "/members/robin/")
        status = line.getresponse().status
        line.close()
    assert status in {429, 503}
    assert refusal(f"{front}/static/robin.css").code == 404
    written = (tmp_path / "log").read_text()
    assert "robin" not in written and "127.0.0.1" not in written, written


@pytest.mark.parametrize(
    ("name", "kept"),
    [("base.css", "no-cache"), ("base.0123456789ab.css", "public, max-age=31536000, immutable")],
)
def test_a_file_is_kept_for_ever_where_its_name_carries_its_content(front, name, kept):
    with urllib.request.urlopen(f"{front}/static/{name}", timeout=10) as answer:
        assert answer.headers["Cache-Control"] == kept
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Content-Security-Policy" not in answer.headers


def test_a_picture_opened_by_itself_runs_nothing(front):
    with urllib.request.urlopen(f"{front}/static/wave.svg", timeout=10) as answer:
        assert answer.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/static/../nginx/nginx.conf", "/static../nginx/nginx.conf", "/static/%2e%2e/log"])
def test_nothing_beside_the_folder_is_served(front, path):
    assert refusal(f"{front}{path}").code in {400, 404, 503}


@pytest.mark.parametrize(("size", "status"), [(1024 * 1024 + 1, 413), (1024 * 1024, 503)])
def test_a_body_that_would_fill_a_disk_is_refused_before_it_is_read(front, size, status):
    line = http.client.HTTPConnection(front.removeprefix("http://"), timeout=20)
    line.putrequest("POST", "/posts/")
    line.putheader("Content-Length", str(size))
    line.endheaders(b"" if status == 413 else b"a" * size)
    assert line.getresponse().status == status
    line.close()


@pytest.mark.parametrize(
    ("heads", "status"),
    [
        (["Content-Length: 4"], 503),  # the premise: one length is passed on
        (["Transfer-Encoding: chunked"], 503),
        (["Content-Length: 4", "Transfer-Encoding: chunked"], 400),
        (["Transfer-Encoding: chunked", "Content-Length: 4"], 400),
        (["Content-Length: 4", "Content-Length: 5"], 400),
        (["Content-Length: +4"], 400),
        (["Content-Length: 4, 4"], 400),
        (["Transfer-Encoding: chunked", "Transfer-Encoding: identity"], 400),
        (["Transfer-Encoding: xchunked"], 501),
    ],
)
def test_a_message_that_could_end_in_two_places_goes_no_further(front, heads, status):
    """What two servers would divide differently hides one request in another's body (request smuggling)."""
    host, _colon, port = front.removeprefix("http://").partition(":")
    body = "0\r\n\r\n" if "chunked" in heads[0] else "0\r\n\r"
    message = "\r\n".join(["POST /posts/ HTTP/1.1", f"Host: {host}", *heads, "Connection: close", "", body])
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(message.encode())
        answer = line.makefile("rb").readline().decode()
    assert answer.split()[1] == str(status), answer

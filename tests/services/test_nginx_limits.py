"""deploy/nginx before a site that only says yes: who drips, floods or sends too much is stopped there, in words, and dressed."""

import asyncio
import http.client
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.harbour import free_port
from tools.fleet import nginx

POLICY = "default-src 'none'; script-src 'self'"
PATIENCE = 10  # seconds that nginx waits for the whole head of a request, and between two pieces of its body
OF_OURS = {
    "Strict-Transport-Security": "max-age=63072000",
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Request-ID": "from-harbour",
    "Cache-Control": "no-store",
}
UNTRUSTING = ssl._create_unverified_context()


class Yes:
    """Answers every request as Harbour would, and keeps every socket open."""

    def __init__(self) -> None:
        self.port, self.heads = 0, []
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        threading.Thread(target=self._serve, args=[ready], daemon=True).start()
        ready.wait(10)

    def _serve(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._answer, "127.0.0.1", 0, backlog=1000))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin1")
        self.heads.append(head)
        if "GET /ws/" in head:
            writer.write(b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n")
            await reader.read()
        else:
            said = "".join(f"{name}: {value}\r\n" for name, value in OF_OURS.items())
            writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{said}Content-Length: 2\r\n\r\nok".encode())
        writer.close()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)


class Front:
    """A real nginx with the rules of deploy/nginx, and TLS with a certificate of its own."""

    def __init__(self, folder: Path, pages: int, sockets: int) -> None:
        self.port, static = free_port(), folder / "static"
        static.mkdir()
        (static / "favicon.0123456789ab.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
        (static / "base.css").write_text("p {}")
        command = nginx.command(folder, port=self.port, pages=[pages], sockets=[sockets], static=static)
        key, certificate = folder / "key.pem", folder / "certificate.pem"
        made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test"]
        subprocess.run([*made, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
        main, plain = folder / "nginx.conf", f"listen 127.0.0.1:{self.port};"
        tls = f"{plain[:-1]} ssl; ssl_certificate {certificate}; ssl_certificate_key {key};"
        main.write_text(main.read_text().replace(plain, tls))
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE)
        self.get("/livez")

    def line(self) -> ssl.SSLSocket:
        deadline = time.monotonic() + 10
        while True:
            try:
                plain = socket.create_connection(("127.0.0.1", self.port), timeout=30)
                return UNTRUSTING.wrap_socket(plain)
            except ConnectionRefusedError:
                assert time.monotonic() < deadline and self.process.poll() is None, "nginx did not start"
                time.sleep(0.05)

    def get(self, path: str, method: str = "GET", headers: dict[str, str] | None = None) -> Any:
        answer = http.client.HTTPResponse(line := self.line(), method=method)
        more = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        line.sendall(f"{method} {path} HTTP/1.1\r\nHost: harbour.test\r\nConnection: close\r\n{more}\r\n".encode())
        answer.begin()
        answer.words = answer.read().decode()
        return answer


@pytest.fixture(scope="module")
def yes() -> Iterator[Yes]:
    yes = Yes()
    yield yes
    yes.stop()


@pytest.fixture
def front(yes: Yes, tmp_path: Path) -> Iterator[Front]:
    try:
        nginx.binary()
    except nginx.NoNginx as reason:
        pytest.skip(str(reason))
    front = Front(tmp_path, pages=yes.port, sockets=yes.port)
    yield front
    front.process.terminate()
    front.process.wait(10)


def test_what_harbour_said_is_said_once_and_as_it_was(front: Front) -> None:
    answer = front.get("/")
    assert {name: answer.headers.get_all(name) for name in OF_OURS} == {name: [each] for name, each in OF_OURS.items()}


def test_what_nginx_says_by_itself_is_dressed_as_harbours_own(front: Front, tmp_path: Path) -> None:
    picture, style = front.get("/static/favicon.0123456789ab.svg"), front.get("/static/base.css")
    missing, metrics = front.get("/static/nothing.css"), front.get("/metrics")
    too_large = front.get("/posts/", "POST", {"Content-Length": str(2 * 1024 * 1024)})
    strange = front.get("/", headers={"Cookie": "a" * 20_000})
    assert [each.status for each in (picture, style, missing, metrics, too_large)] == [200, 200, 404, 404, 413]
    assert 400 <= strange.status < 500
    for answer in (picture, style, missing, metrics, too_large, strange):
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["X-Request-ID"]
        assert "nginx/" not in str(answer.headers) + answer.words
    for answer in (picture, missing, metrics, too_large, strange):
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; ")
        assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert picture.headers.get_all("Cache-Control") == ["public, max-age=31536000, immutable"]
    assert style.headers.get_all("Cache-Control") == ["no-cache"]
    assert {each.headers["Cache-Control"] for each in (missing, metrics, too_large)} == {"no-store"}
    assert "make it shorter" in too_large.words


def test_a_site_that_is_away_says_whom_to_ring(yes: Yes, tmp_path: Path) -> None:
    front = Front(tmp_path, pages=free_port(), sockets=free_port())
    try:
        answer = front.get("/")
    finally:
        front.process.terminate()
        front.process.wait(10)
    assert (answer.status, answer.headers.get_all("Retry-After")) == (503, ["5"])
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["Strict-Transport-Security"]
    assert "116 123" in answer.words


def test_a_flood_is_told_to_wait_and_help_stays_open(front: Front) -> None:
    with ThreadPoolExecutor(40) as crowd:
        answers = list(crowd.map(front.get, ["/"] * 400))
    stopped = [each for each in answers if each.status == 429]
    assert {each.status for each in answers} == {200, 429} and len(answers) - len(stopped) >= 100
    assert all(each.headers["Retry-After"] == "10" and "116 123" in each.words for each in stopped)
    assert front.get("/help/").status == 200


def test_nobody_forges_what_harbour_believes_of_its_proxy(front: Front, yes: Yes) -> None:
    forged = {
        "X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example", "X-Source-Port": "1",
        "X-Request-ID": "forged-request-id", "Daphne-Root-Path": "/elsewhere", "Upgrade": "websocket", "Connection": "close",
    }  # fmt: skip
    front.get("/forged/", headers=forged | {"X-Forwarded-For": "203.0.113.9"})
    (head,) = [each for each in yes.heads if "GET /forged/" in each]
    assert "X-Forwarded-For: 203.0.113.9, 127.0.0.1" in head and "X-Forwarded-Proto: https" in head
    for lie in ("evil.example", "X-Source-Port: 1\r", "forged-request-id", "/elsewhere", "Upgrade: websocket"):
        assert lie not in head


def test_who_drips_loses_their_place_and_others_notice_nothing(front: Front) -> None:
    """Slow loris: 100 heads and 100 bodies, a byte a second."""
    head, body = b"GET / HTTP/1.1\r\nHost: a\r\nX-A: ", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\n\r\na"
    lines = [front.line() for _each in range(200)]
    for place, line in enumerate(lines):
        line.sendall(head if place % 2 else body)
    began, waited = time.monotonic(), []
    open_still = dict(enumerate(lines))
    while open_still and time.monotonic() - began < 3 * PATIENCE:
        for place, line in list(open_still.items()):
            if _is_over(line, drip=bool(place % 2)):
                open_still.pop(place).close()
        asked = time.monotonic()
        assert front.get("/").status == 200
        waited.append(time.monotonic() - asked)
    assert not open_still
    assert sorted(waited)[len(waited) // 2] < 1


def _is_over(line: ssl.SSLSocket, *, drip: bool) -> bool:
    """Whether nginx has hung up; a head gets another byte, a body nothing more."""
    line.settimeout(0.01)
    try:
        if drip:
            line.sendall(b"a")
        return line.recv(4096) == b"" or line.recv(4096) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def test_one_address_holds_so_many_sockets_and_no_more(front: Front) -> None:
    upgrade = b"GET /ws/ HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
    lines = [_sent(front, upgrade) for _each in range(500)]
    assert {_status(line) for line in lines} == {"101"}
    assert _status(_sent(front, upgrade)) == "429"
    assert front.get("/help/").status == front.get("/").status == 200, "pages are counted apart"


def test_one_address_has_so_many_requests_under_way_and_no_more(front: Front) -> None:
    """Bodies that never come. The limit of requests a second stops some of them first; those are sent anew."""
    body = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\na"
    held: list[ssl.SSLSocket] = []
    deadline = time.monotonic() + PATIENCE - 1  # then the first of them lose their places
    while len(held) < 200 and time.monotonic() < deadline:
        held += [line for line in [_sent(front, body) for _each in range(10)] if _waits(line)]
    assert len(held) >= 200
    answer = front.get("/")
    assert answer.status == 429 and "116 123" in answer.words
    assert front.get("/help/").status == 200


def _sent(front: Front, request: bytes) -> ssl.SSLSocket:
    line = front.line()
    line.sendall(request)
    return line


def _waits(line: ssl.SSLSocket) -> bool:
    """Whether nothing is said to it within a fiftieth of a second."""
    line.settimeout(0.02)
    try:
        line.recv(1)
    except TimeoutError:
        return True
    return False


def _status(line: ssl.SSLSocket) -> str:
    return line.recv(4096).decode().split(" ")[1]

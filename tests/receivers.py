"""Real machines that pages go to: an HTTP receiver and a mail server, each in a thread of its own."""

import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

from tests.harbour import free_port


@dataclass
class Got:
    """One request, as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def said(self) -> Any:
        return json.loads(self.body)

    @property
    def key(self) -> str:
        return self.headers["Idempotency-Key"]


class Receiver:
    """`answers(got)` says with which status it answers; it may wait as long as it likes. Everything is kept in `got`."""

    def __init__(self, answers: Callable[[Got], int] = lambda got: 202) -> None:
        self.got: list[Got] = []
        self.answers = answers
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length)
                if len(body) < length:
                    return  # whoever sent it died in the middle: no receiver takes half a page
                got = Got(self.command, self.path, dict(self.headers), body, time.time())
                receiver.got.append(got)
                status = receiver.answers(got)
                try:
                    self.send_response(status)
                    self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                    self.end_headers()
                except OSError:
                    return  # whoever asked is gone

            do_GET = do_POST  # noqa: N815

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait_for(self, number: int, patience: float = 30.0) -> list[Got]:
        """What it got, once that is so many. Fails when they do not come."""
        deadline = time.monotonic() + patience
        while len(self.got) < number and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(self.got) >= number, f"{len(self.got)} of {number} came"
        return self.got


def is_signed(got: Got, key: str, now: float, within: int = 300) -> bool:
    """What a receiver does with the header, in the standard library alone."""
    match = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", got.headers["Harbour-Signature"])
    if match is None or abs(now - int(match[1])) > within:
        return False
    wanted = hmac.new(key.encode(), match[1].encode() + b"." + got.body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted, match[2])


@dataclass
class Post:
    """A real mail server that keeps what it takes."""

    letters: list[Any] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(envelope)
        return "250 taken"

    def __enter__(self) -> "Post":
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._controller.stop()

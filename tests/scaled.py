"""The scale mode in front of a test's own rows: nginx, two processes with pages, two with sockets, two clocks."""

import http.client
import os
import re
import shutil
import tempfile
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from django.conf import settings
from django.db import connection

from tests.harbour import Site
from tools.fleet.fleet import Fleet

SWITCH = "HARBOUR_TEST_SCALE"
FORGED = "203.0.113.9"  # where every form of a visitor's says it comes from
TOKEN = "a-token-of-the-tests-that-is-long-enough"


class ScaledHarbour(Site):
    """`fleet` has its processes. Tests run on the PostgreSQL and Redis that the environment names."""

    @staticmethod
    def is_wanted() -> bool:
        return SWITCH in os.environ

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="harbour-scaled-"))
        environment = {
            "HARBOUR_ENV": "test",
            "HARBOUR_DATA_DIR": str(settings.DATA_DIR),
            "HARBOUR_DATABASE_URL": database_url(),
            "HARBOUR_REDIS_URL": settings.REDIS_URL,
            "HARBOUR_METRICS_TOKEN": TOKEN,
        }
        self.fleet = Fleet(self._folder, environment, logs=self._folder)
        self.port, self.url = self.fleet.port, self.fleet.url

    def start(self) -> None:
        """Raises NotStarted with what was printed."""
        try:
            self.fleet.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        self.fleet.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def said(self) -> str:
        """What all of them have printed so far."""
        return "".join(log.read_text(errors="replace") for log in sorted(self._folder.glob("*.log")))


def database_url() -> str:
    """Of the very database that the test writes to, on PostgreSQL."""
    known = connection.settings_dict
    where = f"{quote(known['HOST'], safe='')}{':' + str(known['PORT']) if known['PORT'] else ''}"
    who = quote(known["USER"]) + (f":{quote(known['PASSWORD'], safe='')}" if known["PASSWORD"] else "")
    return f"postgres://{who}@{where}/{known['NAME']}"


class Visitor:
    """A browser's cookies and forms, with a line of its own for each request, as nginx gives each to a process."""

    def __init__(self, site: ScaledHarbour, person: Any) -> None:
        self._site = site
        self._cookies = dict([site.cookie(person).split("=", 1)])

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, **form: str) -> int:
        _status, page = self.get("/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None, page[:500]
        body = urlencode({**form, "csrfmiddlewaretoken": token[1]})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": FORGED}
        return self._ask("POST", path, body, headers)[0]

    def share(self, body: str) -> int:
        return self.post("/posts/", body=body, intent="hello", key=str(uuid4()), content_note="")

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, str]:
        line = http.client.HTTPConnection("127.0.0.1", self._site.port, timeout=60)
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        try:
            line.request(method, path, body=body, headers={"Cookie": cookies, "Origin": self._site.url, **headers})
            answer = line.getresponse()
            for name, morsel in SimpleCookie("; ".join(answer.headers.get_all("Set-Cookie") or [])).items():
                self._cookies[name] = morsel.value
            return answer.status, answer.read().decode()
        finally:
            line.close()

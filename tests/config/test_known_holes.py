"""`make audit` fails on a known hole, and on a package that could not be asked about. What answers here speaks as osv.dev does."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tools.audit import STRICT
from tools.locked import BENCH, ROOT, SERVES, SERVICES, TESTS, pinned

HOLE = {
    "id": "GHSA-test-hole-here",
    "summary": "Words get out.",
    "affected": [
        {
            "package": {"name": "bleach", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99"}]}],
        }
    ],
}


@contextmanager
def answering(known: dict[str, dict[str, object]], status: int = 200) -> Iterator[tuple[str, list[str]]]:
    """A service that knows of these holes, by package; its address, and which packages it was asked about."""
    asked: list[str] = []

    class Service(BaseHTTPRequestHandler):
        def do_POST(self):
            query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(f"{query['package']['name']}=={query['version']}")
            hole = known.get(query["package"]["name"])
            body = json.dumps({"vulns": [hole]} if hole else {}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query", asked
    server.shutdown()


def audit(url: str, module: str, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", module, *words, "-s", "osv", "--osv-url", url, "--cache-dir", "/nonexistent"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_every_package_of_every_file_is_asked_about_and_nothing_known_is_a_success():
    with answering({}) as (url, asked):
        done = audit(url, "tools.audit")
    assert done.returncode == 0, done.stderr
    names = {each.name for file in (SERVES, TESTS, SERVICES, BENCH) for each in pinned(file)}
    elsewhere = {"async-timeout", "colorama", "u-msgpack-python"}  # their markers name other systems and Pythons
    assert {each.split("==")[0] for each in asked} >= names - elsewhere


def of_what_serves(known: dict[str, dict[str, object]], status: int = 200) -> "subprocess.CompletedProcess[str]":
    with answering(known, status) as (url, _asked):
        return audit(url, "pip_audit", *STRICT, "--requirement", SERVES)


def test_a_known_hole_is_named_with_what_mends_it_and_fails():
    done = of_what_serves({"bleach": HOLE})
    assert done.returncode == 1
    assert "GHSA-test-hole-here" in done.stdout and "99" in done.stdout


@pytest.mark.parametrize("status", [404, 500])
def test_a_service_that_does_not_answer_is_no_success(status):
    assert of_what_serves({}, status).returncode != 0

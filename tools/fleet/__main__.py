"""What `make scale` does: the demo harbour on PostgreSQL and Redis behind nginx, until Ctrl-C. Nothing of it is kept."""

import argparse
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.services.postgresql import NoPostgreSQL, running_postgresql
from tests.services.redis import NoRedis, running_redis
from tools.fleet.fleet import SERVERS, Fleet
from tools.fleet.nginx import NoNginx
from tools.fleet.processes import ROOT, NotStarted

TOLD_TO_STOP = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def demo_fleet(port: int, servers: list[str]) -> Iterator[tuple[Fleet, str]]:
    """A running fleet with the demo in it, and the token that opens its /metrics."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="harbour-scale-")))
        token = secrets.token_urlsafe(32)
        environment = {
            "HARBOUR_ENV": "demo",
            "HARBOUR_DATABASE_URL": stack.enter_context(running_postgresql()),
            "HARBOUR_REDIS_URL": stack.enter_context(running_redis()),
            "HARBOUR_DATA_DIR": str(folder / "var"),
            "HARBOUR_METRICS_TOKEN": token,
        }
        fleet = Fleet(folder, environment, port=port, servers=servers)
        print("Filling the demo. This takes a little while.", flush=True)
        prepare = [sys.executable, "-m", "tools.prepare"]
        surroundings = {**os.environ, **environment, "PORT": str(port)}
        subprocess.run(prepare, cwd=ROOT, env=surroundings, check=True, start_new_session=True)
        stack.callback(fleet.stop)
        fleet.start()
        yield fleet, token


def main() -> int:
    asked = argparse.ArgumentParser(prog="tools/scale", description="The scale mode on this machine.")
    asked.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    asked.add_argument(
        "--servers", default=",".join(SERVERS), help="who serves sockets, a process each: uvicorn,uvicorn"
    )
    given = asked.parse_args()
    for number in TOLD_TO_STOP:
        signal.signal(number, stop_once)
    try:
        with demo_fleet(given.port, given.servers.split(",")) as (fleet, token):
            print_where(fleet, token)
            while not (ended := fleet.ended()):
                time.sleep(1)
            print(f"{ended[0].name} has ended, and so everything stops.", file=sys.stderr)
    except KeyboardInterrupt:
        return 0
    except (NoPostgreSQL, NoRedis, NoNginx, NotStarted, subprocess.CalledProcessError) as reason:
        print(f"The scale mode cannot be had here. {reason}", file=sys.stderr)
    return 1


def stop_once(*_heard: object) -> None:
    """Raises KeyboardInterrupt; a second Ctrl-C must not leave half of it running."""
    for number in TOLD_TO_STOP:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def print_where(fleet: Fleet, token: str) -> None:
    print(f"Harbour is at {fleet.url}  (Ctrl-C stops all of it; nothing is kept)")
    for process in fleet.processes:
        where = f"port {process.port}" if process.port else ""
        print(f"  {process.name:24} {where:12} process {process.running.pid}")
    print(f"  curl -H 'Authorization: Bearer {token}' http://127.0.0.1:{fleet.sockets[0].port}/metrics", flush=True)


if __name__ == "__main__":
    sys.exit(main())

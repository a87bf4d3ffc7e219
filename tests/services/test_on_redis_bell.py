"""The bell between processes, through a real Redis that comes and goes."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from uuid import uuid4

import pytest
import redis as redis_client
from django.conf import settings as live_settings

from forum.models import Post
from realtime import bell
from tests.harbour import Harbour
from tests.services.redis import start_redis
from tests.services.ringers import PATIENCE, OtherProcess

pytestmark = pytest.mark.services


class OwnRedis:
    def __init__(self, folder: Path) -> None:
        self.url = f"unix://{folder}/redis.sock"
        self._folder, self._process = folder, start_redis(folder)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def start(self) -> None:
        self._process = start_redis(self._folder)

    def listeners(self) -> int:
        [(_name, number)] = redis_client.Redis.from_url(self.url).pubsub_numsub(bell.CHANNEL)
        return int(number)


def until(said: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not said():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.02)


@pytest.fixture
def redis(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[OwnRedis]:
    """This process rings through it too."""
    own = OwnRedis(tmp_path)
    settings.REDIS_URL = own.url
    monkeypatch.setattr(bell, "_client", None)
    monkeypatch.setattr(bell, "_silent_until", 0.0)
    yield own
    own.kill()


@pytest.fixture
def neighbour(redis: OwnRedis) -> Iterator[OtherProcess]:
    environment = Harbour(Path(live_settings.DATA_DIR)).environment
    other = OtherProcess({**environment, "HARBOUR_REDIS_URL": redis.url})
    until(lambda: redis.listeners() == 1)
    yield other
    other.end()


@pytest.fixture
def rung(redis: OwnRedis, neighbour: OtherProcess) -> Iterator[SimpleQueue[list[str]]]:
    """What this process hears."""
    heard: SimpleQueue[list[str]] = SimpleQueue()
    with bell.listening(lambda streams: heard.put(list(streams))):
        until(lambda: redis.listeners() == 2)
        yield heard


def test_what_one_process_rings_the_other_hears(neighbour, rung):
    bell.ring(["member:7", "wall"])
    assert neighbour.heard() == ["member:7", "wall"]
    neighbour.ring(["staff"])
    assert rung.get(timeout=PATIENCE) == ["member:7", "wall"]
    assert rung.get(timeout=PATIENCE) == ["staff"]


def test_nobody_hears_their_own_ring_twice(neighbour, rung):
    bell.ring(["wall"])
    assert neighbour.heard() == ["wall"]
    neighbour.ring(["staff"])  # what Redis sent before it has come before it
    assert neighbour.heard() == ["staff"]
    assert [rung.get(timeout=PATIENCE) for _ring in range(2)] == [["wall"], ["staff"]]
    assert rung.empty() and not neighbour.has_heard_more()


def test_after_redis_was_killed_and_started_again_they_hear_again(redis, neighbour, rung):
    redis.kill()
    bell.ring(["wall"])  # nobody else hears it, and nothing is raised
    assert rung.get(timeout=PATIENCE) == ["wall"]
    redis.start()
    until(lambda: redis.listeners() == 2)
    until(lambda: time.monotonic() >= bell._silent_until)
    bell.ring(["staff"])
    assert neighbour.heard() == ["staff"]
    neighbour.ring(["member:7"])
    assert rung.get(timeout=PATIENCE) == ["staff"]
    assert rung.get(timeout=PATIENCE) == ["member:7"]


@pytest.fixture
def harbour(transactional_db: None, redis: OwnRedis) -> Iterator[Harbour]:
    served = Harbour(Path(live_settings.DATA_DIR), HARBOUR_REDIS_URL=redis.url)
    served.start()
    yield served
    served.stop()


def post_over(socket: Any, words: str) -> dict[str, Any]:
    """The answer to a post, whatever else is heard meanwhile."""
    socket.send(json.dumps({"type": "post", "key": str(uuid4()), "body": words, "intent": "support"}))
    frame = json.loads(socket.recv(timeout=PATIENCE))
    while frame["type"] not in ("ack", "refused"):
        frame = json.loads(socket.recv(timeout=PATIENCE))
    return dict(frame)


def hear(socket: Any, post_id: int) -> None:
    frame = json.loads(socket.recv(timeout=PATIENCE))
    while (frame["type"], frame.get("id")) != ("event", post_id):
        frame = json.loads(socket.recv(timeout=PATIENCE))


def test_with_redis_dead_posting_goes_on_and_everybody_hears_it(harbour, redis, member, other_member):
    with harbour.socket(member) as socket, harbour.socket(other_member) as other:
        for words in ("Redis is there.", "Redis is dead.", "Redis is back."):
            if words.startswith("Redis is dead"):
                redis.kill()
            elif words.startswith("Redis is back"):
                redis.start()
            answer = post_over(socket, words)
            assert (answer["type"], answer.get("status")) == ("ack", "visible")
            assert Post.objects.get(pk=answer["id"]).body == words
            hear(other, answer["id"])
    assert "Traceback" not in harbour.said()

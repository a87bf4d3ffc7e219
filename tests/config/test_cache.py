"""The cache on a real Redis, and what goes on while that is away."""

import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from subprocess import Popen
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from config import cache as ours
from config.cache import RedisOrMemory
from config.environment import Environment
from moderation import flood
from moderation.models import Letter
from tests.conftest import PASSWORD
from tests.services.redis import NoRedis, start_redis

pytestmark = pytest.mark.django_db


@dataclass
class OwnRedis:
    """`kill()` as a power cut does; `start()` brings it back empty."""

    folder: Path
    process: "Popen[bytes] | None" = None

    def start(self) -> None:
        self.process = start_redis(self.folder)

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


@pytest.fixture
def redis(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[OwnRedis]:
    own = OwnRedis(tmp_path)
    try:
        own.start()
    except NoRedis as reason:
        pytest.skip(str(reason))
    monkeypatch.setattr(ours, "PAUSE", 0.0)
    settings.CACHES = {"default": Environment(tmp_path).cache(f"unix://{tmp_path}/redis.sock")}
    cache.memory.clear()
    yield own
    own.kill()


def another_process() -> RedisOrMemory:
    """It has no memory in common with this one."""
    return RedisOrMemory(cache._servers[0], {})


def test_what_one_process_counts_the_others_count_on(redis):
    cache.add("sent", 1)
    assert another_process().incr("sent") == 2
    assert cache.memory.get("sent") is None


def test_while_redis_is_away_memory_serves_and_limits_go_on_counting(redis):
    redis.kill()
    assert cache.get("asked", "nothing") == "nothing"
    assert cache.add("sent", 1) and not cache.add("sent", 1)
    assert cache.incr("sent") == 2
    cache.set_many({"a": 1, "b": 2})
    assert cache.get_many(["a", "b", "c"]) == {"a": 1, "b": 2}
    assert cache.delete("a") and not cache.has_key("a")


def test_after_a_failure_redis_is_left_alone_for_a_while(redis, monkeypatch):
    monkeypatch.setattr(ours, "PAUSE", 60.0)
    monkeypatch.setattr(ours, "_away_until", 0.0)
    redis.kill()
    cache.set("kept", "here")
    redis.start()
    assert cache.get("kept") == "here"


def test_once_it_is_back_it_is_asked_again(redis):
    redis.kill()
    cache.set("kept", "here")
    redis.start()
    assert cache.get("kept") is None
    cache.set("kept", "there")
    assert another_process().get("kept") == "there"


def test_with_redis_away_a_worry_from_outside_is_taken(redis):
    redis.kill()
    fields = {
        "door": "worry",
        "category": "worried",
        "about": "robin",
        "note": "She has gone quiet.",
        "key": str(uuid4()),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flood, "TOO_QUICK", timedelta())
        answer = Client().post("/report/", {**fields, "website": "", "stamp": flood.stamp()})
    assert answer.status_code == 200
    assert Letter.objects.get().note == "She has gone quiet."


def test_with_redis_away_people_sign_in_and_guesses_are_still_counted(redis, settings, member):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/m/key"}
    redis.kill()

    def sign_in(password: str) -> int:
        return Client().post("/accounts/login/", {"login": member.email, "password": password}).status_code

    assert sign_in(PASSWORD) == 302
    assert [sign_in("not it at all") for _guess in range(3)] == [422] * 3
    assert sign_in(PASSWORD) != 302


def test_with_redis_away_words_are_found(redis, as_, member):
    redis.kill()
    asked = as_(member).post("/search/", {"query": "sleep", "among": "everything"})
    assert asked.status_code in (302, 303)
    assert as_(member).get(asked["Location"]).status_code == 200


def test_what_is_kept_comes_back_and_nothing_in_it_can_run(redis: OwnRedis) -> None:
    for number, kept in enumerate([7, [1.5, 2.5], {"query": "caf\u00e9", "lens": ""}, "<p>words</p>", True]):
        cache.set(f"kept-{number}", kept)
        assert another_process().get(f"kept-{number}") == kept
    assert cache.incr("kept-0") == 8
    trap = pickle.dumps(Trap())
    cache._cache.get_client(None, write=True).set(cache.make_and_validate_key("trap"), trap)
    with pytest.raises(ValueError, match=r"."):
        cache.get("trap")
    assert Trap.sprung == []
    pickle.loads(trap)  # the premise: it would have
    assert Trap.sprung == ["sprung"]


class Trap:
    """What does something by being read."""

    sprung: ClassVar[list[str]] = []

    def __reduce__(self) -> Any:
        return _spring, ("sprung",)


def _spring(word: str) -> None:
    Trap.sprung.append(word)

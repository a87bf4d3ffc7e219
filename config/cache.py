"""The cache on Redis, which every process shares; while Redis is away each makes do with its own memory.

So nobody is kept from signing in or from saying that they worry, and limits go on counting, in each process by itself.
"""

import json
import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

logger = logging.getLogger(__name__)

PATIENCE = 0.3  # seconds to wait for Redis: pages are drawn meanwhile
PAUSE = 5.0  # seconds in which it is not asked again after a failure

WRITTEN_AS = 2  # how values are written: what an earlier release wrote otherwise is never read

_away_until = 0.0


def _or_memory(name: str) -> Callable[..., Any]:
    def ask(cache: "RedisOrMemory", *args: Any, **kwargs: Any) -> Any:
        from redis.exceptions import RedisError  # only where Redis is used: the embedded mode does not install it

        global _away_until
        if time.monotonic() >= _away_until:
            try:
                return getattr(RedisCache, name)(cache, *args, **kwargs)
            except RedisError as error:
                _away_until = time.monotonic() + PAUSE
                logger.warning("cache_away: Redis did not answer (%s); memory serves meanwhile", type(error).__name__)
        return getattr(cache.memory, name)(*args, **kwargs)

    return ask


class JsonSerializer:
    """Numbers, words, lists and tables by name, and nothing that could run: Django's own would unpickle whatever somebody who
    can write to Redis has put there.
    """

    def dumps(self, value: Any) -> int | str:
        return value if type(value) is int else json.dumps(value)  # Redis itself counts numbers on

    def loads(self, stored: bytes) -> Any:
        """Raises ValueError for what is none of ours."""
        return json.loads(stored)


class RedisOrMemory(RedisCache):
    """Asks Redis, and after a failure this process's memory for a while. Raises only what a cache in memory would."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        usual = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE, "serializer": JsonSerializer}
        super().__init__(server, {**params, "VERSION": WRITTEN_AS, "OPTIONS": {**usual, **params.get("OPTIONS", {})}})
        self.memory = LocMemCache("while Redis is away", {**params, "OPTIONS": {"MAX_ENTRIES": 10_000}})

    add = _or_memory("add")
    get = _or_memory("get")
    set = _or_memory("set")
    touch = _or_memory("touch")
    delete = _or_memory("delete")
    get_many = _or_memory("get_many")
    has_key = _or_memory("has_key")
    incr = _or_memory("incr")
    set_many = _or_memory("set_many")
    delete_many = _or_memory("delete_many")
    clear = _or_memory("clear")

"""The bell: tells every hub that there is something new. A hint; whether it rings never changes an answer."""

import contextlib
import logging
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.conf import settings

logger = logging.getLogger(__name__)

Listener = Callable[[Sequence[str]], None]

CHANNEL = "harbour:bell"
PATIENCE = 0.3  # seconds to wait for Redis: a request is answered after this, rung or not
PAUSE = 5.0  # seconds without trying after a failure; hubs look by themselves every second

_listeners: list[Listener] = []
_lock = threading.Lock()
_client: Any = None
_silent_until = 0.0
_voice = secrets.token_hex(8)  # whose rings these are: this process has heard its own already


def _after_fork() -> None:
    """A child of this process has a voice and a connection of its own."""
    global _client, _voice
    _client, _voice = None, secrets.token_hex(8)


os.register_at_fork(after_in_child=_after_fork)


def ring(streams: Sequence[str]) -> None:
    """Wake this process's hub and, with Redis, everyone else's. Never raises; the hubs look by themselves in any case."""
    for listener in list(_listeners):
        with contextlib.suppress(RuntimeError):  # its loop has just closed
            listener(streams)
    if settings.REDIS_URL:
        _publish(streams)


@contextlib.contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Call `listener(stream names)` at every ring, from any thread, while the block runs."""
    stop = threading.Event()
    _listeners.append(listener)
    if settings.REDIS_URL:
        threading.Thread(target=_subscribe, args=(listener, stop), name="bell", daemon=True).start()
    try:
        yield
    finally:
        stop.set()
        _listeners.remove(listener)


def _publish(streams: Sequence[str]) -> None:
    global _client, _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        with _lock:
            _client = _client or _connect(socket_timeout=PATIENCE)
        _client.publish(CHANNEL, " ".join([_voice, *streams]))
    except Exception as error:
        _silent_until = time.monotonic() + PAUSE
        logger.warning(
            "bell_silent: Redis did not answer (%s); other processes hear within a second", type(error).__name__
        )


def _subscribe(listener: Listener, stop: threading.Event) -> None:
    """Pass on what other processes ring, and come back by itself after Redis was away."""
    while not stop.is_set():
        try:
            with _connect(socket_timeout=PAUSE).pubsub(ignore_subscribe_messages=True) as subscription:
                subscription.subscribe(CHANNEL)
                while not stop.is_set():
                    message = subscription.get_message(timeout=1.0)
                    if message:
                        voice, *names = message["data"].decode().split(" ")
                        if voice != _voice:
                            listener(names)
        except Exception as error:
            logger.warning("bell_deaf: Redis is away (%s); this hub looks every second", type(error).__name__)
            stop.wait(2.0)


def _connect(socket_timeout: float) -> Any:
    import redis  # only where Redis is used: the embedded mode does not install it

    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=socket_timeout, socket_connect_timeout=PATIENCE, health_check_interval=15
    )

"""A process that is about to stop: it says so to whoever asks, and tells its sockets in slices when to come back."""

import threading
from secrets import SystemRandom

SLICE = 250  # sockets told at once
PAUSE = 0.05  # seconds between two slices
BACK_A_SECOND = 400  # sockets that come back to the processes that are left
BACK_WITHIN = 30.0  # seconds, however many they are: past it, browsers tell of a site that is busy

_draining = threading.Event()
_chance = SystemRandom()


def begin() -> None:
    """From now on this process takes in nobody, and /readyz says so."""
    _draining.set()


def is_draining() -> bool:
    return _draining.is_set()


def retry_after(sockets: int) -> float:
    """Seconds after which one of so many sockets may come back. Each draws its own, so that they do not come all at once."""
    return round(1 + _chance.uniform(0, min(sockets / BACK_A_SECOND, BACK_WITHIN - 1)), 1)

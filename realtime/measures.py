"""How live delivery is doing, in numbers: for whoever watches the site. No ids, no words, nobody's name."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from realtime import log
from realtime.hub import Hub
from realtime.models import Delivery

PATIENCE = 2.0  # seconds the hub's loop may take to answer


@dataclass(frozen=True, slots=True)
class Sockets:
    """Of this process alone. Events are counted as each socket has them to read."""

    open: int = 0
    unacknowledged: int = 0  # of all sockets together
    unacknowledged_most: int = 0  # of one socket
    lag: int = 0  # events that the log holds and this process's hub has not told


@dataclass(frozen=True, slots=True)
class Waiting:
    """Deliveries that are due."""

    urgent: bool
    count: int
    oldest_due_at: datetime


def measure_sockets() -> Sockets:
    """Call from any thread but the hub's own. Raises TimeoutError when its loop is stuck."""
    hub = Hub.running()
    if hub is None or not hub.loop.is_running():
        return Sockets()
    owed, told = asyncio.run_coroutine_threadsafe(hub.measure(), hub.loop).result(PATIENCE)
    now = log.positions(told)
    lag = sum(max(0, now[name] - head) for name, head in told.items())
    return Sockets(len(owed), sum(owed), max(owed, default=0), lag)


def waiting_deliveries(now: datetime) -> list[Waiting]:
    due = Delivery.objects.filter(state=Delivery.State.WAITING, due_at__lte=now)
    groups = due.values("urgent").annotate(count=Count("pk"), oldest=Min("due_at"))
    return [Waiting(group["urgent"], group["count"], group["oldest"]) for group in groups]

"""How long a slice of what is forgotten holds its locks: from when its first DELETE is sent until it is committed."""

import statistics
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection, models
from django.utils import timezone

from forum.models import Notice
from realtime.clock import KEPT
from realtime.models import Delivery, Event
from realtime.pruning import forget_slice

MOST = 400  # slices of each table: a hundred thousand rows


@dataclass(slots=True)
class Slices:
    rows: int = 0
    times: list[float] = field(default_factory=list)  # milliseconds

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def longest(self) -> float:
        return max(self.times)


def forget_everything() -> dict[str, Slices]:
    """Forgets what is old, as the clock does, one slice after the other."""
    now = timezone.now()
    return {
        "the log": _forget(Event.objects.filter(at__lt=now - KEPT), "at"),
        "deliveries": _forget(Delivery.objects.filter(done_at__lt=now - KEPT), "done_at"),
        "notices": _forget(Notice.objects.filter(read_at__lt=now - timedelta(days=90)), "read_at"),
    }


def _forget(rows: models.QuerySet[Any], by: str) -> Slices:
    slices = Slices()
    for _turn in range(MOST):
        locked: list[float] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any, locked: list[float] = locked) -> Any:
            if sql.startswith(("DELETE", "BEGIN")):
                locked.append(time.perf_counter())
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            gone = forget_slice(rows, by)
        if not gone:
            break
        slices.rows += gone
        slices.times.append(1000 * (time.perf_counter() - locked[0]))
    return slices

"""The clock: runs what is due. State is in the database, so a dead clock makes things late, never lost.

Any number of clocks may run. What is due at most every ten seconds runs once between all of them, by a guarded UPDATE on its
Tick row. What is due more often runs in each of them, keeps no row (an idle clock writes nothing), and must guard the rows it
touches by itself, as realtime.deliveries does.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import close_old_connections
from django.utils import timezone

from realtime.models import Tick

logger = logging.getLogger(__name__)

KEPT = timedelta(days=7)  # events and what became of deliveries; a page open for longer is told to fetch itself afresh
PRUNED_EVERY = 60.0  # seconds; a run takes a few slices, so that a backlog makes nothing else late
OWN_ROW_FROM = 10.0  # seconds between runs from which a task is guarded by its Tick row
PAUSE = 1.0  # seconds between two looks
SET_BACK = timedelta(
    seconds=60
)  # no two machines' times differ by so much: who ran further ahead, ran before a set-back
HEARTBEAT = "clock"
LATE_AFTER = timedelta(seconds=60)  # a clock that has not run for so long is not well

Task = Callable[[], object]


@dataclass(frozen=True, slots=True)
class _Task:
    name: str
    every: timedelta
    run: Task
    lane: str


_tasks: dict[str, _Task] = {}
_ran_here: dict[str, datetime] = {}
_failed: set[str] = set()  # tasks whose last run in this process failed


def register_task(name: str, every_seconds: float, function: Task, lane: str = "main") -> None:
    """`function()` runs every so many seconds, catching up at once after a pause (once, however long it was).

    A lane has a thread of its own: what waits for other machines takes one, so that it makes nothing else late.
    """
    _tasks[name] = _Task(name, timedelta(seconds=every_seconds), function, lane)


def tick(lane: str | None = None) -> list[str]:
    """Run what is due, in one lane or in all, and return the names of the tasks that ran to their end.

    Reads first and writes only when something is due. A task that fails is logged and tried again when it is next due.
    """
    now = timezone.now()
    tasks = [task for task in _tasks.values() if lane in (None, task.lane)]
    last = dict(Tick.objects.values_list("name", "last_run_at"))
    return [task.name for task in tasks if _claim(task, last, now) and _run(task)]


def last_run_at() -> datetime | None:
    """When any clock last ran, to within ten seconds; None when none ever did."""
    return Tick.objects.filter(name=HEARTBEAT).values_list("last_run_at", flat=True).first()


def is_well() -> bool:
    """Whether a clock ran within the last minute and no task of this one failed when it last ran."""
    ran_at = last_run_at()
    return ran_at is not None and timezone.now() - ran_at <= LATE_AFTER and not _failed


def run_until(stop: threading.Event) -> None:
    """Tick every second in one thread per lane until `stop` is set, then wait for what is running (at most 4 s)."""
    lanes = sorted({task.lane for task in _tasks.values()})
    threads = [
        threading.Thread(target=_run_lane, args=(lane, stop), name=f"clock-{lane}", daemon=True) for lane in lanes
    ]
    for thread in threads:
        thread.start()
    stop.wait()
    deadline = time.monotonic() + 4.0
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))


def register_own_tasks() -> None:
    register_task(HEARTBEAT, OWN_ROW_FROM, lambda: None)


def _claim(task: _Task, last: dict[str, datetime | None], now: datetime) -> bool:
    """Whether this clock is the one that runs the task now."""
    if task.every.total_seconds() < OWN_ROW_FROM:
        ran = _ran_here.get(task.name)
        if ran is not None and ran <= now < ran + task.every:
            return False
        _ran_here[task.name] = now
        return True
    seen = last.get(task.name)
    if seen is not None and seen - SET_BACK < now < seen + task.every:
        return False  # but a time that was put back by an hour must not make everything late by an hour
    if task.name not in last:
        Tick.objects.bulk_create([Tick(name=task.name)], ignore_conflicts=True)
    # Another clock that saw the same time loses here: its UPDATE finds no such row any more.
    return Tick.objects.filter(name=task.name, last_run_at=seen).update(last_run_at=now) == 1


def _run(task: _Task) -> bool:
    try:
        task.run()
    except Exception:
        logger.exception("task_failed: %s; it is tried again in %s s", task.name, task.every.total_seconds())
        _failed.add(task.name)
        return False
    _failed.discard(task.name)
    return True


def _run_lane(lane: str, stop: threading.Event) -> None:
    while not stop.is_set():
        close_old_connections()
        try:
            tick(lane)
        except Exception:
            logger.exception("tick_failed: the clock goes on in a second")
        finally:
            close_old_connections()
        stop.wait(PAUSE)

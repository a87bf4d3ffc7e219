"""How long each class of data is kept (P6): one table, in which each app enters its own when it is ready.

The clock runs it. `manage.py retention` says what it would take, docs/privacy.md is drawn from it, and the tests move the clock
past every period in it. A model with anything of a person in it that is in no class fails the suite.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from realtime import clock, pruning
from realtime.models import Delivery, Event

Rows = QuerySet[Any]
HOUR, MINUTE = 3600.0, 60.0  # seconds between two runs


@dataclass(frozen=True, slots=True)
class Period:
    """One class of data that goes by the clock.

    `column` says how old a row is: it holds the moment from which `lasts` runs or, `from_end`, the moment at which it is over.
    `rows` are all that the class is about, without those that have gone already. `delayed` narrows rows that are over to those
    that nothing keeps; `delays` says what does. `blanks` are columns that are wiped while the row stays. `run` does it where
    somebody has to hear of each; it is the same rule, told to sockets.
    """

    name: str
    model: str
    what: str
    lasts: timedelta
    since: str
    rows: Callable[[], Rows]
    column: str
    from_end: bool = False
    delayed: Callable[[Rows], Rows] | None = None
    delays: str = ""
    blanks: Mapping[str, Any] | None = None
    every: float = HOUR
    run: Callable[[], object] | None = None
    lane: str = "main"

    @property
    def task(self) -> str:
        return f"forget.{self.name}"

    def over(self, at: datetime) -> Rows:
        """The rows whose time is over at that moment, whatever may delay them."""
        return self.rows().filter(**{f"{self.column}__lte": at if self.from_end else at - self.lasts})

    def due(self, at: datetime) -> Rows:
        """Those of them that nothing keeps."""
        over = self.over(at)
        return self.delayed(over) if self.delayed else over


@dataclass(frozen=True, slots=True)
class Counted:
    """What one class would lose: up to the end of today, in the thirty days from now on with today's, and what is past its
    time and kept all the same."""

    period: Period
    today: int
    month: int
    kept: int


_periods: dict[str, Period] = {}
_lasting: dict[str, str] = {}


def register(*periods: Period) -> None:
    """Enters classes into the table and into the clock's tasks. A name given twice is a mistake."""
    for period in periods:
        if period.name in _periods:
            raise ValueError(f"{period.name} is registered twice")
        _periods[period.name] = period
        schedule(period.name)


def schedule(name: str) -> None:
    period = _periods[name]
    clock.register_task(period.task, period.every, lambda: forget(name), period.lane)


def lasting(why: str, *models: str) -> None:
    """Models whose rows no date ends, and what does instead, in a sentence."""
    for model in models:
        if model in _lasting:
            raise ValueError(f"{model} is registered twice")
        _lasting[model] = why


def periods() -> list[Period]:
    return list(_periods.values())


def undated() -> dict[str, list[str]]:
    """Each sentence of `lasting`, with its models."""
    found: dict[str, list[str]] = {}
    for model, why in _lasting.items():
        found.setdefault(why, []).append(model)
    return found


def is_classed(model: str) -> bool:
    return model in _lasting or any(period.model == model for period in _periods.values())


def forget(name: str) -> int:
    """For the clock: a few slices of what is over in one class. Returns how many rows went; of a `run`, how many were due."""
    period = _periods[name]
    due = period.due(timezone.now())
    if period.run is None:
        return pruning.forget(due, period.column, period.blanks)
    count = due.count()
    period.run()
    return count


def count_due(now: datetime | None = None) -> list[Counted]:
    """What each class would lose, deleting nothing."""
    now = now or timezone.now()
    tonight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    month = now + timedelta(days=30)
    return [
        Counted(
            each, each.due(tonight).count(), each.due(month).count(), each.over(now).count() - each.due(now).count()
        )
        for each in periods()
    ]


def register_own() -> None:
    """What leaves after commit: the log, and what became of each message."""
    register(
        Period(
            "events", "realtime.Event", "That something changed, for open pages: numbers, no words",
            clock.KEPT, "it happened", Event.objects.all, "at", every=clock.PRUNED_EVERY,
        ),
        Period(
            "deliveries", "realtime.Delivery", "That a mail, call or notification left, and to which address. Its words are "
            "wiped as it leaves", clock.KEPT, "it left, or was given up", Delivery.objects.all, "done_at",
            every=clock.PRUNED_EVERY,
        ),
    )  # fmt: skip


def without(**held: Any) -> Callable[[Rows], Rows]:
    """For `delayed`: `without(member__standing="remembered")`."""
    return lambda rows: rows.exclude(Q(**held))

"""`/metrics`, for Prometheus and its like: who asks must bring HARBOUR_METRICS_TOKEN, and without one there is no such page.

Each process answers for itself: its sockets, its hub, its memory. What is read from the database is the same everywhere.
"""

import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.health import version
from moderation.waits import waits
from realtime import farewell
from realtime.clock import last_run_at
from realtime.measures import measure_sockets, waiting_deliveries

PLAIN = "text/plain; charset=utf-8"


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    if not settings.METRICS_TOKEN:
        raise Http404
    wanted = f"Bearer {settings.METRICS_TOKEN}".encode()
    if not secrets.compare_digest(request.headers.get("Authorization", "").encode("utf-8", "replace"), wanted):
        return HttpResponse("A token is needed.\n", PLAIN, status=401, headers={"WWW-Authenticate": "Bearer"})
    try:
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
    except ImportError:
        words = "prometheus-client is not installed: run “make .venv” in the directory of Harbour, which installs every extra\n"
        return HttpResponse(words, PLAIN, status=501)
    return HttpResponse(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


@cache
def _registry() -> Any:
    from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector

    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    registry.register(Harbour())
    return registry


class Harbour:
    """Looks anew at each scrape. Without a database it says that, and what can be told without one."""

    def describe(self) -> list[Any]:
        return []  # nothing to read before the first scrape

    def collect(self) -> Iterator[Any]:
        yield _gauge("harbour_info", "Which version answers.", [({"version": version()}, 1)])
        yield _gauge("harbour_draining", "1 while this process says goodbye and ends.", [({}, farewell.is_draining())])
        try:
            found = [*_of_sockets(), *_of_cases(), *_of_the_clock(), *_of_deliveries()]
        except (DatabaseError, TimeoutError):
            found = []
        yield _gauge("harbour_up", "0 without a database, or with a hub that is stuck.", [({}, bool(found))])
        yield from found


def _of_sockets() -> Iterator[Any]:
    here = measure_sockets()
    yield _gauge("harbour_sockets", "Open sockets of this process.", [({}, here.open)])
    yield _gauge(
        "harbour_unacknowledged_events_sum", "Events its sockets have not acknowledged.", [({}, here.unacknowledged)]
    )
    yield _gauge(
        "harbour_unacknowledged_events_max", "The same of the slowest socket.", [({}, here.unacknowledged_most)]
    )
    yield _gauge("harbour_hub_lag_events", "Events in the log that its hub has not told.", [({}, here.lag)])


def _of_cases() -> Iterator[Any]:
    now, found = timezone.now(), waits()
    labels = [{"state": wait.state, "severity": wait.severity} for wait in found]
    yield _gauge(
        "harbour_cases_waiting",
        "Cases that nobody holds: open for moderators, escalated for staff.",
        [(label, wait.count) for label, wait in zip(labels, found, strict=True)],
    )
    yield _gauge(
        "harbour_cases_oldest_wait_seconds",
        "How long the oldest of them has waited.",
        [(label, _age(wait.since, now)) for label, wait in zip(labels, found, strict=True)],
    )


def _of_the_clock() -> Iterator[Any]:
    ran_at = last_run_at()
    age = float("+Inf") if ran_at is None else _age(ran_at, timezone.now())
    yield _gauge("harbour_clock_age_seconds", "Since any clock last ran; +Inf when none ever did.", [({}, age)])


def _of_deliveries() -> Iterator[Any]:
    now = timezone.now()
    due = {group.urgent: group for group in waiting_deliveries(now)}
    counts, ages = [], []
    for urgent in (False, True):
        group, label = due.get(urgent), {"urgent": str(urgent).lower()}
        counts.append((label, group.count if group else 0))
        ages.append((label, _age(group.oldest_due_at, now) if group else 0))
    yield _gauge("harbour_deliveries_waiting", "Mail, calls and pushes that are due and have not left.", counts)
    yield _gauge("harbour_deliveries_oldest_seconds", "How long the oldest of them has been due.", ages)


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())


def _gauge(name: str, words: str, samples: Sequence[tuple[dict[str, str], float]]) -> Any:
    from prometheus_client.core import GaugeMetricFamily

    family = GaugeMetricFamily(name, words, labels=list(samples[0][0]))
    for labels, value in samples:
        family.add_metric(list(labels.values()), float(value))
    return family

"""The log: which rows changed, in the order in which it was committed. The one door to live delivery."""

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from realtime import bell
from realtime.models import Epoch, Event, Stream

_TAKE_NUMBERS = (
    "INSERT INTO realtime_stream (name, last_seq) VALUES (%s, %s) "
    "ON CONFLICT (name) DO UPDATE SET last_seq = realtime_stream.last_seq + excluded.last_seq RETURNING last_seq"
)
_HERE = (
    "SELECT name, last_seq FROM realtime_stream WHERE name IN ({}) "
    "UNION ALL SELECT value, -1 FROM realtime_epoch WHERE id = 1"
)
_STREAMS_PER_QUERY = 50


@dataclass(frozen=True, slots=True)
class NewEvent:
    """Something that happened to a row and is about to be written to one stream. Carries ids, never words."""

    stream: str
    kind: str
    ref: int
    version: int = 1
    actor: int | None = None


def append(*events: NewEvent) -> None:
    """Number and store events. Called once, as the last statement of the outermost action's transaction.

    Takes the streams' row locks in the order of their names and keeps them until commit: numbers are gapless, in
    commit order, and a rollback gives them back. After commit the hubs of every process are rung.

    Raises RuntimeError outside a transaction, where a reader could see a number before the row it speaks of.
    """
    if not events:
        return
    if not connection.in_atomic_block:
        raise RuntimeError("log.append belongs inside the action's transaction.atomic()")
    counts = Counter(event.stream for event in events)
    next_seq = {name: _take_numbers(name, counts[name]) for name in sorted(counts)}
    now = timezone.now()
    rows = []
    for event in events:
        rows.append(
            Event(
                stream=event.stream,
                seq=next_seq[event.stream],
                kind=event.kind,
                ref=event.ref,
                version=event.version,
                actor=event.actor,
                at=now,
            )
        )
        next_seq[event.stream] += 1
    Event.objects.bulk_create(rows)
    names = sorted(counts)
    transaction.on_commit(lambda: bell.ring(names), robust=True)


def _take_numbers(name: str, count: int) -> int:
    """The first of `count` numbers now taken on a stream; makes the stream when it is new."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_NUMBERS, [name, count])
        last_seq: int = cursor.fetchone()[0]
    return last_seq - count + 1


def positions(names: Iterable[str]) -> dict[str, int]:
    """The last number of each stream; 0 for one that nothing was written to yet."""
    found = dict.fromkeys(names, 0)
    found.update(Stream.objects.filter(name__in=list(found)).values_list("name", "last_seq"))
    return found


def here(names: Iterable[str]) -> tuple[dict[str, int], str]:
    """The last number of each stream and the epoch they belong to, in one query: what a page must know before its rows."""
    found = dict.fromkeys(names, 0)
    with connection.cursor() as cursor:  # by hand, because every page asks it
        cursor.execute(_HERE.format(", ".join(["%s"] * len(found))), list(found))
        told: dict[str, int] = dict(cursor.fetchall())
    life = next((name for name, seq in told.items() if seq == -1), "")
    return {name: told.get(name, 0) for name in found}, life or epoch()


def read_after(cursors: Mapping[str, int], limit: int) -> list[Event]:
    """At most `limit` events after each stream's number, ordered by stream and number. A short answer is the whole."""
    names = sorted(cursors)
    found: list[Event] = []
    for start in range(0, len(names), _STREAMS_PER_QUERY):
        wanted = Q()
        for name in names[start : start + _STREAMS_PER_QUERY]:
            wanted |= Q(stream=name, seq__gt=cursors[name])
        found += Event.objects.filter(wanted).order_by("stream", "seq")[: limit - len(found)]
        if len(found) >= limit:
            break
    return found


def epoch() -> str:
    """Which life of this database the numbers belong to. Made when first asked for; changes when a backup is restored."""
    row, _made = Epoch.objects.get_or_create(pk=1, defaults={"value": secrets.token_hex(8)})
    return row.value

"""The last numbers of one stream, kept in memory for those who come back."""

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from realtime.streams import Row

KEPT = 500  # events; who is further behind is told to fetch the page afresh


class Entry(NamedTuple):
    """One event as the hub keeps it: which row it speaks of, never what the row says."""

    seq: int
    kind: str
    ref: int
    version: int

    @property
    def row(self) -> Row:
        return self.kind.split(".", 1)[0], self.ref


class Ring:
    """Holds the events above `floor` up to `head`, without a gap."""

    def __init__(self, head: int) -> None:
        self.head = head
        self.floor = head
        self._entries: deque[Entry] = deque()

    def add(self, entries: Iterable[Entry]) -> list[Entry]:
        """Take in what the log holds next, in order, and return what was new."""
        new = []
        for entry in entries:
            if entry.seq <= self.head:
                continue
            if entry.seq != self.head + 1:  # pruned meanwhile: nothing before it can be replayed any more
                self._entries.clear()
                self.floor = entry.seq - 1
            self._entries.append(entry)
            self.head = entry.seq
            new.append(entry)
        while len(self._entries) > KEPT:
            self.floor = self._entries.popleft().seq
        return new

    def fill(self, older: Iterable[Entry]) -> None:
        """Take in what was read from the log for somebody who is further behind than the ring."""
        for entry in sorted(older, reverse=True):
            if entry.seq == self.floor and len(self._entries) < KEPT:
                self._entries.appendleft(entry)
                self.floor -= 1

    def after(self, cursor: int) -> list[Entry] | None:
        """What came after a cursor, or None when only a fresh page can tell."""
        if not self.floor <= cursor <= self.head:
            return None
        return [entry for entry in self._entries if entry.seq > cursor]


def each_row_once(entries: Iterable[Entry]) -> list[Entry]:
    """Each row at the place of its last event; as published, if that is among what is told of it."""
    last: dict[Row, Entry] = {}
    published = set()
    for entry in entries:
        last.pop(entry.row, None)
        last[entry.row] = entry
        if entry.kind.endswith(".published"):
            published.add(entry.row)
    return [entry._replace(kind=f"{row[0]}.published") if row in published else entry for row, entry in last.items()]

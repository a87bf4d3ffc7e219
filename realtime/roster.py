"""Who sits where: the sockets by stream and by member, and one ring of event numbers per stream somebody hears."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from typing import Any
from weakref import WeakValueDictionary

from realtime import streams as registry
from realtime.door import Admission
from realtime.ring import Ring
from realtime.seat import Likeness, Seat


class Roster:
    """Plain data of the event loop: every method is one step of it."""

    def __init__(self) -> None:
        self.rings: dict[str, Ring] = {}
        self._by_stream: dict[str, dict[Seat, None]] = defaultdict(dict)  # dicts keep the order of arrival
        self._by_member: dict[int, dict[Seat, None]] = defaultdict(dict)
        self._likenesses: WeakValueDictionary[Hashable, Likeness] = WeakValueDictionary()  # each for as long as it sits

    @property
    def seats(self) -> list[Seat]:
        return [seat for seats in self._by_member.values() for seat in seats]

    @property
    def languages(self) -> set[str]:
        """Those that somebody here reads."""
        return {likeness.language for likeness in self._likenesses.values()}

    def hearing(self, stream: str) -> list[Seat]:
        return list(self._by_stream.get(stream, ()))

    def of_member(self, member_id: int) -> list[Seat]:
        """A member's open sockets, the oldest first."""
        return [seat for seat in self._by_member.get(member_id, ()) if not seat.closed]

    def at(self, streams: Iterable[str]) -> dict[str, int]:
        """Where these streams are now, as far as this process has told."""
        return {name: self.rings[name].head for name in streams if name in self.rings}

    def knows(self, admission: Admission) -> bool:
        """Whether each of the streams is held here or came with the admission, and nothing was told on the viewer's own since
        before their rights were read.
        """
        ring = self.rings.get(admission.own)
        if ring is not None and ring.head > admission.heads.get(admission.own, ring.head):
            return False
        return all(name in self.rings or name in admission.heads for name in admission.streams)

    def hold(self, admission: Admission) -> None:
        """Take in the rings that are new, and the older events of those that are not."""
        for name in admission.streams:
            ring = self.rings.get(name)
            if ring is None:
                ring = self.rings[name] = Ring(admission.heads[name])
            ring.fill(admission.history.get(name, ()))

    def register(self, seat: Seat, viewer: Any, streams: Iterable[str]) -> None:
        self.introduce(seat, viewer)
        self._by_member[viewer.id][seat] = None
        self.listen(seat, streams)

    def introduce(self, seat: Seat, viewer: Any) -> None:
        """Who sits there, as they are now."""
        alike = registry.audience().alike(viewer)
        likeness = self._likenesses.get(alike)
        if likeness is None:
            likeness = self._likenesses[alike] = Likeness(viewer.language)
        seat.viewer, seat.likeness = viewer, likeness

    def listen(self, seat: Seat, streams: Iterable[str]) -> None:
        """Put a seat among those who hear these streams and no others; a stream that nobody hears is forgotten."""
        wanted = frozenset(streams)
        for name in seat.streams - wanted:
            self._by_stream[name].pop(seat, None)
            if not self._by_stream[name]:
                del self._by_stream[name]
                self.rings.pop(name, None)
        for name in wanted - seat.streams:
            self._by_stream[name][seat] = None
        seat.streams = wanted

    def forget(self, seat: Seat) -> None:
        if seat.viewer is None:
            return
        mine: Mapping[Seat, None] = self._by_member[seat.viewer.id]
        self._by_member[seat.viewer.id].pop(seat, None)
        if not mine:
            del self._by_member[seat.viewer.id]
        self.listen(seat, ())

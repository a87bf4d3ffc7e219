"""One event on its way to many seats: a frame is prepared once for all who have the same sight, and sight asked as seldom."""

import logging
from collections.abc import Collection, Iterable
from typing import Any

from realtime import streams
from realtime.reader import Pieces
from realtime.ring import Entry
from realtime.seat import Likeness, Message, Seat
from realtime.streams import Drawn
from realtime.wire import text_message

logger = logging.getLogger(__name__)


class Telling:
    """The frames of one event of one stream, as drawn in these languages. Lives for one step of the event loop."""

    def __init__(self, stream: str, entry: Entry, pieces: Pieces, languages: Iterable[str]) -> None:
        self._stream = stream
        self._entry = entry
        self._kind = streams.kind_of(stream)
        pairs = ((language, pieces.get((self._kind.prefix, entry.row, language))) for language in languages)
        self._drawn: dict[str, Drawn] = {language: drawn for language, drawn in pairs if drawn is not None}
        self._named = self._who_is_named()
        self._by_sight: dict[tuple[str, str], Message] = {}
        self._by_likeness: dict[Likeness, Message | None] = {}

    def frame_for(self, seat: Seat) -> Message | None:
        """What this seat is sent; None when its viewer hears nothing of it."""
        if self._named is None or seat.viewer.id in self._named:
            return self._judged(seat.viewer)
        try:
            return self._by_likeness[seat.likeness]
        except KeyError:
            message = self._by_likeness[seat.likeness] = self._judged(seat.viewer)
            return message

    def _who_is_named(self) -> Collection[int] | None:
        """None when each viewer is to be asked about, also because it cannot be told who is named."""
        if self._kind.named is None:
            return None
        try:
            return {member for drawn in self._drawn.values() for member in self._kind.named(drawn.facts)}
        except Exception:
            logger.exception("named_failed: everyone is asked about %s", self._entry.row)
            return None

    def _judged(self, viewer: Any) -> Message | None:
        drawn = self._drawn.get(viewer.language)
        if drawn is None:
            return None
        try:
            sight = self._kind.sight(viewer, drawn.facts)
        except Exception:
            logger.exception("sight_failed: %s is not told", self._entry.row)
            return None
        return None if sight is None or sight not in drawn.frames else self._prepared(viewer.language, sight, drawn)

    def _prepared(self, language: str, sight: str, drawn: Drawn) -> Message:
        message = self._by_sight.get((language, sight))
        if message is None:
            entry = self._entry
            about = {"kind": entry.kind, "id": entry.ref, "version": entry.version, **drawn.frames[sight]}
            message = text_message({"type": "event", "stream": self._stream, "seq": entry.seq, **about})
            self._by_sight[language, sight] = message
        return message

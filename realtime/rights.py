"""Rights reach live sockets: who signed out is told so and closed, whose view changed is given the streams that are theirs."""

import asyncio
import logging
from collections.abc import Iterable, Sequence

from realtime.reader import Reader
from realtime.roster import Roster
from realtime.seat import Seat
from realtime.wire import Bye, text_message

logger = logging.getLogger(__name__)

CHECKED_AT_ONCE = 500  # sessions
LOGOUT_SETTLES = 2.0  # seconds: a sign-out may ring before its session's row is gone
RECHECKS = 10  # tries, a second apart, before sockets whose rights cannot be read are closed


class Rights:
    """Keeps what the hub's seats may hear in step with the database."""

    def __init__(self, reader: Reader, roster: Roster) -> None:
        self._reader = reader
        self._roster = roster

    async def follow(self, seats: Sequence[Seat]) -> None:
        """After `rights.changed`. Twice, because a sign-out may ring first; and if rights cannot be read, nobody goes on
        with those they had."""
        for pause in (0.0, LOGOUT_SETTLES):
            await asyncio.sleep(pause)
            for _try in range(RECHECKS):
                try:
                    await self.recheck(seats)
                    break
                except Exception:
                    logger.exception("rights_unread: tried again in a second")
                    await asyncio.sleep(1.0)
            else:
                for seat in seats:
                    seat.bye(Bye.RESTART)

    async def renew(self, seats: Iterable[Seat]) -> None:
        """Load these seats' viewers anew, before anything more is told; `follow` sees to their streams and their sessions."""
        seats = [seat for seat in seats if not seat.closed]
        loaded = await self._reader.viewers([(seat.session_key, seat.viewer.id) for seat in seats])
        for seat, present in zip(seats, loaded, strict=True):
            if present is not None:
                self._roster.introduce(seat, present[0])

    async def recheck(self, seats: Iterable[Seat]) -> None:
        """Load these seats' viewers anew: streams are narrowed or widened; who is signed out is told so and closed."""
        seats = [seat for seat in seats if not seat.closed]
        loaded = await self._reader.viewers([(seat.session_key, seat.viewer.id) for seat in seats])
        for seat, present in zip(seats, loaded, strict=True):
            if present is None:
                seat.bye(Bye.SIGN_IN)
            elif not seat.closed:
                self._roster.introduce(seat, present[0])
                await self._change_streams(seat, present[1])

    async def check_sessions(self) -> None:
        """The slow look at every session, for what no event told."""
        seats = self._roster.seats
        for start in range(0, len(seats), CHECKED_AT_ONCE):
            some = seats[start : start + CHECKED_AT_ONCE]
            try:
                alive = await self._reader.alive([seat.session_key for seat in some])
            except Exception:
                logger.exception("sessions_unread: looked at again in a minute")
                return
            for seat in some:
                if seat.session_key not in alive:
                    seat.bye(Bye.SIGN_IN)

    async def _change_streams(self, seat: Seat, names: Sequence[str]) -> None:
        if seat.streams == set(names):
            return
        self._roster.listen(seat, seat.streams.intersection(names))  # what is lost is lost at once
        admission = await self._reader.admit(seat.session_key, {}, self._roster.rings)
        if admission is None or seat.closed:
            return
        admission.streams = [name for name in admission.streams if name in {*self._roster.rings, *admission.heads}]
        self._roster.hold(admission)
        self._roster.listen(seat, admission.streams)
        seat.heartbeat(text_message({"type": "at", "at": self._roster.at(seat.streams)}))

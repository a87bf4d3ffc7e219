"""The hub: one per process. Tails the log and feeds this process's sockets, each what its viewer may see."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from realtime import bell, farewell
from realtime.door import Admission
from realtime.reader import News, Pieces, Reader
from realtime.rights import Rights
from realtime.ring import Entry, each_row_once
from realtime.roster import Roster
from realtime.seat import Message, Seat, Send
from realtime.telling import Telling
from realtime.wire import BROKEN_CURSOR, Bye, text_message

logger = logging.getLogger(__name__)

RIGHTS_CHANGED = "rights.changed"
DRAWN_AT_ONCE = 50  # rows of one replay between which live events get their turn

Replay = list[tuple[str, list[Entry]]]
Put = Callable[[Seat, str, int, Message], None]


class Hub:
    """Made at the first socket inside the running loop (there is no lifespan under daphne), and gone with that loop."""

    # Whoever wrote hears that it is stored before everyone is told. Both need the one interpreter, which a thread that draws
    # gives away every 5 ms only: without this pause the answer comes 5 ms later (`python -m bench.pages`).
    SETTLE: ClassVar[float] = 0.005  # seconds from the bell to the look
    LOOK: ClassVar[float] = 1.0  # seconds between two looks at the log, rung or not
    BEAT: ClassVar[float] = 20.0  # seconds between heartbeats
    PATIENCE: ClassVar[float] = 60.0  # seconds a heartbeat may stand unanswered
    CHECK: ClassVar[float] = 60.0  # seconds between two looks at the sessions
    PER_MEMBER: ClassVar[int] = 20  # sockets; the oldest gives way

    _current: ClassVar["Hub | None"] = None

    @classmethod
    def get(cls) -> "Hub":
        """The running loop's hub. Call inside the loop."""
        loop = asyncio.get_running_loop()
        if cls._current is None or cls._current._loop is not loop:
            cls._current = cls(loop)
        return cls._current

    @classmethod
    def running(cls) -> "Hub | None":
        """This process's hub, if there has been a socket."""
        return cls._current

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._reader = Reader()
        self._roster = Roster()
        self._rights = Rights(self._reader, self._roster)
        self._rung: set[str] = set()
        self._wake = asyncio.Event()
        self._look_due = 0.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._main = loop.create_task(self._run())

    async def join(self, send: Send, session_key: str, cursors: Mapping[str, int], epoch: str = "") -> Seat:
        """Let a socket in: hello, then every event after its cursors, then live. A seat that is `closed` was refused.

        `epoch` is the one the page was drawn in, if it said so: cursors of another are answered with `reset`.
        """
        seat = Seat(send, session_key)
        while True:
            admission = await self._reader.admit(session_key, cursors, self._roster.rings)
            if admission is None or not admission.streams:
                seat.bye(Bye.SIGN_IN if admission is None else Bye.NOT_ALLOWED)
                return seat
            if self._roster.knows(admission):
                break  # else the last socket of a stream has left meanwhile, or their rights may have changed: ask again
        if epoch and epoch != admission.epoch:
            cursors = dict.fromkeys(cursors, BROKEN_CURSOR)
        # One step, without an await between reading the rings and registering: nothing can fall between the two.
        self._roster.hold(admission)
        replay = self._greet(seat, admission, cursors)
        self._roster.register(seat, admission.viewer, admission.streams)
        for oldest in self._roster.of_member(seat.viewer.id)[: -self.PER_MEMBER]:
            oldest.bye(Bye.REPLACED)
        self._spawn(self._replay(seat, replay))
        return seat

    def leave(self, seat: Seat) -> None:
        """Forget a socket that is gone."""
        seat.leave()
        self._roster.forget(seat)

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        return self._loop

    async def measure(self) -> tuple[list[int], dict[str, int]]:
        """How many events each socket has not acknowledged, and where each stream is, as far as this process has told."""
        return [seat.owed for seat in self._roster.seats], self._roster.at(self._roster.rings)

    def beat(self) -> None:
        """A heartbeat to every socket, with where each of its streams is now."""
        for seat in self._roster.seats:
            self._beat(seat)

    async def farewell(self, code: Bye = Bye.RESTART) -> None:
        """Say goodbye to every socket, and to those that join meanwhile: in slices, each with its own time to come back."""
        sockets = len(self._roster.seats)
        while staying := [seat for seat in self._roster.seats if not seat.closed]:
            for seat in staying[: farewell.SLICE]:
                seat.bye(code, farewell.retry_after(sockets))
            await asyncio.sleep(farewell.PAUSE)
        await asyncio.sleep(0.1)

    async def close(self) -> None:
        """Stop for good. Sockets are told that the server restarts."""
        await self.farewell()
        for task in [self._main, *self._tasks]:
            task.cancel()
        await asyncio.gather(self._main, *self._tasks, return_exceptions=True)
        self._reader.close()
        if Hub._current is self:
            Hub._current = None

    # --- letting in -----------------------------------------------------------------------------------------------

    def _greet(self, seat: Seat, admission: Admission, cursors: Mapping[str, int]) -> Replay:
        at = self._roster.at(admission.streams)
        seat.put(text_message({"type": "hello", "viewer": admission.viewer.id, "epoch": admission.epoch, "at": at}))
        replay = []
        for name in admission.streams:
            missed = self._roster.rings[name].after(cursors[name]) if name in cursors else []
            if missed is None:
                seat.put(text_message({"type": "reset", "stream": name, "at": at[name]}))
            elif missed:
                replay.append((name, each_row_once(missed)))
        return replay

    async def _replay(self, seat: Seat, replay: Replay) -> None:
        """Each missed row once, in its present state; what comes meanwhile waits behind it in the seat."""
        try:
            for name, entries in replay:
                for start in range(0, len(entries), DRAWN_AT_ONCE):
                    some = entries[start : start + DRAWN_AT_ONCE]
                    pieces = await self._reader.draw(name, [entry.row for entry in some], seat.viewer.language)
                    for entry in some:
                        self._send(name, entry, pieces, [seat], Seat.put_replay)
            seat.end_replay()
        except Exception:
            logger.exception("replay_failed: the browser comes back for it")
            seat.bye(Bye.RESTART)

    # --- feeding --------------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        mind = check = time.monotonic()
        with bell.listening(self._ring):
            while True:
                try:
                    await self._look()
                    now = time.monotonic()
                    if now - mind >= self.LOOK:
                        mind = now
                        self._mind(now)
                    if now - check >= self.CHECK:
                        check = now
                        self._spawn(self._rights.check_sessions())
                except Exception:
                    logger.exception("hub_stumbled: it looks again in a second")
                    await asyncio.sleep(self.LOOK)

    def _ring(self, names: Sequence[str]) -> None:
        """The bell, from any thread."""
        self._loop.call_soon_threadsafe(self._hear_bell, names)

    def _hear_bell(self, names: Iterable[str]) -> None:
        self._rung.update(names)
        self._wake.set()

    async def _look(self) -> None:
        """Wait for the bell, and read the streams it named; a second after the last full look, read them all."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), max(0.0, self._look_due - time.monotonic()))
            await asyncio.sleep(self.SETTLE)
        self._wake.clear()
        names, self._rung = self._rung, set()
        if time.monotonic() >= self._look_due:
            self._look_due = time.monotonic() + self.LOOK
            names = set(self._roster.rings)
        heads = self._roster.at(names)
        if not heads:
            return
        news = await self._reader.news(heads, self._roster.languages)
        await self._renew_rights(news)
        self._tell(news)
        if news.more:
            self._hear_bell(heads)

    async def _renew_rights(self, news: News) -> None:
        """Whoever's rights have changed hears what comes with it, and after it, by the new ones: a block holds at once."""
        seats = [seat for name in _with_new_rights(news) for seat in self._roster.hearing(name)]
        if not seats:
            return
        with contextlib.suppress(Exception):  # `follow` tries again, with their streams, and closes what cannot be read
            await asyncio.wait_for(self._rights.renew(seats), self.LOOK)

    def _tell(self, news: News) -> None:
        if news.rewound:
            self._start_over()
        for name, entries in news.entries.items():
            ring = self._roster.rings.get(name)
            if ring is None:
                continue
            new = ring.add(entries)
            seats = self._roster.hearing(name)
            for entry in each_row_once(new):
                self._send(name, entry, news.pieces, seats, Seat.put_event)
            if any(entry.kind == RIGHTS_CHANGED for entry in new):
                self._spawn(self._rights.follow(seats))

    def _send(self, stream: str, entry: Entry, pieces: Pieces, seats: Iterable[Seat], put: Put) -> None:
        """One event to those of these seats who may have it."""
        telling = Telling(stream, entry, pieces, self._roster.languages)
        for seat in seats:
            if stream in seat.streams:
                message = telling.frame_for(seat)
                if message is not None:
                    put(seat, stream, entry.seq, message)

    def _start_over(self) -> None:
        """The database was put back to an earlier day: every page is out of date, and every number means something else."""
        logger.warning("log_rewound: every browser is asked to come back")
        for seat in self._roster.seats:
            seat.bye(Bye.RESTART)
        self._roster.rings.clear()

    # --- minding ----------------------------------------------------------------------------------------------------

    def _mind(self, now: float) -> None:
        """Each socket's own heartbeat when it is due (together they would hold up everyone), and who left one unanswered."""
        for seat in self._roster.seats:
            if seat.is_stale(self.PATIENCE):
                seat.bye(Bye.TOO_SLOW)
            elif now - seat.beat_at >= self.BEAT:
                self._beat(seat)

    def _beat(self, seat: Seat) -> None:
        seat.heartbeat(text_message({"type": "at", "at": self._roster.at(seat.streams)}))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _with_new_rights(news: News) -> list[str]:
    return [name for name, entries in news.entries.items() if any(entry.kind == RIGHTS_CHANGED for entry in entries)]

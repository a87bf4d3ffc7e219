"""Lets sockets in, those who knock at the same time together: after a restart everybody does.

However many come, their sessions are read together, and so are their accounts and where their streams are; only what decides a
person's view is read for each. Where somebody's own stream is, on which it is said that their rights have changed, is read before
those rights: whoever changes them meanwhile is heard.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from realtime import log, sessions, streams
from realtime.ring import KEPT, Entry, Ring

DOOR_THREADS = 2
AT_ONCE = 50  # are let in together; a stream each, so that one question holds them
GATHERS = 0.02  # seconds in which others may join whoever knocks: nobody notices, and a crowd costs half as much


@dataclass(slots=True)
class Admission:
    """What it takes to let one socket in. `history` has the streams (or the part of them) the hub does not hold; `heads` where
    the others are, and where the viewer's `own` was before their rights were read.
    """

    viewer: Any
    streams: list[str]
    epoch: str
    heads: dict[str, int]
    history: dict[str, list[Entry]]
    own: str = ""


@dataclass(frozen=True, slots=True)
class Knock:
    key: str
    cursors: Mapping[str, int]
    rings: Mapping[str, Ring]
    answer: "asyncio.Future[Admission | None] | None" = None


Run = Callable[..., Awaitable[Any]]


class Door:
    """`run(function, *arguments)` runs a function in a thread where the database may be asked. Lives in the event loop."""

    def __init__(self, run: Run) -> None:
        self.epoch = ""  # known once somebody was let in; emptied when the database was put back
        self._run = run
        self._knocks: deque[Knock] = deque()
        self._openers: set[asyncio.Task[None]] = set()
        self._common: set[str] = set()  # streams that others may hear too: asked for with everybody's own

    async def admit(self, key: str, cursors: Mapping[str, int], rings: Mapping[str, Ring]) -> Admission | None:
        """Who this session belongs to and what they may hear; None when nobody is signed in."""
        answer = asyncio.get_running_loop().create_future()
        self._knocks.append(Knock(key, cursors, rings, answer))
        if len(self._openers) < DOOR_THREADS:
            opener = asyncio.create_task(self._open())
            self._openers.add(opener)
            opener.add_done_callback(self._openers.discard)
        return await answer

    def close(self) -> None:
        for opener in self._openers:
            opener.cancel()
        while self._knocks:
            _answer(self._knocks.popleft(), asyncio.CancelledError())

    async def _open(self) -> None:
        while self._knocks:
            await asyncio.sleep(GATHERS)
            knocks = [self._knocks.popleft() for _each in range(min(AT_ONCE, len(self._knocks)))]
            if not knocks:
                return  # the other one was quicker
            try:
                answers = await self._run(self.let_in, knocks)
            except BaseException as error:
                for knock in knocks:
                    _answer(knock, error)
                if not isinstance(error, Exception):
                    raise
            else:
                for knock, answer in zip(knocks, answers, strict=True):
                    _answer(knock, answer)

    def let_in(self, knocks: Sequence[Knock]) -> list[Admission | Exception | None]:
        """In a thread: an admission for each, or what went wrong with that one."""
        keys = [knock.key for knock in knocks if knock.key]
        own = streams.audience().own
        before = log.positions(
            {name for owner in sessions.owners_of(keys).values() if (name := own(owner))} | self._common
        )
        opened = sessions.opened(keys)
        welcomed = [_welcome(opened.get(knock.key)) for knock in knocks]
        self.epoch = self.epoch or log.epoch()
        places = _Places(knocks, welcomed, before)
        self._common = {name for name in places.names if name not in before} | self._common
        return places.admissions(self.epoch)


Welcomed = tuple[Any, list[str]]
"""A viewer, and the names of the streams they may hear."""


class _Places:
    """Where the streams of some knocks are. What is read for one of them is read for all."""

    def __init__(
        self,
        knocks: Sequence[Knock],
        welcomed: Sequence[Welcomed | Exception | None],
        before: Mapping[str, int],
    ) -> None:
        self._all = list(zip(knocks, welcomed, strict=True))
        self.names = {name for found in welcomed if isinstance(found, tuple) for name in found[1]}
        # The rings belong to the event loop: what is read of them here only decides what to fetch for it.
        self._floors = {name: ring.floor for name in self.names if (ring := knocks[0].rings.get(name))}
        asked = self.names - set(self._floors) - set(before)
        self._heads = {**before, **log.positions(asked)}
        self._read: dict[str, list[Entry]] = {}

    def admissions(self, epoch: str) -> list[Admission | Exception | None]:
        return [
            self._admission(knock, found, epoch) if isinstance(found, tuple) else found for knock, found in self._all
        ]

    def _admission(self, knock: Knock, found: Welcomed, epoch: str) -> Admission:
        viewer, names = found
        heads = {name: self._heads[name] for name in names if name in self._heads}
        history = {}
        for name in names:
            held_from = self._floors.get(name, heads.get(name, 0))
            if name in knock.cursors and held_from - KEPT <= knock.cursors[name] < held_from:
                history[name] = self._history(name, held_from)
        return Admission(viewer, names, epoch, heads, history, streams.audience().own(viewer.id))

    def _history(self, name: str, upto: int) -> list[Entry]:
        if name not in self._read:
            events = log.read_after({name: max(0, upto - KEPT)}, KEPT)
            self._read[name] = [
                Entry(each.seq, each.kind, each.ref, each.version) for each in events if each.seq <= upto
            ]
        return self._read[name]


def _welcome(opened: sessions.Opened | None) -> Welcomed | Exception | None:
    """One who cannot be read must not keep out the others."""
    try:
        viewer = streams.audience().viewer(opened)
        if viewer is None:
            return None
        names = list(streams.audience().streams_of(viewer))
        for name in names:
            streams.kind_of(name)  # a stream nobody registered shows here, and not in the tail that feeds everyone
    except Exception as error:
        return error
    return viewer, names


def _answer(knock: Knock, answer: Any) -> None:
    if knock.answer is None or knock.answer.done():
        return  # whoever knocked has gone
    if isinstance(answer, BaseException):
        knock.answer.set_exception(answer) if isinstance(answer, Exception) else knock.answer.cancel()
    else:
        knock.answer.set_result(answer)

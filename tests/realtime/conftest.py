"""A stream kind of these tests' own, so that nothing here leans on what the apps above draw."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from realtime import commands, log, streams
from realtime.hub import Hub
from realtime.log import NewEvent
from realtime.streams import Audience, Drawn, Row, StreamKind


@dataclass(frozen=True)
class Guest:
    """A viewer of the fake streams."""

    id: int
    language: str = "en-gb"
    hears: tuple[str, ...] = ("pond",)
    near: bool = False


@dataclass
class Pond:
    """What the fake streams' rows say, who hears them, and how often they were drawn. Kept in memory."""

    said: dict[Row, str] = field(default_factory=dict)
    gone: set[Row] = field(default_factory=set)
    secret: set[Row] = field(default_factory=set)
    guests: dict[int, Guest] = field(default_factory=dict)
    drawn: list[Row] = field(default_factory=list)

    def draw(self, rows: Sequence[Row], language: str) -> Mapping[Row, Drawn]:
        self.drawn += rows
        return {row: self._one(row, language) for row in rows}

    def load(self, member: Any) -> Guest | None:
        return self.guests.get(member.pk, Guest(member.pk))

    def _one(self, row: Row, language: str) -> Drawn:
        words = {"html": f"<p>{self.said.get(row, '')} {language}</p>"}
        if row in self.gone:
            words = {"kind": f"{row[0]}.removed"}
        return Drawn(row in self.secret, {"far": words, "near": {**words, "near": True}})


def _sight(viewer: Guest, secret: bool) -> str | None:
    if viewer.near:
        return "near"
    return None if secret else "far"


@pytest.fixture
def pond(monkeypatch: pytest.MonkeyPatch) -> Pond:
    """The fake world: streams `pond` and `puddle:<n>`, everyone hears `pond` and `puddle:<their id>` unless told otherwise."""
    pond = Pond()
    kinds = {name: StreamKind(name, draw=pond.draw, sight=_sight) for name in ("pond", "puddle")}
    monkeypatch.setattr(streams, "_kinds", kinds)
    monkeypatch.setattr(streams, "_audience", [Audience(load=pond.load, streams_of=lambda guest: list(guest.hears))])
    return pond


@pytest.fixture
def say(pond: Pond) -> Callable[..., None]:
    """`say("post.changed", 5, "Good morning.")` changes a row and writes it to the log, as an action would."""

    def say(kind: str, ref: int, words: str = "", stream: str = "pond", version: int = 1) -> None:
        row = kind.split(".", 1)[0], ref
        pond.said[row] = words
        (pond.gone.add if kind.endswith(".removed") else pond.gone.discard)(row)
        with transaction.atomic():
            log.append(NewEvent(stream, kind, ref, version=version))

    return say


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`command("post", handler)` lets sockets ask for it during this test."""
    monkeypatch.setattr(commands, "_handlers", {})
    return commands.register


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub whose slow habits take fractions of a second."""
    monkeypatch.setattr(Hub, "LOOK", 0.1)
    monkeypatch.setattr(Hub, "BEAT", 0.2)
    monkeypatch.setattr(Hub, "PATIENCE", 0.6)
    monkeypatch.setattr(Hub, "CHECK", 0.3)


@pytest.fixture
def origin() -> str:
    return str(settings.ORIGINS[0])


@pytest.fixture
def forget(as_: Any) -> Callable[[Any], None]:
    """End a person's session in the database, as signing out elsewhere does."""

    def forget(person: Any) -> None:
        from django.contrib.sessions.models import Session

        Session.objects.filter(session_key=as_(person).session.session_key).delete()

    return forget


@pytest.fixture(autouse=True)
def no_clock_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A clock that has run nothing yet in this process."""
    from realtime import clock

    monkeypatch.setattr(clock, "_ran_here", {})
    yield

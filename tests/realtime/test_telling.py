"""Sight is asked once for all who are alike, and of each whom a row names; a frame is prepared once for all who get it."""

from collections.abc import Callable
from typing import Any

import pytest

from realtime import streams
from realtime.ring import Entry
from realtime.roster import Roster
from realtime.seat import Seat
from realtime.streams import Audience, Drawn, StreamKind
from realtime.telling import Telling
from tests.realtime.conftest import Guest

ENTRY = Entry(seq=4, kind="post.published", ref=9, version=1)
AUTHOR = 1


async def _nowhere(_message: Any) -> None:
    """A server that takes everything."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of viewers whose sight was asked for. The author gets a frame of their own, everybody else words."""
    asked: list[int] = []

    def sight(viewer: Guest, facts: Any) -> str:
        asked.append(viewer.id)
        if facts == "broken":
            raise ValueError("a rule that fails")
        return "own" if viewer.id == AUTHOR else "words"

    kind = StreamKind("pond", draw=lambda rows, language: {}, sight=sight, named=lambda facts: {AUTHOR})
    monkeypatch.setattr(streams, "_kinds", {"pond": kind})
    alike = lambda guest: (guest.language, guest.near)  # noqa: E731
    audience = Audience(load=Guest, streams_of=lambda guest: ["pond"], alike=alike)
    monkeypatch.setattr(streams, "_audience", [audience])
    return asked


@pytest.fixture
def told(asked: list[int]) -> Callable[..., list[str | None]]:
    """What each of these guests is sent, in their order."""

    def told(*guests: Guest, facts: Any = None) -> list[str | None]:
        roster, seats = Roster(), []
        for guest in guests:
            seats.append(Seat(_nowhere, "key"))
            roster.register(seats[-1], guest, ["pond"])
        drawn = Drawn(facts, {"words": {"html": "words"}, "own": {"html": "own"}})
        telling = Telling("pond", ENTRY, {("pond", ENTRY.row, "en-gb"): drawn}, roster.languages)
        messages = [telling.frame_for(seat) for seat in seats]
        return [message["text"] if message else None for message in messages]

    return told


def test_one_is_asked_for_all_who_are_alike(told: Any, asked: list[int]):
    texts = told(Guest(2), Guest(3), Guest(4, near=True), Guest(5), Guest(6, near=True))
    assert asked == [2, 4]
    assert len({id(text) for text in texts}) == 1  # the very same bytes for both kinds, who have the same sight


def test_whom_the_row_names_is_asked_apart_and_speaks_for_nobody(told: Any, asked: list[int]):
    author, *others = told(Guest(AUTHOR), Guest(2), Guest(3))
    assert asked == [AUTHOR, 2]
    assert '"own"' in author
    assert all('"words"' in text for text in others)


def test_without_named_everyone_is_asked(told: Any, asked: list[int], monkeypatch: pytest.MonkeyPatch):
    kind = streams._kinds["pond"]
    monkeypatch.setattr(streams, "_kinds", {"pond": StreamKind("pond", draw=kind.draw, sight=kind.sight)})
    told(Guest(2), Guest(3))
    assert asked == [2, 3]


def test_a_language_it_was_not_drawn_in_is_told_nothing(told: Any):
    english, welsh = told(Guest(2), Guest(3, language="cy"))
    assert english
    assert welsh is None


def test_a_rule_that_fails_tells_nobody(told: Any):
    assert told(Guest(AUTHOR), Guest(2), facts="broken") == [None, None]


def test_a_likeness_goes_with_the_last_who_had_it(asked: list[int]):
    roster, seat = Roster(), Seat(_nowhere, "key")
    roster.register(seat, Guest(2, language="cy"), ["pond"])
    assert roster.languages == {"cy"}
    roster.introduce(seat, Guest(2))
    assert roster.languages == {"en-gb"}

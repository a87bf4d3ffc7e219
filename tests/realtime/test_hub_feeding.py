"""Feeding: each gets what they may see, drawn once, and nobody waits for anybody."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from realtime import log
from realtime.hub import Hub
from realtime.log import NewEvent
from realtime.models import Epoch, Event, Stream
from realtime.seat import UNREAD_MAX
from tests.realtime.conftest import Guest, Pond

Say = Callable[..., None]
Listen = Callable[..., Any]
Hear = Callable[..., list[dict[str, Any]]]


def test_what_one_may_not_see_is_not_told(hear: Hear, member: Any, other_member: Any, pond: Pond, say: Say) -> None:
    pond.secret.add(("post", 1))
    pond.guests[other_member.pk] = Guest(other_member.pk, near=True)
    assert hear(other_member, lambda: say("post.published", 1))[0]["near"]  # the premise: someone does hear it
    assert hear(member, lambda: say("post.changed", 1, version=2)) == []


def test_each_gets_the_frame_of_their_own_sight(
    listen: Listen, member: Any, other_member: Any, pond: Pond, say: Say
) -> None:
    pond.guests[other_member.pk] = Guest(other_member.pk, near=True)
    far, near = listen(member), listen(other_member)
    far.until("hello"), near.until("hello")
    say("post.published", 1)
    assert ("near" in far.event(), "near" in near.event()) == (False, True)


def test_a_row_is_drawn_once_for_everybody_and_again_after_a_change(
    listen: Listen, member: Any, other_member: Any, pond: Pond, say: Say
) -> None:
    sockets = [listen(person) for person in (member, other_member, member)]
    for socket in sockets:
        socket.until("hello")
    say("post.published", 1, "One.")
    assert all("One." in socket.event()["html"] for socket in sockets)
    assert pond.drawn == [("post", 1)]
    listen(member, after="pond:0").event()
    assert pond.drawn == [("post", 1)]  # a replay takes what is drawn already
    say("post.changed", 1, "Two.")
    assert all("Two." in socket.event()["html"] for socket in sockets)
    assert pond.drawn == [("post", 1)] * 2


def test_each_language_is_drawn_for_those_who_read_it(
    listen: Listen, member: Any, other_member: Any, pond: Pond, say: Say
) -> None:
    pond.guests[other_member.pk] = Guest(other_member.pk, language="cy")
    english, welsh = listen(member), listen(other_member)
    english.until("hello"), welsh.until("hello")
    say("post.published", 1, "Bore da.")
    assert (english.event()["html"], welsh.event()["html"]) == ("<p>Bore da. en-gb</p>", "<p>Bore da. cy</p>")


def test_a_row_that_cannot_be_drawn_silences_no_other(
    hear: Hear, member: Any, pond: Pond, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = pond._one

    def draw(row: Any, language: str) -> Any:
        if row == ("post", 2):
            raise KeyError("a broken template")
        return drawn(row, language)

    monkeypatch.setattr(pond, "_one", draw)

    def three() -> None:
        with transaction.atomic():
            log.append(*[NewEvent("pond", "post.published", ref) for ref in (1, 2, 3)])

    assert [event["id"] for event in hear(member, three)] == [1, 3]


def test_events_written_without_a_bell_are_found_within_a_second(
    listen: Listen, member: Any, quick: None, pond: Pond
) -> None:
    socket = listen(member)
    socket.until("hello")
    Event.objects.create(stream="pond", seq=1, kind="post.published", ref=9)
    Stream.objects.create(name="pond", last_seq=1)
    assert socket.event(patience=3)["id"] == 9


def test_a_socket_with_two_hundred_unread_events_is_closed_and_no_other(
    listen: Listen, member: Any, other_member: Any, say: Say
) -> None:
    deaf, awake = listen(member), listen(other_member)
    deaf.until("hello"), awake.until("hello")
    for ref in range(UNREAD_MAX + 1):
        say("post.published", ref)
        assert awake.event()["seq"] == ref + 1
        if ref % 20 == 0:
            awake.send({"type": "ack", "at": {"pond": ref + 1}})
    assert deaf.until("bye") == {"type": "bye", "code": 4008, "retry_after": 5}
    assert deaf.wait_closed() == 4008
    assert not awake.events_until_now()


def test_a_socket_that_the_server_cannot_write_to_holds_up_no_other(
    listen: Listen, member: Any, other_member: Any, say: Say
) -> None:
    stuck, awake = listen(member), listen(other_member)
    stuck.until("hello"), awake.until("hello")
    stuck.reading = False
    for ref in range(30):
        say("post.published", ref)
        assert awake.event(patience=2)["id"] == ref


def test_a_heartbeat_says_where_the_server_is(listen: Listen, member: Any, quick: None, say: Say) -> None:
    say("post.published", 1)
    assert listen(member).until("at") == {"type": "at", "at": {"pond": 1}}


def test_a_heartbeat_unanswered_for_too_long_closes(
    listen: Listen, member: Any, other_member: Any, quick: None, pond: Pond
) -> None:
    half_open, alive = listen(member), listen(other_member)
    for _each in range(12):
        alive.send({"type": "ack", "at": alive.until("at")["at"]})
    assert half_open.until("bye")["code"] == 4008
    assert alive.code is None


def test_more_sockets_than_allowed_replace_the_oldest(
    listen: Listen, member: Any, other_member: Any, pond: Pond, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Hub, "PER_MEMBER", 2)
    other = listen(other_member)
    other.until("hello")
    sockets = []
    for _each in range(3):
        sockets.append(listen(member))
        sockets[-1].until("hello")
    assert sockets[0].until("bye") == {"type": "bye", "code": 4009, "retry_after": 300}
    assert (sockets[1].code, sockets[2].code, other.code) == (None, None, None)


def test_a_database_put_back_to_an_earlier_day_asks_everyone_to_come_back(
    listen: Listen, member: Any, quick: None, say: Say
) -> None:
    say("post.published", 1)
    socket = listen(member)
    first = socket.until("hello")
    Event.objects.all().delete()
    Stream.objects.update(last_seq=0)
    Epoch.objects.all().delete()
    assert socket.until("bye")["code"] == 4012
    again = listen(member, after=f"pond:1&epoch={first['epoch']}")
    hello = again.receive()
    assert hello["epoch"] != first["epoch"]
    assert again.receive()["type"] == "reset"


def test_a_thousand_events_at_once_all_arrive(listen: Listen, member: Any, pond: Pond, say: Say) -> None:
    socket = listen(member)
    socket.until("hello")
    with transaction.atomic():
        log.append(*[NewEvent("pond", "support.changed", 1 + ref % 5, version=ref) for ref in range(1100)])
    last: dict[int, int] = {}
    for event in socket.events_until_now():
        last[event["id"]] = event["version"]
    assert last == {1: 1095, 2: 1096, 3: 1097, 4: 1098, 5: 1099}

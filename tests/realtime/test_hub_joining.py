"""Joining: hello, what was missed, then live, without a gap and without anything twice."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from realtime import log
from realtime.models import Event
from tests.realtime.conftest import Guest, Pond

Say = Callable[..., None]
Listen = Callable[..., Any]


def test_hello_says_who_and_where_the_server_is(listen: Listen, member: Any, say: Say) -> None:
    say("post.published", 1)
    hello = listen(member).receive()
    assert hello == {"type": "hello", "viewer": member.pk, "epoch": log.epoch(), "at": {"pond": 1}}


def test_what_happens_after_joining_is_heard(listen: Listen, member: Any, say: Say) -> None:
    socket = listen(member)
    socket.until("hello")
    say("post.published", 5, "Morning.", version=2)
    assert socket.receive() == {
        "type": "event",
        "stream": "pond",
        "seq": 1,
        "kind": "post.published",
        "id": 5,
        "version": 2,
        "html": "<p>Morning. en-gb</p>",
    }


def test_without_a_cursor_nothing_is_told_again(
    listen: Listen, hear: Callable[..., Any], member: Any, say: Say
) -> None:
    say("post.published", 1, "Before.")
    heard = hear(member, lambda: say("post.published", 2, "After."))
    assert [event["id"] for event in heard] == [2]


def test_what_was_missed_is_told_in_order(listen: Listen, member: Any, say: Say) -> None:
    for ref in (1, 2, 3):
        say("post.published", ref, f"Number {ref}.")
    socket = listen(member, after="pond:1")
    assert socket.receive()["type"] == "hello"
    assert [(event["seq"], event["id"]) for event in (socket.event(), socket.event())] == [(2, 2), (3, 3)]


def test_a_row_is_told_once_in_its_present_state(listen: Listen, member: Any, say: Say) -> None:
    say("post.published", 1, "First words.")
    say("post.published", 2, "Another.")
    say("support.changed", 1)
    say("post.changed", 1, "Better words.", version=2)
    socket = listen(member, after="pond:0")
    events = [socket.event() for _each in range(3)]
    assert [(event["seq"], event["kind"], event["id"]) for event in events] == [
        (2, "post.published", 2),
        (3, "support.changed", 1),
        (4, "post.published", 1),  # not only changed: whoever was away has never seen it
    ]
    assert "Better words." in events[-1]["html"]
    assert not socket.events_until_now()


def test_a_post_taken_down_meanwhile_goes_out_as_removed(listen: Listen, member: Any, say: Say) -> None:
    say("post.published", 1, "Words that were taken down.")
    say("post.removed", 1)
    event = listen(member, after="pond:0").event()
    assert (event["kind"], event["seq"]) == ("post.removed", 2)
    assert "html" not in event


def test_a_replay_longer_than_the_limit_on_unread_events_arrives_whole(listen: Listen, member: Any, say: Say) -> None:
    for ref in range(300):
        say("post.published", ref)
    socket = listen(member, after="pond:0")
    for seq in range(1, 301):
        assert socket.event()["seq"] == seq
        if seq % 20 == 0:
            socket.send({"type": "ack", "at": {"pond": seq}})
    assert not socket.events_until_now()


def test_joining_while_others_write_loses_nothing_and_doubles_nothing(
    listen: Listen, as_: Any, make_member: Callable[..., Any], say: Say
) -> None:
    people = [make_member(f"guest{number}") for number in range(12)]
    for person in people:
        as_(person)
    say("post.published", 0)
    stop = threading.Event()

    def write() -> None:
        for ref in range(1, 120):
            say("post.published", ref)
        stop.set()

    writer = threading.Thread(target=write)
    writer.start()
    sockets = []
    while not stop.is_set() and people:
        sockets.append(listen(people.pop(), after="pond:1"))
    writer.join()
    assert len(sockets) > 3, "the premise: several joined while the writer wrote"
    for socket in sockets:
        assert socket.receive()["type"] == "hello"
        assert [event["seq"] for event in socket.events_until_now()] == list(range(2, 121))


@pytest.mark.parametrize("cursor", ["pond:99", "pond:-5", "pond:9999999999999999999", "pond:x"])
def test_a_cursor_from_nowhere_is_told_to_fetch_the_page(listen: Listen, member: Any, say: Say, cursor: str) -> None:
    say("post.published", 1)
    socket = listen(member, after=cursor)
    assert socket.receive()["type"] == "hello"
    assert socket.receive() == {"type": "reset", "stream": "pond", "at": 1}
    say("post.published", 2)
    assert socket.receive()["seq"] == 2  # and it goes on live


def test_over_five_hundred_behind_is_told_to_fetch_the_page(listen: Listen, member: Any, say: Say) -> None:
    for ref in range(502):
        say("post.published", ref)
    just = listen(member, after="pond:2")
    assert just.event()["seq"] == 3  # the premise: 500 behind is served
    late = listen(member, after="pond:1")
    assert late.until("reset") == {"type": "reset", "stream": "pond", "at": 502}


def test_a_cursor_in_the_pruned_part_is_told_to_fetch_the_page(listen: Listen, member: Any, say: Say) -> None:
    for ref in range(4):
        say("post.published", ref)
    Event.objects.filter(seq__lte=2).delete()
    assert listen(member, after="pond:2").event()["seq"] == 3
    assert listen(member, after="pond:1").until("reset")["at"] == 4


def test_a_cursor_of_another_epoch_is_told_to_fetch_the_page(listen: Listen, member: Any, say: Say) -> None:
    say("post.published", 1)
    say("post.published", 2)
    same = listen(member, after=f"pond:1&epoch={log.epoch()}")
    assert same.event()["seq"] == 2
    assert listen(member, after="pond:1&epoch=before-the-backup").until("reset")["at"] == 2


def test_a_cursor_for_a_stream_one_may_not_hear_changes_nothing(listen: Listen, member: Any, say: Say) -> None:
    say("case.changed", 1, stream="puddle:1")
    socket = listen(member, after="puddle:1:0,pond:0")
    assert set(socket.receive()["at"]) == {"pond"}
    assert not socket.events_until_now()


def test_the_number_stands_after_the_last_colon(listen: Listen, member: Any, pond: Pond, say: Say) -> None:
    pond.guests[member.pk] = Guest(member.pk, hears=("puddle:7",))
    say("word.sent", 3, stream="puddle:7")
    say("word.sent", 4, stream="puddle:7")
    event = listen(member, after="puddle:7:1").event()
    assert (event["stream"], event["seq"]) == ("puddle:7", 2)


def test_who_comes_back_after_everyone_left_finds_what_was_said_meanwhile(
    listen: Listen, member: Any, say: Say
) -> None:
    say("post.published", 1)
    with listen(member) as socket:
        socket.until("hello")
    say("post.published", 2, "To an empty harbour.")
    assert listen(member, after="pond:1").event()["id"] == 2


def test_a_later_joiner_who_is_further_behind_finds_the_older_part(listen: Listen, member: Any, say: Say) -> None:
    for ref in (1, 2, 3):
        say("post.published", ref)
    near = listen(member, after="pond:3")
    near.until("hello")
    far = listen(member, after="pond:0")
    far.until("hello")
    assert [far.event()["seq"] for _each in range(3)] == [1, 2, 3]
    assert not near.events_until_now()

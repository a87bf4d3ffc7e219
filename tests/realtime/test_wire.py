"""The wire: every frame a browser may send, and what comes back."""

import json
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.utils.translation import get_language

from realtime import consumers
from realtime.commands import Refused
from realtime.wire import parse_after
from tests.realtime.conftest import Guest, Pond

Listen = Callable[..., Any]
Command = Callable[..., None]

pytestmark = pytest.mark.usefixtures("pond")


@pytest.fixture
def socket(listen: Listen, member: Any) -> Any:
    socket = listen(member)
    socket.until("hello")
    return socket


def test_a_command_is_acknowledged_under_its_key(socket: Any, member: Any, command: Command) -> None:
    asked: list[Any] = []
    command("post", lambda member_id, frame: asked.append((member_id, frame["body"])) or {"id": 7, "status": "visible"})
    key = str(uuid4())
    socket.send({"type": "post", "key": key, "body": "Hello."})
    assert socket.receive() == {"type": "ack", "key": key, "id": 7, "status": "visible"}
    assert asked == [(member.pk, "Hello.")]


def test_a_refusal_says_why_in_a_sentence(socket: Any, command: Command) -> None:
    def refuse(member_id: int, frame: Any) -> Any:
        raise Refused("key_used", "Those were other words.", {"body": ["Other words."]}, id=3)

    command("post", refuse)
    socket.send({"type": "post", "key": "k1"})
    assert socket.receive() == {
        "type": "refused",
        "key": "k1",
        "code": "key_used",
        "message": "Those were other words.",
        "fields": {"body": ["Other words."]},
        "id": 3,
    }


def test_commands_of_one_socket_run_in_the_order_they_came(socket: Any, command: Command) -> None:
    command("post", lambda member_id, frame: {"id": frame["n"]})
    for number in range(10):
        socket.send({"type": "post", "key": f"k{number}", "n": number})
    assert [socket.receive()["id"] for _each in range(10)] == list(range(10))


def test_a_command_speaks_the_members_language(listen: Listen, member: Any, pond: Pond, command: Command) -> None:
    pond.guests[member.pk] = Guest(member.pk, language="cy")
    command("post", lambda member_id, frame: {"language": get_language()})
    socket = listen(member)
    socket.until("hello")
    socket.send({"type": "post", "key": "k"})
    assert socket.receive()["language"] == "cy"


def test_events_and_acks_go_on_while_a_command_waits(socket: Any, command: Command, say: Callable[..., None]) -> None:
    go = threading.Event()
    command("post", lambda member_id, frame: go.wait(10) and {"id": 1})
    socket.send({"type": "post", "key": "k"})
    say("post.published", 5)
    assert socket.receive()["type"] == "event"
    go.set()
    assert socket.receive()["type"] == "ack"


def test_a_command_that_breaks_on_our_side_keeps_the_words(socket: Any, command: Command) -> None:
    def broken(member_id: int, frame: Any) -> Any:
        raise ZeroDivisionError("a secret of the database")

    command("post", broken)
    socket.send({"type": "post", "key": "k"})
    answer = socket.receive()
    assert (answer["type"], answer["code"], answer["key"]) == ("refused", "too_fast", "k")
    assert "secret" not in json.dumps(answer)


def test_a_signed_out_session_stores_nothing_more(
    socket: Any, member: Any, forget: Callable[[Any], None], command: Command
) -> None:
    asked: list[int] = []
    command("post", lambda member_id, frame: asked.append(member_id) or {"id": 1})
    socket.send({"type": "post", "key": "k1"})
    assert socket.receive()["type"] == "ack"  # the premise: before, it is stored
    forget(member)
    socket.send({"type": "post", "key": "k2"})
    assert socket.receive()["code"] == 4001
    assert len(asked) == 1


@pytest.mark.parametrize(
    "frame",
    [
        "not json",
        "[]",
        '"post"',
        "{}",
        '{"type": 5}',
        '{"type": "sing", "key": "k"}',
        '{"type": "post"}',
        '{"type": "post", "key": 5}',
        '{"type": "post", "key": ""}',
        '{"type": "post", "key": "' + "k" * 65 + '"}',
        '{"type": "post", "key": "\\ud800"}',
        '{"type": "ack"}',
        '{"type": "ack", "at": {"pond": "1"}}',
        '{"type": "ack", "at": {"pond": true}}',
        "[" * 40_000,
        b"\x00\x01",
        '{"type": "post", "key": "k", "body": "' + "x" * 65_536 + '"}',
        '{"type": "post", "key": "k", "body": "' + "\u20ac" * 22_000 + '"}',
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(socket: Any, command: Command, frame: Any) -> None:
    asked: list[Any] = []
    command("post", lambda member_id, frame: asked.append(frame) or {"id": 1})
    socket.send(frame)
    answer = socket.receive()
    assert (answer["type"], answer["code"], answer["fields"]) == ("refused", "invalid", {})
    assert answer["message"]
    socket.send({"type": "post", "key": "k"})
    assert socket.receive()["type"] == "ack"  # the socket goes on
    assert len(asked) == 1


def test_a_frame_of_exactly_64_kib_is_taken(socket: Any, command: Command) -> None:
    command("post", lambda member_id, frame: {"id": len(frame["body"])})
    shell = len('{"type": "post", "key": "k", "body": ""}')
    socket.send('{"type": "post", "key": "k", "body": "' + "x" * (65_536 - shell) + '"}')
    assert socket.receive()["id"] == 65_536 - shell


def test_the_bucket_holds_twenty_frames_and_fills_again(
    socket: Any, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [consumers.monotonic()]
    monkeypatch.setattr(consumers, "monotonic", lambda: now[0])
    command("post", lambda member_id, frame: {"id": 1})
    monkeypatch.setattr(consumers, "WAITING_MAX", 100)
    for number in range(21):
        socket.send({"type": "post", "key": f"k{number}"})
    answers = {(answer := socket.receive())["key"]: answer for _each in range(21)}
    assert [answers[f"k{number}"]["type"] for number in (0, 19, 20)] == ["ack", "ack", "refused"]
    assert answers["k20"]["code"] == "too_fast"
    now[0] += 0.25  # a fifth of a second a frame
    socket.send({"type": "post", "key": "again"})
    assert socket.receive() == {"type": "ack", "id": 1, "key": "again"}


def test_acks_of_a_fast_reader_are_not_held_against_it(socket: Any, command: Command) -> None:
    command("post", lambda member_id, frame: {"id": 1})
    for number in range(60):
        socket.send({"type": "ack", "at": {"pond": number}})
    socket.send({"type": "post", "key": "k"})
    assert socket.receive()["type"] == "ack"


def test_twenty_refused_frames_within_a_minute_close(socket: Any) -> None:
    for _each in range(19):
        socket.send("nonsense")
        assert socket.receive()["type"] == "refused"
    assert socket.code is None  # the premise: nineteen do not
    socket.send("nonsense")
    assert socket.until("bye") == {"type": "bye", "code": 4029, "retry_after": 60}
    assert socket.wait_closed() == 4029


def test_twenty_refusals_over_a_longer_time_do_not(socket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [consumers.monotonic()]
    monkeypatch.setattr(consumers, "monotonic", lambda: now[0])
    for _each in range(30):
        now[0] += 4
        socket.send("nonsense")
        assert socket.receive()["type"] == "refused"
    assert socket.code is None


def test_a_viewers_answers_never_reach_another(
    listen: Listen, member: Any, other_member: Any, command: Command
) -> None:
    command("post", lambda member_id, frame: {"id": member_id})
    mine, theirs = listen(member), listen(other_member)
    mine.until("hello"), theirs.until("hello")
    mine.send({"type": "post", "key": "k"})
    assert mine.receive()["id"] == member.pk
    assert theirs.nothing_more()


@pytest.mark.parametrize(
    ("text", "cursors"),
    [
        ("", {}),
        ("wall:812", {"wall": 812}),
        ("wall:812,member:7:31", {"wall": 812, "member:7": 31}),
        ("wall", {}),
        ("wall:", {"wall": -1}),
        ("wall:-3", {"wall": -1}),
        ("wall:٣", {"wall": -1}),
        ("wall:" + "9" * 19, {"wall": -1}),
        (",,:5", {"": 5}),
    ],
)
def test_a_cursor_is_read_by_its_last_colon(text: str, cursors: dict[str, int]) -> None:
    assert parse_after(text) == cursors

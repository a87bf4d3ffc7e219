"""Rights: a socket hears no more than its person may, from the moment that changes."""

from collections.abc import Callable
from typing import Any

from tests.realtime.conftest import Guest, Pond

Say = Callable[..., None]
Listen = Callable[..., Any]


def rights(say: Say, person: Any) -> None:
    say("rights.changed", person.pk, stream=f"puddle:{person.pk}")


def two_streams(pond: Pond, person: Any) -> None:
    pond.guests[person.pk] = Guest(person.pk, hears=("pond", f"puddle:{person.pk}"))


def test_a_stream_taken_away_is_heard_no_more_and_the_others_are(
    listen: Listen, member: Any, other_member: Any, pond: Pond, say: Say
) -> None:
    two_streams(pond, member)
    socket, other = listen(member), listen(other_member)
    assert set(socket.receive()["at"]) == {"pond", f"puddle:{member.pk}"}
    other.until("hello")
    pond.guests[member.pk] = Guest(member.pk, hears=(f"puddle:{member.pk}",))
    rights(say, member)
    assert set(socket.until("at")["at"]) == {f"puddle:{member.pk}"}
    say("post.published", 1)
    say("notice.changed", 2, stream=f"puddle:{member.pk}")
    assert other.event()["id"] == 1  # the premise: it was told
    assert [event["kind"] for event in socket.events_until_now()] == ["notice.changed"]


def test_a_stream_given_is_heard_from_then_on(listen: Listen, member: Any, pond: Pond, say: Say) -> None:
    pond.guests[member.pk] = Guest(member.pk, hears=(f"puddle:{member.pk}",))
    socket = listen(member)
    socket.until("hello")
    say("post.published", 1)
    two_streams(pond, member)
    rights(say, member)
    assert socket.until("at")["at"]["pond"] == 1
    say("post.published", 2)
    assert [event["id"] for event in socket.events_until_now()] == [2]


def test_what_a_person_may_see_changes_with_their_facts(listen: Listen, member: Any, pond: Pond, say: Say) -> None:
    pond.secret.add(("post", 1))
    pond.guests[member.pk] = Guest(member.pk, hears=("pond", f"puddle:{member.pk}"), near=True)
    socket = listen(member)
    socket.until("hello")
    say("post.published", 1)
    assert socket.event()["near"]
    two_streams(pond, member)
    rights(say, member)
    assert socket.event()["kind"] == "rights.changed"
    socket.events_until_now()
    say("post.changed", 1, version=2)
    assert socket.events_until_now() == []


def test_what_comes_right_behind_a_change_is_told_by_the_new_rights(
    listen: Listen, member: Any, pond: Pond, say: Say
) -> None:
    pond.secret.update({("post", number) for number in range(1, 9)})
    pond.guests[member.pk] = Guest(member.pk, hears=("pond", f"puddle:{member.pk}"), near=True)
    socket = listen(member)
    socket.until("hello")
    say("post.published", 1)
    assert socket.event()["near"]  # the premise
    two_streams(pond, member)
    rights(say, member)
    for number in range(2, 9):
        say("post.published", number)
    assert [event["kind"] for event in socket.events_until_now()] == ["rights.changed"]


def test_a_session_that_is_gone_is_told_to_sign_in_again(
    listen: Listen, member: Any, forget: Callable[[Any], None], pond: Pond, say: Say
) -> None:
    two_streams(pond, member)
    socket = listen(member)
    socket.until("hello")
    forget(member)
    rights(say, member)
    assert socket.until("bye") == {"type": "bye", "code": 4001, "retry_after": 0}
    assert socket.wait_closed() == 4001


def test_a_session_that_ends_just_after_it_was_announced_is_noticed_too(
    listen: Listen, member: Any, forget: Callable[[Any], None], pond: Pond, say: Say
) -> None:
    two_streams(pond, member)
    socket = listen(member)
    socket.until("hello")
    rights(say, member)
    socket.event()
    forget(member)
    assert socket.until("bye", patience=5)["code"] == 4001


def test_a_session_that_ended_in_silence_is_found_at_the_slow_check(
    listen: Listen, member: Any, other_member: Any, forget: Callable[[Any], None], quick: None, pond: Pond
) -> None:
    socket, other = listen(member), listen(other_member)
    socket.until("hello"), other.until("hello")
    forget(member)
    assert socket.until("bye")["code"] == 4001
    assert other.until("at") and other.code is None


def test_a_changed_password_ends_the_sockets_of_older_sessions(
    listen: Listen, member: Any, pond: Pond, say: Say
) -> None:
    two_streams(pond, member)
    socket = listen(member)
    socket.until("hello")
    member.set_password("another harbour pass")
    member.save()
    rights(say, member)
    assert socket.until("bye")["code"] == 4001


def test_an_account_switched_off_ends_its_sockets(listen: Listen, member: Any, pond: Pond, say: Say) -> None:
    two_streams(pond, member)
    socket = listen(member)
    socket.until("hello")
    member.is_active = False
    member.save()
    rights(say, member)
    assert socket.until("bye")["code"] == 4001


def test_a_viewer_who_is_nobody_any_more_is_told_to_sign_in(listen: Listen, member: Any, pond: Pond, say: Say) -> None:
    two_streams(pond, member)
    socket = listen(member)
    socket.until("hello")
    pond.guests[member.pk] = None  # type: ignore[assignment]
    rights(say, member)
    assert socket.until("bye")["code"] == 4001


def test_who_may_hear_nothing_is_told_so(listen: Listen, member: Any, pond: Pond) -> None:
    pond.guests[member.pk] = Guest(member.pk, hears=())
    socket = listen(member)
    assert socket.receive() == {"type": "bye", "code": 4003, "retry_after": 0}
    assert socket.wait_closed() == 4003

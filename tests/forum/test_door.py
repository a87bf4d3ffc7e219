"""At the door: however many knock at once, they cost few questions, and nobody keeps out anybody else."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from forum import access, live
from forum.models import Member
from realtime import log
from realtime.door import Door, Knock
from realtime.hub import Hub
from realtime.ring import Ring
from realtime.streams import Audience, set_audience
from tests.sockets import PATIENCE

pytestmark = pytest.mark.django_db
FOR_ALL = 4  # whose sessions, where their streams are, the sessions again, and their members


@pytest.fixture
def knock(as_: Any) -> Callable[..., Knock]:
    def knock(person: Any, rings: Any = None, **cursors: int) -> Knock:
        return Knock(as_(person).session.session_key, cursors, rings or {})

    return knock


@pytest.fixture
def door() -> Door:
    door = Door(lambda function, *args: function(*args))
    door.epoch = log.epoch()
    return door


@pytest.mark.parametrize("number", [1, 7])
def test_one_question_for_each_and_three_for_all(
    number: int, knock: Any, door: Door, make_member: Any, django_assert_num_queries: Any
) -> None:
    knocks = [knock(make_member(f"bird{n}")) for n in range(number)]
    door.let_in(knocks)  # the first time some questions are put into words
    with django_assert_num_queries(FOR_ALL + number):
        admissions = door.let_in(knocks)
    assert [each.streams for each in admissions] == [["wall", f"member:{each.viewer.id}"] for each in admissions]


def test_what_all_have_missed_is_read_once(
    knock: Any, door: Door, make_member: Any, member: Any, post_by: Any, django_assert_num_queries: Any
) -> None:
    for _each in range(3):
        post_by(member)
    now = log.positions(["wall"])["wall"]
    knocks = [knock(make_member(f"bird{n}"), {"wall": Ring(now)}, wall=now - 3) for n in range(5)]
    door.let_in(knocks)
    with django_assert_num_queries(FOR_ALL + len(knocks) + 1):
        admissions = door.let_in(knocks)
    for each in admissions:
        assert [entry.seq for entry in each.history["wall"]][-3:] == [now - 2, now - 1, now]


def test_who_is_signed_out_or_closed_is_let_in_by_nothing(
    knock: Any, door: Door, member: Any, other_member: Any
) -> None:
    knocks = [knock(member), Knock("", {}, {}), Knock("nobody", {}, {}), knock(other_member)]
    other_member.is_active = False
    other_member.save(update_fields=["is_active"])
    admissions = door.let_in(knocks)
    assert admissions[0].viewer.id == member.pk and admissions[1:] == [None, None, None]


def test_one_who_cannot_be_read_keeps_nobody_out(
    knock: Any, door: Door, member: Any, other_member: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(person: Any) -> Any:
        if person.pk == member.pk:
            raise DatabaseError("a row that cannot be read")
        return live.load_viewer(person)

    from realtime import streams

    monkeypatch.setattr(streams, "_audience", list(streams._audience))
    set_audience(Audience(load=load, streams_of=live.streams_of, alike=access.anyone_like))
    broken, whole = door.let_in([knock(member), knock(other_member)])
    assert isinstance(broken, DatabaseError) and whole.viewer.id == other_member.pk


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("tabs", [0, 1])
def test_whose_rights_change_while_they_come_in_goes_on_with_the_new_ones(
    listen: Any, ears: Any, moderator: Any, monkeypatch: pytest.MonkeyPatch, tabs: int
) -> None:
    """The rights that were read are old by the time the socket is let in, and nothing is said of it afterwards."""
    from realtime import streams

    for _tab in range(tabs):
        listen(moderator).until("hello")
    waiting = [True]

    def load(person: Any) -> Any:
        viewer = live.load_viewer(person)
        if waiting:
            waiting.clear()
            with transaction.atomic():
                Member.objects.filter(pk=person.pk).update(role="member")
                log.append(live.tell_member(person.pk, "rights.changed"))
        return viewer

    monkeypatch.setattr(streams, "_audience", [replace(streams.audience(), load=load)])
    listen(moderator).until("hello")

    def heard() -> list[frozenset[str]]:
        hub = Hub.running()
        return [seat.streams for seat in hub._roster.of_member(moderator.pk)] if hub else []

    until = time.monotonic() + PATIENCE
    while any("moderation" in names for names in ears.call(heard)) and time.monotonic() < until:
        time.sleep(0.05)
    assert ears.call(heard) == [frozenset({"wall", f"member:{moderator.pk}"})] * (tabs + 1)

"""At the door: however many knock at once, they cost few questions, and nobody keeps out anybody else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError

from forum import access, live
from realtime import log
from realtime.door import Door, Knock
from realtime.ring import Ring
from realtime.streams import Audience, set_audience

pytestmark = pytest.mark.django_db
FOR_ALL = 3  # sessions, their members, and where the streams are


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

"""Nobody is on call, or a bank holiday that nobody confirmed: nobody is singled out, and whose telephone rings is called."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from moderation import calls, duty, rota
from moderation.actions import rota as acts
from moderation.models import ContactWay
from tests.moderation.ladders import called, clock_at, since
from tests.moderation.rotas import fill_week

pytestmark = pytest.mark.django_db
CHRISTMAS = datetime(2026, 12, 25, 12, tzinfo=UTC)


@pytest.fixture
def telephone():
    """`telephone(gannet)`: they have a way that rings, tested today."""

    def make(person) -> ContactWay:
        now = timezone.now()
        way = ContactWay(
            member=person,
            kind="webhook",
            preset="signed",
            name="telephone",
            rings=True,
            confirmed_at=now,
            tested_at=now,
        )
        way.save()
        return way

    return make


def test_while_nobody_is_on_call_all_of_the_staff_are_called_at_once(escalated_case, staff, other_staff, make_member):
    make_member("fulmar", role="staff")
    case = escalated_case("danger_now")
    clock_at(since(case, seconds=1))
    assert called(case) == [(0, "puffin"), (0, "gannet"), (0, "fulmar")]
    clock_at(since(case, minutes=5, seconds=1))
    assert called(case)[3:] == [(2, "puffin"), (2, "gannet"), (2, "fulmar")]


def test_that_is_what_the_rota_says(as_, staff):
    assert "All of the staff are called instead." in as_(staff).get("/staff/on-call/").text


def test_where_one_is_on_call_the_next_is_whoever_can_be_rung(
    escalated_case, staff, other_staff, make_member, telephone, on_duty
):
    fulmar = make_member("fulmar", role="staff")
    telephone(fulmar)
    on_duty(other_staff, "on_call")
    case = escalated_case("danger_now")
    assert [[person.handle for person in calls.level(case, step)[0]] for step in range(3)] == [
        ["gannet"],
        ["fulmar"],
        ["fulmar", "puffin", "gannet"],
    ]


@pytest.fixture
def christmas(staff, other_staff, rings, escalated_case):
    """A case at noon of the day: gannet has the days and puffin the nights, and nobody has confirmed who covers it."""
    rings |= {staff.pk, other_staff.pk}
    fill_week(staff, other_staff)
    case = escalated_case("danger_now")
    with time_machine.travel(CHRISTMAS, tick=False):
        yield case


def test_on_a_bank_holiday_that_nobody_confirmed_whoever_the_rota_names_is_called_as_well(
    christmas, make_member, on_duty, other_staff, staff
):
    fulmar = make_member("fulmar", role="staff")
    on_duty(fulmar, "on_call")
    assert duty.on_call() == [fulmar] and rota.named_unconfirmed(CHRISTMAS) == [other_staff, staff]
    assert calls.level(christmas, 0)[0] == [fulmar, other_staff, staff]


def test_with_nobody_on_call_by_hand_it_is_everybody(christmas, make_member, staff, other_staff):
    fulmar = make_member("fulmar", role="staff")
    assert duty.on_call() == [] and set(calls.level(christmas, 0)[0]) == {staff, other_staff, fulmar}


def test_once_it_is_confirmed_the_rota_is_as_ever(christmas, staff, other_staff):
    acts.confirm_holiday(other_staff, CHRISTMAS.date(), first=None, second=None)
    assert rota.named_unconfirmed(CHRISTMAS) == []
    assert [calls.level(christmas, step)[0] for step in (0, 1)] == [[other_staff], [staff]]


def test_on_any_other_day_nobody_is_named_besides(christmas):
    assert rota.named_unconfirmed(CHRISTMAS - timedelta(days=3)) == []

"""What rang nobody holds nothing back: only a telephone that truly rang makes another from outside wait for its hour."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from moderation.actions.acknowledging import acknowledge
from moderation.actions.cases import claim_case
from moderation.models import Case, Letter
from tests.moderation.outside import climbed, clock, rings

pytestmark = pytest.mark.django_db


def later(**ahead):
    return time_machine.travel(timezone.now() + timedelta(**ahead), tick=False)


def case_of(letter) -> Case:
    return Case.objects.get(pk=letter.report.case_id)


def test_a_threat_that_rang_nobody_holds_no_emergency_back(telephone, send, crowd):
    threat = send(crowd[0].handle, door="rule", category="threat", address="198.51.100.7")
    assert (case_of(threat).state, rings()) == ("open", 0), "the premise: it has an hour of its own"
    real = send(crowd[1].handle)
    assert (real.rings_from, rings(real)) == (None, 1)


def test_a_worry_that_somebody_on_shift_took_holds_none_back_once_they_have_gone(
    telephone, send, crowd, moderator, on_duty
):
    shift = on_duty(moderator)
    claim_case(case_of(send(crowd[0].handle)), moderator)
    shift.delete()
    real = send(crowd[1].handle)
    assert (real.rings_from, rings(real)) == (None, 1)


def test_what_is_urgent_holds_no_emergency_back_and_an_emergency_holds_what_is_urgent(telephone, send, crowd):
    urgent = send(crowd[0].handle, category="ending_life")
    assert rings(urgent) == 1, "the premise: it rang"
    assert rings(send(crowd[1].handle)) == 1
    assert rings(send(crowd[2].handle, category="ending_life")) == 0


def test_many_threats_do_not_all_ring_when_their_own_hour_is_over(telephone, send, crowd):
    threats = [send(each.handle, door="rule", category="threat") for each in crowd]
    with later(minutes=61):
        clock()
        clock()
        assert {case_of(each).state for each in threats} == {"escalated"}, "the premise: nobody took one"
        assert 1 <= rings(*threats) <= 2
    with later(hours=6):
        for _look in range(2):
            clock()
    assert rings(*threats) > 2, "and none is lost"


def test_what_people_on_shift_may_still_take_makes_nothing_wait_that_would_ring(telephone, send, crowd):
    send(crowd[0].handle)
    held, waits = send(crowd[1].handle), send(crowd[2].handle, door="rule", category="child")
    assert (rings(held), case_of(waits).state) == (0, "escalated")
    Case.objects.filter(pk=waits.report.case_id).update(state="open", due_at=timezone.now() + timedelta(hours=9))
    Letter.objects.filter(pk=waits.pk).update(rings_from=timezone.now(), made_at=timezone.now() - timedelta(hours=1))
    with later(minutes=61):
        clock()
        clock()
        waits.refresh_from_db()
        assert waits.rang_at is None and rings(held) == 1


def test_an_urgent_one_is_not_put_off_for_ever_by_newer_emergencies(telephone, send, crowd, make_member):
    send(crowd[0].handle)
    urgent = send(crowd[1].handle, category="ending_life")
    emergencies = [send(make_member(f"new{n}").handle, address=f"198.51.100.{n}") for n in range(6)]
    for hour in range(1, 5):
        with later(minutes=61 * hour):
            clock()
            clock()
    assert climbed(case_of(urgent))
    assert sum(bool(climbed(case_of(each))) for each in emergencies) >= 4, "beside them, in nobody's place"


def test_whoever_is_up_for_what_waited_calls_nobody_else_the_moment_their_minutes_are_over(
    telephone, send, crowd, staff
):
    send(crowd[0].handle)
    held = case_of(send(crowd[1].handle))
    with later(minutes=40):
        clock()
        assert climbed(held) == [], "the premise: it waits for its hour"
        acknowledge(held, staff)
    with later(minutes=46):
        clock()
        assert climbed(held) == [0], "neither everybody nor the emergency contact"

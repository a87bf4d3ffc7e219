"""Standing: set by an action, over when its time is over, heard by live sockets."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from forum.actions.membership import change_standing, lift_ended_standings
from forum.models import Member, Standing
from realtime import clock, log
from realtime.log import NewEvent
from realtime.models import Event

pytestmark = pytest.mark.django_db


def change(member, standing, until=None):
    with transaction.atomic():
        events = change_standing(member, standing, until)
        log.append(*events)
    return events


def test_a_standing_is_set_and_announced(member):
    until = timezone.now() + timedelta(days=3)
    assert change(member, "suspended", until) == [NewEvent(f"member:{member.pk}", "rights.changed", member.pk)]
    fresh = Member.objects.get()
    assert (fresh.standing, fresh.standing_until, fresh.is_active) == ("suspended", until, True)
    assert (member.standing, member.current_standing) == ("suspended", "suspended")


def test_active_has_no_end(member):
    change(member, "suspended", timezone.now() + timedelta(days=3))
    change(member, "active", timezone.now() + timedelta(days=3))
    assert Member.objects.get().standing_until is None


def test_an_unknown_standing_is_refused_and_nothing_changes(member):
    with pytest.raises(ValueError, match="banished"):
        change(member, "banished")
    assert Member.objects.get().standing == "active" and not Event.objects.exists()


@pytest.mark.parametrize("standing", ["remembered", "erased"])
def test_nobody_signs_in_as_somebody_who_is_remembered_or_erased(as_, member, standing):
    assert as_(member).get("/me/").status_code == 200
    change(member, standing, timezone.now() - timedelta(days=1))
    assert as_(member).get("/me/").status_code == 302
    assert Member.objects.get().current_standing == standing  # no date brings them back


def test_a_standing_whose_time_is_over_counts_as_active(member, time_machine):
    change(member, "paused", timezone.now() + timedelta(hours=1))
    assert Member.objects.get().current_standing == "paused"
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    assert Member.objects.get().current_standing == "active"


def test_the_clock_writes_it_down_once_and_tells_the_sockets(member, other_member, time_machine):
    change(member, "suspended", timezone.now() + timedelta(hours=1))
    change(other_member, "banned")
    lift_ended_standings()
    assert Member.objects.get(pk=member.pk).standing == "suspended"
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    before = Event.objects.count()
    lift_ended_standings()
    lift_ended_standings()
    assert Member.objects.get(pk=member.pk).standing == Standing.ACTIVE
    assert Member.objects.get(pk=other_member.pk).standing == Standing.BANNED
    assert [event.stream for event in Event.objects.order_by("pk")[before:]] == [f"member:{member.pk}"]


def test_the_clock_knows_both_tasks(member):
    assert {"lift_ended_standings", "forget.signups"} <= set(clock.tick())

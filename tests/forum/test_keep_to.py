"""What the team's decisions say becomes a member's standing: with a break, with leaving, over time, and for their sockets."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from forum.actions.leaving import come_back, leave
from forum.actions.membership import end_break, keep_to, lift_ended_standings, take_break
from forum.models import Erasure, Leaving, Member, Standing
from realtime import log
from realtime.models import Event

pytestmark = pytest.mark.django_db
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def decide(member, *steps):
    with transaction.atomic():
        log.append(*keep_to(member, steps))


def stands(member):
    return Member.objects.get(pk=member.pk).current_standing


def test_a_pause_that_outlives_a_suspension_goes_on_after_it(member, time_machine):
    now = timezone.now()
    decide(member, ("suspended", now + WEEK), ("paused", now + 4 * WEEK))
    assert stands(member) == "suspended"
    time_machine.move_to(now + WEEK)
    assert stands(member) == "paused"  # before the clock has written it down
    lift_ended_standings()
    fresh = Member.objects.get()
    assert (fresh.standing, fresh.standing_until) == ("paused", now + 4 * WEEK)
    time_machine.move_to(now + 4 * WEEK)
    lift_ended_standings()
    assert Member.objects.get().standing == "active" and Member.objects.get().standing_until is None


def test_their_sockets_hear_each_change_once(member, time_machine):
    now = timezone.now()
    decide(member, ("suspended", now + DAY))
    time_machine.move_to(now + DAY)
    lift_ended_standings()
    lift_ended_standings()
    heard = Event.objects.filter(stream=f"member:{member.pk}", kind="rights.changed")
    assert heard.count() == 2


def test_undone_while_they_rest_the_break_goes_on(member):
    take_break(member, until := timezone.now() + 2 * WEEK)
    decide(member, ("suspended", timezone.now() + WEEK))
    assert stands(member) == "suspended"
    decide(member)
    fresh = Member.objects.get()
    assert (fresh.standing, fresh.standing_until) == ("on_break", until)
    end_break(member)
    assert stands(member) == "active"


def test_a_break_that_outlives_a_suspension_is_there_when_it_ends(member, time_machine):
    now = timezone.now()
    take_break(member, now + 2 * WEEK)
    decide(member, ("suspended", now + WEEK))
    time_machine.move_to(now + WEEK)
    lift_ended_standings()
    assert stands(member) == "on_break"
    time_machine.move_to(now + 2 * WEEK)
    lift_ended_standings()
    fresh = Member.objects.get()
    assert (fresh.standing, fresh.rests_until) == ("active", None)


def test_what_is_decided_while_they_rest_waits_beneath_the_break(member):
    take_break(member, timezone.now() + WEEK)
    decide(member, ("paused", timezone.now() + 4 * WEEK), ("slowed", timezone.now() + 8 * WEEK))
    assert stands(member) == "on_break"
    end_break(member)
    assert stands(member) == "paused"


def test_who_has_left_stays_away_and_finds_what_was_decided_when_they_come_back(member):
    leave(member)
    decide(member, ("suspended", until := timezone.now() + WEEK))
    assert stands(member) == "deactivated" and Leaving.objects.exists()
    come_back(member)
    member.refresh_from_db()
    assert (member.standing, member.standing_until) == ("suspended", until)


def test_what_is_undone_while_they_are_away_is_not_there_when_they_come_back(member):
    decide(member, ("banned", None))
    leave(member)
    decide(member)
    assert stands(member) == "deactivated"
    come_back(member)
    assert stands(member) == "active"


def test_who_left_out_of_a_break_comes_back_to_it(member):
    take_break(member, until := timezone.now() + WEEK)
    leave(member)
    come_back(member)
    member.refresh_from_db()
    assert (member.standing, member.standing_until) == ("on_break", until)


def test_who_is_erased_or_remembered_stays_so(member):
    Member.objects.filter(pk=member.pk).update(standing=Standing.REMEMBERED, is_active=False)
    decide(member, ("paused", timezone.now() + WEEK))
    assert (stands(member), Member.objects.get().is_active) == ("remembered", False)
    assert not Erasure.objects.exists()

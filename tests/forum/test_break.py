"""A break: chosen by the member, ended at one press or by itself, and never a way out of what the team decided."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from forum.actions.membership import change_standing, end_break, lift_ended_standings, take_break
from forum.models import Member, Standing
from forum.refusals import BreakTooLong, WallClosed
from realtime import log

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)


def put(member, standing, until=None):
    with transaction.atomic():
        log.append(*change_standing(member, standing, until))


def stands(member):
    return Member.objects.get(pk=member.pk).current_standing


def begin(as_, member, length="week", **more):
    return as_(member).post("/me/break/", {"length": length, **more})


def test_a_break_leads_to_the_room_which_says_until_when(as_, member):
    assert begin(as_, member)["Location"] == "/room/"
    until = Member.objects.get().standing_until
    assert timezone.localtime(until).hour == 9 and timedelta(days=6) < until - timezone.now() < timedelta(days=8)
    assert as_(member).get("/")["Location"] == "/room/"
    assert f"until {timezone.localtime(until):%-d %B, %H:%M}" in as_(member).get("/room/").text


def test_every_length_says_when_it_would_end(as_, member):
    page = as_(member).get("/me/break/").text
    tomorrow = timezone.localtime() + timedelta(days=1)
    assert f"A day – until {tomorrow:%A} {tomorrow.day} {tomorrow:%B}, 09:00" in page


def test_one_press_ends_it(as_, member):
    begin(as_, member)
    assert as_(member).post("/me/break/end/")["Location"] == "/"
    assert as_(member).get("/").status_code == 200
    end_break(member)  # twice is once
    assert stands(member) == "active"


def test_a_day_of_ones_own(as_, member):
    day = timezone.localdate() + timedelta(days=10)
    begin(as_, member, "own", day=str(day))
    until = timezone.localtime(Member.objects.get().standing_until)
    assert (until.date(), until.hour) == (day, 9)


@pytest.mark.parametrize("day", ["", "yesterday?", "2020-01-01", "2999-01-01"])
def test_a_day_that_cannot_be_is_said_beside_it(as_, member, day):
    answer = begin(as_, member, "own", day=day)
    assert answer.status_code == 422 and 'id="id_day_error"' in answer.text
    assert stands(member) == "active"


@pytest.mark.parametrize("until", [timedelta(minutes=5), timedelta(weeks=13)])
def test_hours_to_weeks(member, until):
    with pytest.raises(BreakTooLong):
        take_break(member, timezone.now() + until)


@pytest.mark.parametrize("standing", ["suspended", "banned", "deactivated"])
def test_who_is_kept_from_the_wall_cannot_swap_it_for_a_break(as_, member, standing):
    put(member, standing)
    with pytest.raises(WallClosed):
        take_break(member, timezone.now() + WEEK)
    assert begin(as_, member).status_code == 422
    end_break(member)
    assert stands(member) == standing


@pytest.mark.parametrize("standing", ["paused", "slowed"])
def test_what_the_team_decided_waits_under_the_break(member, standing, time_machine):
    put(member, standing, timezone.now() + timedelta(weeks=3))
    take_break(member, timezone.now() + WEEK)
    assert stands(member) == "on_break"
    end_break(member)
    assert stands(member) == standing
    take_break(member, timezone.now() + WEEK)
    time_machine.move_to(timezone.now() + WEEK)
    assert stands(member) == standing  # before the clock has written it down
    lift_ended_standings()
    fresh = Member.objects.get()
    assert (fresh.standing, fresh.rests_until, fresh.standing_until is None) == (standing, None, False)


def test_what_ends_during_the_break_does_not_come_back(member, time_machine):
    put(member, "paused", timezone.now() + timedelta(days=2))
    take_break(member, timezone.now() + WEEK)
    time_machine.move_to(timezone.now() + WEEK)
    lift_ended_standings()
    assert Member.objects.get().standing == "active"


def test_a_decision_during_the_break_ends_nothing_but_what_comes_after(member):
    take_break(member, timezone.now() + WEEK)
    put(member, "paused", timezone.now() + timedelta(weeks=3))
    assert stands(member) == "on_break"
    end_break(member)
    assert stands(member) == "paused"
    take_break(member, timezone.now() + WEEK)
    put(member, "suspended")
    end_break(member)
    assert stands(member) == "suspended"  # a break ends nothing that closes the wall


def test_taken_again_it_has_the_new_end_and_the_same_ground(member):
    put(member, "slowed")
    take_break(member, timezone.now() + WEEK)
    take_break(member, later := timezone.now() + 2 * WEEK)
    assert Member.objects.get().standing_until == later
    end_break(member)
    assert stands(member) == Standing.SLOWED


def test_nothing_of_the_wall_is_heard_from_the_moment_it_begins(hear, member, other_member, post_by):
    def rest():
        take_break(member, timezone.now() + WEEK)

    assert [event["kind"] for event in hear(member, lambda: post_by(other_member))] == ["post.published"]
    assert [event["kind"] for event in hear(member, rest, settle, lambda: post_by(other_member))] == ["rights.changed"]


def settle():
    import time

    time.sleep(0.5)  # the hub reads the new rights

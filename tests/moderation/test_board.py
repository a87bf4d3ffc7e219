"""The staff board: most urgent first, who was called and what came of it, who is up, clocks that run."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forum.access import facts_of
from moderation.actions.acknowledging import acknowledge
from moderation.actions.handing import hand_over_case
from moderation.board import clock_face, read_board
from realtime.models import Delivery
from tests.moderation.ladders import clock_at, since

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("seconds", "face"),
    [(0, "0:00"), (7, "0:07"), (247, "4:07"), (3847, "1:04:07"), (-65, "−1:05"), (183_840, "2 d 3:04")],
)
def test_a_clock_reads_the_same_on_the_server_and_in_the_page(seconds, face):
    assert clock_face(timedelta(seconds=seconds)) == face


def test_the_most_urgent_stands_first(escalated_case, make_member, staff):
    urgent = escalated_case("ending_life")
    emergency = escalated_case("danger_now", subject=make_member("finch"))
    soon = escalated_case("worried", subject=make_member("siskin"))
    board = read_board(facts_of(staff))
    assert [each.case.pk for each in board.waiting] == [emergency.pk, urgent.pk, soon.pk]


def test_it_says_who_was_called_last_and_what_came_of_it(as_, escalated_case, staff, other_staff, on_duty):
    on_duty(staff, "on_call")
    case = escalated_case("danger_now")
    assert "Nobody has been called about this." in as_(staff).get("/staff/").text
    clock_at(since(case, minutes=2, seconds=1))
    Delivery.objects.filter(address=other_staff.email).update(state="failed")
    board = as_(staff).get("/staff/").text
    assert "gannet (mail: did not get through)" in board and "puffin (mail" not in board


def test_it_says_who_is_up_until_when_and_how_long_it_waits(as_, escalated_case, staff):
    case = escalated_case("danger_now")
    clock_at(since(case, seconds=1))
    with time_machine.travel(since(case, minutes=1), tick=False):
        acknowledge(case, staff)
    with time_machine.travel(since(case, minutes=2, seconds=5), tick=False):
        board = read_board(facts_of(staff))
        assert board.waiting[0].face == "2:05" and board.waiting[0].up.until == since(case, minutes=6)
    with time_machine.travel(since(case, minutes=6, seconds=5), tick=False):
        assert read_board(facts_of(staff)).waiting[0].up is None


def test_what_staff_hold_counts_down_to_the_next_step(staff_case, staff):
    case = staff_case("danger_now")
    with time_machine.travel(case.next_action_due - timedelta(minutes=3, seconds=1), tick=False):
        held = read_board(facts_of(staff)).held[0]
        assert held.counts_down and held.face == "3:01"
    with time_machine.travel(case.next_action_due + timedelta(seconds=9), tick=False):
        assert read_board(facts_of(staff)).held[0].face == "−0:09"


def test_one_press_on_the_board_takes_it(as_, escalated_case, staff):
    case = escalated_case("danger_now")
    board = as_(staff).get("/staff/").text
    assert "I am taking this" in board
    fields = {"do": "take", "seen": case.version, "back": "board"}
    assert as_(staff).post(f"/staff/cases/{case.pk}/", fields)["Location"] == f"/staff/cases/{case.pk}/"
    case.refresh_from_db()
    assert case.holder == staff


def test_its_stamp_changes_with_what_somebody_should_read_and_with_nothing_else(
    escalated_case, staff_case, make_member, staff, other_staff
):
    case, held = escalated_case("danger_now"), staff_case("ending_life", subject=make_member("finch"))
    stamp = read_board(facts_of(staff)).stamp
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert read_board(facts_of(staff)).stamp == stamp
    seen = {stamp}
    for act in (
        lambda: clock_at(since(case, seconds=1)),
        lambda: Delivery.objects.update(state="sent"),
        lambda: acknowledge(case, staff),
        lambda: hand_over_case(held, staff, other_staff, "Please."),
    ):
        case.refresh_from_db()
        held.refresh_from_db()
        act()
        seen.add(read_board(facts_of(staff)).stamp)
    assert len(seen) == 5


def test_many_cases_cost_as_much_as_two(escalated_case, make_member, staff):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            read_board(facts_of(staff))
        return len(asked)

    for name in "ab":
        escalated_case("danger_now", subject=make_member(f"sub{name}"))
    clock_at(timezone.now() + timedelta(seconds=1))
    few = cost()
    for name in "cdefg":
        escalated_case("danger_now", subject=make_member(f"sub{name}"))
    clock_at(timezone.now() + timedelta(seconds=1))
    assert cost() == few

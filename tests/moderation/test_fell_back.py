"""Care that does not wait and comes back to the queue at night goes to whoever is on call, and not to an empty room."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from moderation import deadlines
from moderation.actions.cases import answer_word, release_case, send_word
from moderation.actions.escalation import close_case, reopen_case, return_case
from moderation.models import Case, Duty

pytestmark = pytest.mark.django_db


def everybody_goes_home() -> None:
    Duty.objects.all().delete()


def state_of(case) -> str:
    return Case.objects.get(pk=case.pk).state


def lapses(case) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        deadlines.lapse_claims()


def test_a_claim_that_lapses_and_one_that_is_given_back_go_straight_on(held_case, make_member, moderator):
    lapsed, given = [held_case("ending_life", subject=make_member(name)) for name in ("dunlin", "knot")]
    everybody_goes_home()
    release_case(given, moderator)
    lapses(lapsed)
    assert (state_of(lapsed), state_of(given)) == ("escalated", "escalated")


def test_while_somebody_is_on_shift_it_waits_in_the_queue_and_so_does_what_can_wait(
    held_case, make_member, moderator, other_moderator, on_duty
):
    quiet = held_case("worried", subject=make_member("dunlin"))
    everybody_goes_home()
    release_case(quiet, moderator)
    assert state_of(quiet) == "open"
    on_duty(other_moderator)
    pressing = held_case("ending_life", subject=make_member("knot"))
    release_case(pressing, moderator)
    assert state_of(pressing) == "open"


def test_what_staff_give_back_or_open_again_at_night_waits_for_staff(staff_case, make_member, staff):
    case = staff_case("ending_life")
    everybody_goes_home()
    return_case(case, staff, "Please look in the morning.")
    assert state_of(case) == "escalated"


def test_what_staff_open_again_and_what_the_member_answers_at_night_goes_on(staff_case, make_member, member, staff):
    one, other = staff_case("ending_life"), staff_case("ending_life", subject=make_member("dunlin"))
    send_word(one, staff, "Write whenever you like.", uuid4())
    for case in (one, other):
        close_case(Case.objects.get(pk=case.pk), staff, because="It was a line of a song.")
    everybody_goes_home()
    answer_word(Case.objects.get(pk=one.pk), member, "I was not honest.", uuid4())
    reopen_case(Case.objects.get(pk=other.pk), staff, "Her friend rang.")
    assert (state_of(one), state_of(other)) == ("escalated", "escalated")

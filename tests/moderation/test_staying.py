"""Staying with somebody until staff are there: who may, what staff see, and that a silence is noticed."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from forum.models import Notice
from moderation import audit, waking
from moderation.actions.cases import send_word
from moderation.actions.duty import sign_off
from moderation.actions.escalation import escalate_case, return_case, take_case
from moderation.actions.raising import raise_case
from moderation.actions.staying import stay_with, stop_staying
from moderation.models import Case, Stay
from moderation.refusals import CaseMoved, NotAllowed
from realtime.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def later():
    start = timezone.now()

    def run(**ahead):
        with time_machine.travel(start + timedelta(**ahead), tick=False):
            return waking.remind_of_silence()

    return run


def now(case):
    return Case.objects.get(pk=case.pk)


def test_staff_see_who_is_with_them_on_the_case_and_on_the_board(as_, escalated_case, moderator, staff, told):
    case = escalated_case("ending_life")
    heard = told(lambda: stay_with(case, moderator))
    assert ("staff", "case.changed", case.pk) in heard
    assert "heron is staying with them" in as_(staff).get(reverse("staff_case", args=[case.pk])).text
    assert "heron is staying with them" in as_(staff).get(reverse("staff_board")).text
    assert "You are staying with them" in as_(moderator).get(reverse("case", args=[case.pk])).text
    assert audit.verify() is None


def test_only_who_passed_it_on_stays_and_only_while_it_waits(
    escalated_case, held_case, make_member, moderator, other_moderator, staff, member
):
    case = escalated_case()
    for person in (other_moderator, staff, member):
        with pytest.raises(NotAllowed):
            stay_with(case, person)
    with pytest.raises(NotAllowed):
        stay_with(held_case(subject=make_member("finch")), moderator)
    conduct = escalate_case(held_case(door="rule", subject=make_member("siskin")), moderator, "Please look.")
    with pytest.raises(NotAllowed):
        stay_with(conduct, moderator)
    assert stay_with(case, moderator).member == moderator
    assert Stay.objects.count() == 1


def test_saying_it_twice_is_once_and_saying_it_again_is_another_time(escalated_case, moderator):
    case = escalated_case()
    first = stay_with(case, moderator)
    assert stay_with(now(case), moderator) == first
    stop_staying(now(case), moderator)
    stop_staying(now(case), moderator)
    again = stay_with(now(case), moderator)
    assert (again.pk, again.ended_at) == (first.pk, None)
    assert [event.action for event in case.events.all()][-3:] == ["stay", "stop_staying", "stay"]


def test_who_cannot_stay_says_so_and_those_who_are_called_hear_it_at_once(
    as_, escalated_case, moderator, staff, on_duty, told
):
    on_duty(staff, kind="on_call")
    case = escalated_case("ending_life")
    stay_with(case, moderator)
    heard = told(lambda: stop_staying(now(case), moderator))
    assert ("staff", "case.changed", case.pk) in heard
    page = as_(staff).get(reverse("staff_case", args=[case.pk])).text
    assert "heron cannot stay any longer. Nobody is with them now." in page
    assert "nobody is with them now" in as_(staff).get(reverse("staff_board")).text
    mail = Delivery.objects.get(subject__contains="Nobody is with them")
    assert mail.address == "puffin@harbour.test"
    assert "robin" not in mail.subject + mail.body and "heron" not in mail.subject + mail.body


def test_what_wakes_nobody_wakes_nobody_for_that_either(escalated_case, moderator, staff, on_duty):
    on_duty(staff, kind="on_call")
    case = escalated_case("worried")
    stay_with(case, moderator)
    stop_staying(now(case), moderator)
    assert not Delivery.objects.filter(subject__contains="Nobody is with them").exists()


def test_a_silence_of_a_quarter_of_an_hour_is_said_once(escalated_case, moderator, later):
    case = escalated_case("ending_life")
    stay_with(case, moderator)
    assert later(minutes=14) == 0
    assert [later(minutes=16), later(minutes=20)] == [1, 0]
    assert Notice.objects.get(member=moderator, kind="staying").read_at is None
    with time_machine.travel(timezone.now() + timedelta(minutes=21), tick=False):
        send_word(now(case), moderator, "Still here.", uuid4())
    assert [later(minutes=35), later(minutes=37), later(minutes=38)] == [0, 1, 0]


def test_a_long_silence_is_told_to_whoever_reads_the_case(as_, escalated_case, moderator, staff):
    case = escalated_case()
    stay_with(case, moderator)
    Stay.objects.update(since=timezone.now() - timedelta(minutes=26))
    page = as_(staff).get(reverse("staff_case", args=[case.pk])).text
    assert "heron is staying with them. The last word was 26 min ago." in page


def test_it_ends_when_staff_take_it_and_who_stayed_can_let_go(as_, escalated_case, moderator, staff, later):
    case = escalated_case("ending_life")
    stay_with(case, moderator)
    take_case(now(case), staff)
    assert later(minutes=40) == 0
    assert (
        "staying with them" not in as_(staff).get(reverse("staff_case", args=[case.pk])).text.partition("timeline")[0]
    )
    assert "You can let go now." in as_(moderator).get("/notices/").text
    with pytest.raises(CaseMoved):
        stay_with(case, moderator)


def test_another_escalation_is_another_stay(escalated_case, moderator, staff, later, as_):
    case = escalated_case("ending_life")
    stay_with(case, moderator)
    take_case(now(case), staff)
    return_case(now(case), staff, "Calm for now.")
    escalate_case(now(case), moderator, "Not calm.")
    assert "is staying with them" not in as_(staff).get(reverse("staff_board")).text
    assert later(minutes=40) == 0
    assert stay_with(now(case), moderator).episode == 2


def test_who_stays_goes_on_staying_when_it_turns_out_more_urgent(
    as_, escalated_case, moderator, other_moderator, staff
):
    case = escalated_case("ending_life")
    stay_with(case, moderator)
    raise_case(now(case), other_moderator, "emergency", "They have gone out.")
    assert now(case).episode == 2
    assert "heron is staying with them" in as_(staff).get(reverse("staff_board")).text


def test_who_has_to_stop_leaves_nobody_waiting_for_them(escalated_case, moderator, staff, on_duty):
    on_duty(staff, kind="on_call")
    case = escalated_case("ending_life")
    stay_with(case, moderator)
    sign_off(moderator)
    assert Stay.objects.get().ended_at is not None
    assert case.events.last().action == "stop_staying"


@pytest.mark.django_db(transaction=True)
def test_two_clocks_remind_once(escalated_case, moderator, at_once):
    stay_with(escalated_case(), moderator)
    Stay.objects.update(since=timezone.now() - timedelta(minutes=20))
    assert sorted(at_once(waking.remind_of_silence, waking.remind_of_silence)) == [0, 1]
    assert Notice.objects.filter(kind="staying").count() == 1

"""Saying that one is up: one press on a link that shows nothing, or on the board, and what it buys."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from forum.models import Block
from moderation import reading, ups
from moderation.actions.acknowledging import SomebodyIsUp, acknowledge
from moderation.actions.escalation import take_case
from moderation.models import Acknowledgement, Case, LadderCall
from moderation.refusals import CaseMoved, NotAllowed
from realtime.deliveries import send_due
from realtime.models import Delivery
from tests.moderation.ladders import called, clock_at, link_to, since

pytestmark = pytest.mark.django_db


@pytest.fixture
def called_case(escalated_case, staff, other_staff, on_duty):
    """An emergency for which puffin was called this minute."""
    on_duty(staff, "on_call")
    case = escalated_case("danger_now")
    clock_at(since(case, seconds=1))
    return case


@pytest.fixture
def phone():
    """A browser where nobody is signed in."""
    return Client()


def press(phone: Client, link: str):
    return phone.post(link, follow=True)


def test_one_press_without_signing_in_says_that_somebody_is_up(phone, called_case, staff, other_staff):
    link = link_to(staff)
    answer = press(phone, link)
    assert "Thank you" in answer.text and "You have 5 minutes." in answer.text
    up = Acknowledgement.objects.get()
    assert (up.case, up.member, up.until - up.at) == (called_case, staff, timedelta(minutes=5))
    assert "puffin is up" in [each.line for each in reading.read_timeline(called_case)]
    assert called(called_case) == [(0, "puffin")]


def ladder_calls():
    return Delivery.objects.filter(dedupe__startswith="ladder:")


def test_what_has_not_left_by_then_waits_until_their_minutes_are_over(phone, called_case, staff):
    """Whoever pressed may fall asleep: then those who were still to be called are, and no later."""
    press(phone, link_to(staff))
    until = Acknowledgement.objects.get().until
    with time_machine.travel(since(called_case, seconds=2), tick=False):
        send_due()
    assert set(ladder_calls().values_list("state", "tries", "due_at")) == {(Delivery.State.WAITING, 0, until)}
    with time_machine.travel(until, tick=False):
        send_due()
    assert {call.state for call in ladder_calls()} == {Delivery.State.SENT}


def test_what_waits_for_them_is_called_off_once_they_take_it(phone, called_case, staff):
    press(phone, link_to(staff))
    until = Acknowledgement.objects.get().until
    with time_machine.travel(since(called_case, seconds=2), tick=False):
        send_due()
    take_case(Case.objects.get(pk=called_case.pk), staff)
    with time_machine.travel(until, tick=False):
        send_due()
    assert {call.state for call in ladder_calls()} == {Delivery.State.STOPPED}


def test_a_press_has_to_come_from_the_page_itself(called_case, staff):
    careful, link = Client(enforce_csrf_checks=True), link_to(staff)
    assert careful.post(link).status_code == 403 and not Acknowledgement.objects.exists()
    careful.get(link)
    sent = {"csrfmiddlewaretoken": careful.cookies["csrftoken"].value}
    assert careful.post(link, sent).status_code == 303 and Acknowledgement.objects.exists()


def test_an_urgent_one_gives_ten_minutes(phone, escalated_case, staff):
    case = escalated_case("ending_life")
    clock_at(since(case, seconds=1))
    assert "You have 10 minutes." in press(phone, link_to(staff)).text


def test_looking_at_the_link_does_nothing(phone, called_case, staff):
    """Machines that read mail press every link in it."""
    for _each in range(3):
        answer = phone.get(link_to(staff))
        assert "I'm up" in answer.text and answer.headers["Cache-Control"] == "no-store"
    assert phone.head(link_to(staff)).status_code == 405
    assert not Acknowledgement.objects.exists()


def test_the_page_shows_nothing_of_the_case_before_or_after_the_press(phone, called_case, staff):
    link = link_to(staff)
    for page in (phone.get(link), press(phone, link)):
        for word in ("robin", "wren", "heron", "sleeping", "emergency", "worry", f"/cases/{called_case.pk}/"):
            assert word not in page.content.decode().lower()


def test_pressed_twice_is_once(phone, called_case, staff):
    link = link_to(staff)
    press(phone, link)
    assert "Thank you" in press(phone, link).text
    assert Acknowledgement.objects.count() == 1


def test_only_a_digest_of_the_link_is_kept(called_case, staff):
    token = link_to(staff).split("/")[2]
    call = LadderCall.objects.get()
    assert call.token_digest == ups.digest_of(token) and token not in call.token_digest


def test_a_link_that_is_over_and_one_that_never_was_look_alike(phone, called_case, staff):
    link = link_to(staff)
    never = phone.get("/up/not-a-link-of-ours/")
    with time_machine.travel(since(called_case, hours=12, seconds=2), tick=False):
        over = Client().get(link)
    assert (never.status_code, over.status_code) == (404, 404)
    assert "This link opens nothing any more" in never.text and "This link opens nothing any more" in over.text


def test_when_somebody_else_is_up_the_next_may_rest(phone, called_case, staff, other_staff):
    clock_at(since(called_case, minutes=2, seconds=1))
    with time_machine.travel(since(called_case, minutes=3), tick=False):
        acknowledge(called_case, staff)
        answer = press(phone, link_to(other_staff))
    assert "Somebody else is up" in answer.text and "You can rest." in answer.text and "puffin" not in answer.text
    assert Acknowledgement.objects.count() == 1
    with time_machine.travel(since(called_case, minutes=9), tick=False):  # their link still works when it is needed
        assert "Thank you" in press(Client(), link_to(other_staff)).text


def test_when_it_is_taken_nobody_is_needed(phone, called_case, staff, other_staff):
    take_case(Case.objects.get(pk=called_case.pk), other_staff)
    answer = press(phone, link_to(staff))
    assert "It is in good hands" in answer.text and not Acknowledgement.objects.exists()


def test_a_link_of_an_earlier_climb_says_that_it_waits_again(phone, called_case, staff, other_staff):
    """It was taken, went late and is escalated anew: whoever opens the link of the first night is not sent back to sleep."""
    link = link_to(staff)
    take_case(Case.objects.get(pk=called_case.pk), other_staff)
    clock_at(since(called_case, minutes=40))
    answer = press(phone, link)
    assert "It waits again" in answer.text and "go back to sleep" not in answer.text
    assert link.replace("/up/", "/staff/take/") in answer.text and not Acknowledgement.objects.exists()
    with pytest.raises(CaseMoved):
        acknowledge(Case.objects.get(pk=called_case.pk), staff, LadderCall.objects.filter(step__episode=1).get())


def test_once_somebody_is_up_for_the_new_calls_an_older_link_says_so(phone, called_case, staff, other_staff):
    link = link_to(staff)
    take_case(Case.objects.get(pk=called_case.pk), other_staff)
    clock_at(since(called_case, minutes=40))
    with time_machine.travel(since(called_case, minutes=1), tick=False):
        acknowledge(Case.objects.get(pk=called_case.pk), other_staff)
        assert "Somebody else is up" in phone.get(link).text


def test_one_press_takes_it_from_a_link_of_an_earlier_climb(as_, called_case, staff, other_staff):
    link = take_link(staff)
    take_case(Case.objects.get(pk=called_case.pk), other_staff)
    clock_at(since(called_case, minutes=40))
    case = Case.objects.get(pk=called_case.pk)
    assert as_(staff).post(link, {"seen": case.version})["Location"] == f"/staff/cases/{case.pk}/"
    assert Case.objects.get(pk=case.pk).holder == staff


def test_when_the_minutes_are_over_it_says_so_and_the_same_link_buys_no_more(phone, called_case, staff):
    link = link_to(staff)
    with time_machine.travel(since(called_case, minutes=1), tick=False):
        press(phone, link)
    with time_machine.travel(since(called_case, minutes=7), tick=False):
        answer = press(Client(), link)
    assert "Your minutes are over" in answer.text and Acknowledgement.objects.count() == 1


def test_called_again_they_can_say_so_again(called_case, staff):
    with time_machine.travel(since(called_case, minutes=1), tick=False):
        acknowledge(called_case, staff)
    with time_machine.travel(since(called_case, minutes=7), tick=False), pytest.raises(NotAllowed):
        acknowledge(Case.objects.get(pk=called_case.pk), staff)
    clock_at(since(called_case, minutes=10, seconds=5))  # all staff, five minutes late
    with time_machine.travel(since(called_case, minutes=11), tick=False):
        acknowledge(Case.objects.get(pk=called_case.pk), staff)
    assert Acknowledgement.objects.count() == 2


def test_from_the_board_whoever_is_signed_in_says_so(as_, called_case, other_staff):
    assert "I'm up" in as_(other_staff).get("/staff/").text
    fields = {"do": "acknowledge", "back": "board", "seen": called_case.version}
    answer = as_(other_staff).post(f"/staff/cases/{called_case.pk}/", fields)
    assert answer["Location"] == "/staff/"
    board = as_(other_staff).get("/staff/").text
    assert "gannet has until" in board and "I'm up" not in board


def test_from_the_board_twice_is_refused_with_a_sentence(as_, called_case, staff, other_staff):
    page = f"/staff/cases/{called_case.pk}/"
    as_(other_staff).post(page, {"do": "acknowledge"})
    again = as_(other_staff).post(page, {"do": "acknowledge"})
    assert again.status_code == 422 and "You have said so already." in again.text
    second = as_(staff).post(page, {"do": "acknowledge"})
    assert second.status_code == 422 and "gannet is up and has until" in second.text


def test_moderators_and_who_blocked_the_person_cannot_say_so(called_case, moderator, other_staff, member):
    called_case.refresh_from_db()
    with pytest.raises(NotAllowed):
        acknowledge(called_case, moderator)
    Block.objects.create(blocker=other_staff, blocked=member)
    with pytest.raises(NotAllowed):
        acknowledge(called_case, other_staff)


def test_who_lost_their_role_since_says_nothing_by_their_link(phone, called_case, staff):
    link = link_to(staff)
    type(staff).objects.filter(pk=staff.pk).update(role="member")
    press(phone, link)
    assert not Acknowledgement.objects.exists()


def test_where_nobody_is_called_there_is_nothing_to_say(as_, escalated_case, staff):
    case = escalated_case("worried")
    assert "I'm up" not in as_(staff).get("/staff/").text
    with pytest.raises(NotAllowed) as refused:
        acknowledge(case, staff)
    assert "Nobody is called about this." in refused.value.message


def test_the_database_holds_one_answer_to_a_call(called_case, staff):
    acknowledge(called_case, staff)
    first = Acknowledgement.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Acknowledgement.objects.create(
            case=called_case, episode=1, member=staff, call=first.call, at=first.at, until=first.until
        )


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_one_is_up(called_case, staff, other_staff, at_once):
    seen = [Case.objects.get(pk=called_case.pk) for _each in range(2)]
    results = at_once(lambda: acknowledge(seen[0], staff), lambda: acknowledge(seen[1], other_staff))
    assert sum(isinstance(each, SomebodyIsUp) for each in results) == 1
    assert Acknowledgement.objects.count() == 1


# --- "I am taking this" ----------------------------------------------------------------------------------------------


def take_link(staff) -> str:
    return link_to(staff).replace("/up/", "/staff/take/")


def test_the_page_leads_through_the_sign_in_to_one_button(client, as_, called_case, staff):
    link = take_link(staff)
    answer = client.get(link)
    assert answer.status_code == 302 and answer["Location"] == f"/accounts/login/?next={link}"
    page = as_(staff).get(link)
    assert "I am taking this" in page.text and "Worry about robin" in page.text
    assert Case.objects.get(pk=called_case.pk).state == "escalated"
    pressed = as_(staff).post(link, {"seen": called_case.version})
    assert pressed["Location"] == f"/staff/cases/{called_case.pk}/"
    assert Case.objects.get(pk=called_case.pk).holder == staff
    assert as_(staff).get(link)["Location"] == f"/staff/cases/{called_case.pk}/"


def test_who_comes_second_reads_who_took_it(as_, called_case, staff, other_staff):
    link = take_link(staff)
    seen = Case.objects.get(pk=called_case.pk).version
    take_case(Case.objects.get(pk=called_case.pk), other_staff)
    answer = as_(staff).post(link, {"seen": seen})
    assert answer.status_code == 409 and "gannet took this at" in answer.text
    later = as_(staff).get(link)
    assert later.status_code == 200 and "gannet holds it." in later.text and "I am taking this" not in later.text


def test_who_may_not_take_it_gets_no_button_and_a_sentence(as_, called_case, staff, member):
    link = take_link(staff)
    Block.objects.create(blocker=staff, blocked=member)
    assert "I am taking this" not in as_(staff).get(link).text
    answer = as_(staff).post(link)
    assert answer.status_code == 403 and "You have blocked this person" in answer.text


def test_a_case_they_may_not_see_is_not_there(as_, called_case, staff, independent):
    assert as_(independent).get(take_link(staff)).status_code == 404
    assert as_(staff).get("/staff/take/not-a-link-of-ours/").status_code == 404

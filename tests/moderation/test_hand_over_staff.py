"""Staff hand a case to one another: it is offered, and whoever holds it goes on until the other says yes."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from forum.models import Block
from moderation import audit, deadlines, reading
from moderation.actions.escalation import return_case
from moderation.actions.handing import hand_over_case
from moderation.actions.handovers import accept_hand_over, decline_hand_over, lapse_hand_overs, take_back_hand_over
from moderation.models import Case, HandOver
from moderation.refusals import CaseMoved, NotAllowed
from realtime.models import Delivery

pytestmark = pytest.mark.django_db
NOTE = "She answers best to short words. I have to drive at six."


@pytest.fixture
def offer(staff_case, staff, other_staff) -> HandOver:
    """puffin holds an emergency and asks gannet to take it over."""
    hand_over_case(staff_case("danger_now"), staff, other_staff, NOTE)
    return HandOver.objects.get()


def now(offer: HandOver) -> Case:
    return Case.objects.get(pk=offer.case_id)


def answer(as_, person, offer: HandOver, do: str):
    return as_(person).post(f"/staff/hand-overs/{offer.pk}/", {"do": do})


def test_until_the_other_says_yes_the_first_holds_it_and_no_time_is_bought(offer, staff):
    case = now(offer)
    assert (case.state, case.holder) == ("with_staff", staff)
    assert case.next_action_due <= case.events.get(action="take").at + timedelta(minutes=30)
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        deadlines.run_deadlines()
    assert now(offer).state == "escalated"


def test_whoever_is_asked_is_rung_told_and_reads_the_note(as_, offer, other_staff):
    page = Delivery.objects.get(dedupe__startswith="hand:")
    assert page.address == other_staff.email and "emergency" in page.subject
    for word in ("robin", "short words", "drive"):
        assert word not in (page.subject + page.body).lower()
    assert "puffin</bdi> asks you to take a case over, with a note." in as_(other_staff).get("/notices/").text
    board = as_(other_staff).get("/staff/").text
    assert "puffin asks you to take this over." in board and NOTE in board
    assert NOTE in as_(other_staff).get(f"/staff/cases/{offer.case_id}/").text


def test_others_see_that_it_is_offered_and_no_note_and_no_button(as_, offer, make_member):
    board = as_(make_member("dunlin", role="staff")).get("/staff/").text
    assert "puffin has asked gannet to take this over." in board
    assert NOTE not in board and 'value="accept"' not in board


def test_yes_makes_it_theirs_with_the_whole_time_for_the_next_step(as_, offer, other_staff):
    with time_machine.travel(timezone.now() + timedelta(minutes=9), tick=False):
        pressed = answer(as_, other_staff, offer, "accept")
        assert pressed["Location"] == f"/staff/cases/{offer.case_id}/"
        case = now(offer)
        assert (case.holder, case.next_action_due) == (other_staff, timezone.now() + timedelta(minutes=30))
    assert [each.line for each in reading.read_timeline(case)][-2:] == [
        "puffin asked a colleague to take it over",
        "gannet took it over",
    ]
    assert audit.verify() is None


def test_no_leaves_it_where_it_is_and_the_first_hears_it_at_once(as_, offer, staff, other_staff):
    assert answer(as_, other_staff, offer, "decline")["Location"] == "/staff/"
    assert now(offer).holder == staff
    page = Delivery.objects.get(dedupe=f"hand:{offer.pk}:over:mail")
    assert page.address == staff.email and "you still hold it" in page.subject
    assert "asks you to take this over" not in as_(other_staff).get("/staff/").text


def test_an_answer_twice_is_once(as_, offer, other_staff):
    assert answer(as_, other_staff, offer, "accept").status_code == 303
    assert answer(as_, other_staff, offer, "accept").status_code == 303
    assert now(offer).events.filter(action="hand_accept").count() == 1


def test_only_whoever_was_asked_answers_and_only_whoever_asked_takes_it_back(
    as_, offer, staff, other_staff, make_member
):
    third = make_member("dunlin", role="staff")
    for person, do in (
        (third, "accept"),
        (staff, "accept"),
        (third, "decline"),
        (other_staff, "back"),
        (third, "back"),
    ):
        refused = answer(as_, person, offer, do)
        assert refused.status_code == 403 and "This is for whoever was asked." in refused.text
    assert now(offer).holder == staff
    assert answer(as_, staff, offer, "strange").status_code == 404


def test_what_moderators_may_not_see_they_cannot_answer(as_, offer, moderator, independent):
    assert answer(as_, moderator, offer, "accept").status_code == 404
    assert answer(as_, independent, offer, "accept").status_code == 404


def test_taken_back_it_is_over_for_the_other(as_, offer, staff, other_staff):
    assert answer(as_, staff, offer, "back").status_code == 303
    late = answer(as_, other_staff, offer, "accept")
    assert late.status_code == 409 and "puffin has just handled this" in late.text
    assert now(offer).holder == staff


def test_who_cannot_take_it_any_more_is_told_so(as_, offer, other_staff, member, staff):
    Block.objects.create(blocker=other_staff, blocked=member)
    refused = answer(as_, other_staff, offer, "accept")
    assert refused.status_code == 403 and "You cannot take this case" in refused.text
    assert now(offer).holder == staff


def test_an_offer_that_nobody_answers_lapses_and_the_first_hears_it(offer, staff, other_staff):
    with time_machine.travel(timezone.now() + timedelta(minutes=9)):
        assert lapse_hand_overs() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=5)):
        assert (lapse_hand_overs(), lapse_hand_overs()) == (1, 0)
        with pytest.raises(CaseMoved):
            accept_hand_over(offer, other_staff)
    offer.refresh_from_db()
    assert offer.answer == "lapsed" and now(offer).holder == staff
    assert Delivery.objects.get(dedupe=f"hand:{offer.pk}:over:mail").address == staff.email


def test_when_the_case_goes_another_way_the_offer_is_over(offer, staff, other_staff):
    return_case(now(offer), staff, "Calm now.")
    with pytest.raises(CaseMoved):
        accept_hand_over(offer, other_staff)
    assert lapse_hand_overs() == 1
    offer.refresh_from_db()
    assert offer.answer == "overtaken"


def test_asking_another_ends_the_first_offer(offer, staff, other_staff, make_member):
    third = make_member("dunlin", role="staff")
    hand_over_case(now(offer), staff, third, "Gannet does not answer.")
    with pytest.raises(CaseMoved):
        accept_hand_over(offer, other_staff)
    assert accept_hand_over(HandOver.objects.get(to=third), third).holder == third


def test_the_database_holds_one_open_offer_a_case_and_none_to_oneself(offer, staff, other_staff):
    fields = {"case": offer.case, "lapses_at": offer.lapses_at, "event": offer.case.events.order_by("n").first()}
    for by, to in ((staff, other_staff), (staff, staff)):
        with pytest.raises(IntegrityError), transaction.atomic():
            HandOver.objects.create(by=by, to=to, **fields)


@pytest.mark.django_db(transaction=True)
def test_yes_and_taken_back_at_once_is_one_of_them(offer, staff, other_staff, at_once):
    results = at_once(lambda: accept_hand_over(offer, other_staff), lambda: take_back_hand_over(offer, staff))
    assert sum(isinstance(each, CaseMoved) for each in results) == 1
    offer.refresh_from_db()
    assert now(offer).holder == (other_staff if offer.answer == "accepted" else staff)


@pytest.mark.django_db(transaction=True)
def test_four_clocks_end_an_offer_once(offer, at_once):
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert sorted(at_once(*[lapse_hand_overs] * 4)) == [0, 0, 0, 1]
    assert now(offer).events.filter(action="hand_lapse").count() == 1


def test_declined_by_somebody_else_is_refused(offer, staff):
    with pytest.raises(NotAllowed):
        decline_hand_over(offer, staff)

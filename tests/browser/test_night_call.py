"""Three in the morning: somebody is called, says on a phone that they are up, signs in, takes it, and hands it over."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from forum.models import Member
from moderation.actions.cases import claim_case
from moderation.actions.climbing import climb_ladders
from moderation.actions.escalation import escalate_case, take_case
from moderation.actions.handing import hand_over_case
from moderation.actions.handovers import take_back_hand_over
from moderation.actions.ladder import propose_ladder
from moderation.actions.reports import report_member
from moderation.models import Acknowledgement, Case, Duty, DutyKind, HandOver, LadderCall
from moderation.ups import digest_of
from tests.browser.look import look
from tests.browser.watch import expect_status
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
CHANGED = "Something has changed. Show it"


@pytest.fixture
def pass_to_staff(member: Any, other_member: Any, moderator: Any, staff: Any, other_staff: Any) -> Callable[[], Case]:
    """puffin is on call; once called, heron passes an emergency to staff."""
    Duty.objects.create(member=moderator, kind=DutyKind.SHIFT, standing=True)
    Duty.objects.create(member=staff, kind=DutyKind.ON_CALL, standing=True)

    def go() -> Case:
        case = report_member(other_member, member, "worry", "danger_now", key=uuid4()).case
        return escalate_case(claim_case(case, moderator), moderator, "Please look.")

    return go


def call_puffin(case: Case, staff: Member) -> str:
    """The clock's look, here or in the server, whichever is first; and a link as it was sent, whose words leave with the mail."""
    climb_ladders()
    LadderCall.objects.filter(step__case=case, member=staff).update(token_digest=digest_of("sent-at-three"))
    return "/up/sent-at-three/"


def test_puffin_is_called_at_three_takes_it_and_gannet_gets_it(
    person: Callable[..., Page],
    stranger: Page,
    pass_to_staff: Callable[[], Case],
    staff: Member,
    other_staff: Member,
) -> None:
    gannet = person(other_staff)
    gannet.goto("/staff/")
    gannet.evaluate("window.sameDocument = true")
    night = pass_to_staff()
    expect(gannet.get_by_text("Worry about robin").first).to_be_visible()
    link = call_puffin(night, staff)
    show_what_changed(gannet, "puffin (mail")
    assert gannet.evaluate("window.sameDocument"), "the board was renewed where it stood"
    look(gannet, "board-called")

    phone = stranger
    phone.set_viewport_size({"width": 390, "height": 844})
    phone.goto(link)
    assert "robin" not in phone.content()
    look(phone, "up-waits")
    phone.set_viewport_size({"width": 390, "height": 844})
    phone.get_by_role("button", name="I'm up").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    look(phone, "up-thanks")
    assert Acknowledgement.objects.get().member == staff

    show_what_changed(gannet, "puffin has until")

    phone.set_viewport_size({"width": 390, "height": 844})
    phone.get_by_role("link", name="Sign in and take it").click()
    phone.get_by_label("E-mail address").fill(staff.email)
    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("button", name="Sign in", exact=True).click()
    expect(phone.get_by_role("heading", name="Worry about robin")).to_be_visible()
    look(phone, "take-it")
    phone.set_viewport_size({"width": 390, "height": 844})
    phone.get_by_role("button", name="I am taking this").click()
    expect(phone.get_by_text("You hold it.")).to_be_visible()
    night.refresh_from_db()
    assert night.holder == staff

    phone.locator("summary", has_text="Ask a colleague to take it over").click()
    phone.get_by_label("To whom").select_option(label="gannet")
    phone.get_by_label("What they need to know first").fill("I have to drive at six. She answers best to short words.")
    phone.get_by_role("button", name="Ask them").click()
    expect(phone.get_by_text("puffin has asked gannet to take this over.")).to_be_visible()

    gannet.goto("/staff/")
    expect(gannet.get_by_text("puffin asks you to take this over.")).to_be_visible()
    look(gannet, "board-asked")
    gannet.get_by_role("button", name="Yes, I take it over").click()
    expect(gannet.get_by_text("You hold it.")).to_be_visible()
    night.refresh_from_db()
    assert night.holder == other_staff

    offer = HandOver.objects.get()
    answered = gannet.request.post(f"/staff/hand-overs/{offer.pk}/")
    assert answered.status == 403  # no press comes from elsewhere


def show_what_changed(board: Page, words: str) -> None:
    """Presses as often as something more has changed: mail leaves by itself meanwhile."""
    shown = board.get_by_text(words)
    button = board.get_by_role("button", name=CHANGED)
    expect(shown.or_(button).first).to_be_visible()
    while not shown.is_visible():
        button.click()
        expect(shown.or_(button).first).to_be_visible()


def test_the_clocks_on_the_board_run_without_moving_anything(
    person: Callable[..., Page], pass_to_staff: Callable[[], Case], staff: Member
) -> None:
    pass_to_staff()
    puffin = person(staff)
    puffin.goto("/staff/")
    face = puffin.locator(".running").first
    before, box = face.inner_text(), face.bounding_box()
    expect(face).not_to_have_text(before)
    assert face.bounding_box() == box


def test_a_link_that_is_over_and_one_that_was_overtaken(
    stranger: Page, pass_to_staff: Callable[[], Case], staff: Member
) -> None:
    night = pass_to_staff()
    link = call_puffin(night, staff)
    Case.objects.filter(pk=night.pk).update(episode=night.episode + 1)
    stranger.goto(link)
    expect(stranger.get_by_role("heading", name="It waits again")).to_be_visible()
    look(stranger, "up-anew")
    take_case(Case.objects.get(pk=night.pk), staff)
    stranger.goto(link)
    expect(stranger.get_by_role("heading", name="It is in good hands")).to_be_visible()
    look(stranger, "up-over-already")
    LadderCall.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    expect_status(stranger, 404)
    stranger.goto(link)
    expect(stranger.get_by_role("heading", name="This link opens nothing any more")).to_be_visible()
    look(stranger, "up-over")


def test_the_ladders_page_and_a_change_of_it(person: Callable[..., Page], staff: Member, other_staff: Member) -> None:
    gannet = person(other_staff)
    gannet.goto("/staff/ladder/")
    gannet.locator("summary", has_text="Propose other times").first.click()
    gannet.get_by_label("The second on call, after").first.fill("60")
    gannet.get_by_label("Why it should change").first.fill("We live far out.")
    expect_status(gannet, 422)
    gannet.get_by_role("button", name="Ask a second person").first.click()
    expect(gannet.get_by_text("To be safe, this is between 1 and 5 minutes.").first).to_be_visible()
    look(gannet, "ladder-refused")
    times = {"first_after": 0, "second_after": 4, "team_after": 8, "contact_after": 20, "repeat_every": 10}
    propose_ladder(staff, ("human", "emergency"), times | {"up_for": 7}, "Two of us live an hour apart.")
    gannet.goto("/staff/ladder/")
    look(gannet, "ladder-waits")
    gannet.get_by_role("button", name="Agree: so it is from now on").click()
    expect(gannet.get_by_text("agreed to")).to_be_visible()
    look(gannet, "ladder-changed")


def test_the_code_on_paper(stranger: Page, staff: Member) -> None:
    stranger.goto("/accounts/login/?next=/staff/one-time-code/")
    stranger.get_by_label("E-mail address").fill(staff.email)
    stranger.get_by_label("Password").fill(PASSWORD)
    stranger.get_by_role("button", name="Sign in", exact=True).click()
    look(stranger, "sealed-code-none")
    stranger.get_by_role("button", name="Make one").click()
    stranger.get_by_label("Password").fill(PASSWORD)
    stranger.get_by_role("button", name="Go on").click()
    expect(stranger.get_by_text("It is shown this once.")).to_be_visible()
    look(stranger, "sealed-code")


def test_a_hand_over_that_went_another_way(
    person: Callable[..., Page], pass_to_staff: Callable[[], Case], staff: Member, other_staff: Member
) -> None:
    held = take_case(pass_to_staff(), staff)
    hand_over_case(held, staff, other_staff, "Please.")
    gannet = person(other_staff)
    gannet.goto("/staff/")
    take_back_hand_over(HandOver.objects.get(), staff)
    expect_status(gannet, 409)
    gannet.get_by_role("button", name="Yes, I take it over").click()
    expect(gannet.get_by_role("heading", name="It went another way")).to_be_visible()
    look(gannet, "hand-over-over")

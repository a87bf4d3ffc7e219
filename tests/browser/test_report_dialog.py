"""Reporting over the wall, and pages that refresh while somebody types: what only a browser can show."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from forum.actions.posts import publish_post
from moderation.actions.cases import answer_word, claim_case, send_word
from moderation.actions.reports import report_post
from moderation.models import Case, Duty, DutyKind, Report
from tests.browser.deciding import decide_and_tell
from tests.browser.look import look
from tests.browser.watch import expect_status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]


@pytest.fixture
def post(member: Any, moderator: Any) -> Any:
    Duty.objects.create(member=moderator, kind=DutyKind.SHIFT, standing=True)
    return publish_post(member, body="Third night of not sleeping.", key=uuid4()).post


@pytest.fixture
def case(post: Any, moderator: Any, other_member: Any) -> Case:
    return claim_case(report_post(other_member, post, "worry", "worried", key=uuid4()).case, moderator)


def open_worry(page: Page) -> Any:
    page.locator("article summary").filter(has_text="More").click()
    page.get_by_role("link", name="I'm worried about this person").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", level=1)).to_be_focused()
    return dialog


def test_escape_leads_back_and_nothing_written_is_lost(
    person: Callable[..., Page], post: Any, other_member: Any
) -> None:
    page = person(other_member)
    page.goto("/")
    dialog = open_worry(page)
    look(page, "report-dialog")
    dialog.get_by_label("What worries you").fill("He is not like this.")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("article summary").filter(has_text="More")).to_be_focused()
    page.locator("article summary").filter(has_text="More").click()
    page.get_by_role("link", name="I'm worried about this person").click()
    expect(dialog.get_by_label("What worries you")).to_have_value("He is not like this.")


def test_a_refused_report_is_redrawn_in_the_dialog_and_sent_from_there(
    person: Callable[..., Page], post: Any, other_member: Any
) -> None:
    page = person(other_member)
    expect_status(page, 422)
    page.goto("/")
    dialog = open_worry(page)
    dialog.get_by_label("What worries you").fill("He is not like this.")
    dialog.get_by_role("button", name="Tell the team").click()
    expect(dialog.locator(".errors")).to_be_focused()
    expect(dialog.get_by_label("What worries you")).to_have_value("He is not like this.")
    look(page, "report-dialog-refused")
    dialog.get_by_label("I'm just worried").check()
    dialog.get_by_role("button", name="Tell the team").click()
    expect(dialog.get_by_text("Nobody has read it yet.")).to_be_visible()
    dialog.get_by_role("link", name="Back to the wall").click()
    expect(dialog).to_be_hidden()
    assert page.url.endswith("/")
    assert Report.objects.get().note == "He is not like this."


def test_one_door_leads_to_the_other_inside_the_dialog(
    person: Callable[..., Page], post: Any, other_member: Any
) -> None:
    page = person(other_member)
    page.goto("/")
    dialog = open_worry(page)
    dialog.get_by_role("link", name="It is about a house rule instead").click()
    expect(dialog.get_by_label("It is unkind")).to_be_visible()
    dialog.get_by_role("link", name="I'm worried about them instead").click()
    expect(dialog.get_by_label("I'm just worried")).to_be_visible()


def test_a_word_that_comes_leaves_what_is_being_typed(
    person: Callable[..., Page], case: Case, member: Any, moderator: Any
) -> None:
    send_word(case, moderator, "Hello Robin, this is Heron, a person.", uuid4())
    robin, heron = person(member), person(moderator)
    robin.goto(f"/me/words/{case.pk}/")
    heron.goto(f"/moderation/cases/{case.pk}/")
    robin.get_by_label("Your words").fill("Half a sent")
    heron.get_by_label("Your words").fill("Take your")
    send_word(Case.objects.get(), moderator, "There is no hurry.", uuid4())
    expect(robin.get_by_text("There is no hurry.")).to_be_visible()
    expect(robin.get_by_label("Your words")).to_have_value("Half a sent")
    answer_word(Case.objects.get(), member, "Thank you for asking.", uuid4())
    expect(heron.get_by_text("Thank you for asking.")).to_be_visible()
    expect(heron.get_by_label("Your words")).to_have_value("Take your")


def test_the_statement_is_written_as_the_choice_is_made(
    person: Callable[..., Page], post: Any, moderator: Any, other_member: Any
) -> None:
    case = claim_case(report_post(other_member, post, "rule", "unkind", key=uuid4()).case, moderator)
    heron = person(moderator)
    heron.goto(f"/moderation/cases/{case.pk}/")
    heron.get_by_label("Fold it").check()
    heron.get_by_label("House rule").select_option("kindness")
    preview = heron.get_by_role("region", name="As robin will read it")
    expect(preview.get_by_text("It is because of the house rule")).to_be_visible()
    look(heron, "case-decide")
    decide_and_tell(heron)
    expect(heron.get_by_text("heron closed it.")).to_be_visible()

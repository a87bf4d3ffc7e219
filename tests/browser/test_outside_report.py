"""Telling the team without an account, in a real browser, and following it up with the code."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from moderation.actions.cases import claim_case
from moderation.actions.questions import ask_reporter
from moderation.models import Duty, DutyKind, Letter, Report
from tests.browser.look import look
from tests.browser.watch import expect_status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]


@pytest.fixture
def here(member: Any, moderator: Any) -> Any:
    Duty.objects.create(member=moderator, kind=DutyKind.SHIFT, standing=True)
    return member


def tell(page: Page, about: str) -> str:
    """Fills in the form as somebody does who reads it first, and returns the code."""
    page.get_by_label("Who or what is it about?").fill(about)
    page.get_by_label("I'm just worried").check()
    page.get_by_label("What worries you").fill("She has gone quiet.")
    page.get_by_role("button", name="Tell the team").click()
    expect(page.get_by_role("heading", level=1, name="You have told us")).to_be_visible()
    return page.locator("p.code").inner_text()


def test_a_stranger_tells_and_is_asked_back(
    stranger: Page, person: Callable[..., Page], here: Any, moderator: Any
) -> None:
    page = stranger
    page.goto("/help/")
    page.get_by_role("link", name="Tell the team, without an account").click()
    expect(page.get_by_role("link", name="Ring 999")).to_be_visible()
    look(page, "outside")
    page.get_by_role("link", name="I'm worried about somebody").click()
    look(page, "outside-worry")
    expect_status(page, 422)
    page.get_by_role("button", name="Tell the team").click()
    expect(page.locator(".errors")).to_be_focused()
    look(page, "outside-refused")
    code = tell(page, "robin")
    look(page, "outside-sent")
    report = wait_for_report(page)
    ask_reporter(claim_case(report.case, moderator), moderator, report, "When did you last hear from her?")
    page.get_by_role("link", name="Where the code goes").click()
    look(page, "outside-code")
    page.get_by_label("Your code").fill("ABCD-EFGH")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_text("We do not know this code.").first).to_be_visible()
    page.get_by_label("Your code").fill(code.lower())
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_text("When did you last hear from her?")).to_be_visible()
    assert code not in page.url
    look(page, "outside-asked")
    page.get_by_label("Your answer").fill("On Sunday, by text.")
    page.get_by_role("button", name="Send this answer").click()
    expect(page.get_by_text("On Sunday, by text.")).to_be_visible()
    heron = person(moderator)
    heron.goto(f"/moderation/cases/{report.case_id}/")
    expect(heron.get_by_text("On Sunday, by text.")).to_be_visible()
    assert page.context.cookies() == []


def wait_for_report(page: Page) -> Report:
    """The clock places it within seconds."""
    for _each in range(60):
        if report := Report.objects.select_related("case").first():
            return report
        page.wait_for_timeout(250)
    raise AssertionError("the clock has not placed the letter")


def test_without_javascript_too(open_page: Callable[..., Page], here: Any) -> None:
    page = open_page(javascript=False)
    page.goto("/report/?door=worry")
    page.wait_for_timeout(3100)  # a person reads the page: what comes back sooner is taken for a machine
    code = tell(page, "somebody nobody here is called")
    page.get_by_role("link", name="Where the code goes").click()
    page.get_by_label("Your code").fill(code)
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_text("Nobody has asked you anything.")).to_be_visible()
    assert not Letter.objects.get().gathered


def test_staff_read_what_names_nobody(person: Callable[..., Page], stranger: Page, here: Any, staff: Any) -> None:
    stranger.goto("/report/?door=worry")
    stranger.wait_for_timeout(3100)
    stranger.get_by_label("Who you are").fill("Anna Example")
    stranger.get_by_label("How somebody could reach you").fill("07700 900123")
    tell(stranger, "my sister, who writes at night")
    for _each in range(60):
        if Letter.objects.filter(placed_at__isnull=False).exists():
            break
        stranger.wait_for_timeout(250)
    puffin = person(staff)
    puffin.goto("/staff/")
    look(puffin, "staff-letters")
    puffin.get_by_role("link", name="my sister, who writes at night").click()
    look(puffin, "letter")
    puffin.get_by_role("button", name="Open how to reach whoever wrote from outside").click()
    expect(puffin.get_by_text("07700 900123")).to_be_visible()
    look(puffin, "letter-opened", pictures=False)
    puffin.get_by_role("textbox", name="Whom it is about").fill("robin")
    puffin.get_by_role("button", name="Put it into their case").click()
    expect(puffin.get_by_role("heading", level=1, name="Worry about robin")).to_be_visible()
    look(puffin, "case-from-outside")

"""Asking a reporter back, and what a moderator can do about those who told us, in a real browser."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from forum.actions.posts import publish_post
from forum.models import Block
from moderation.actions.cases import claim_case, send_word
from moderation.actions.questions import ask_reporter
from moderation.actions.reports import report_member, report_post
from moderation.models import Case, Duty, DutyKind, ReportQuestion
from tests.browser.look import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]


@pytest.fixture
def case(member: Any, moderator: Any, other_member: Any) -> Case:
    Duty.objects.create(member=moderator, kind=DutyKind.SHIFT, standing=True)
    post = publish_post(member, body="Third night of not sleeping.", key=uuid4()).post
    report = report_post(other_member, post, "worry", "danger_now", key=uuid4(), note="This is not like him.")
    return claim_case(report.case, moderator)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_question_goes_out_and_the_answer_comes_back(
    person: Callable[..., Page], case: Case, moderator: Any, other_member: Any, javascript: bool
) -> None:
    heron, wren = person(moderator, javascript=javascript), person(other_member, javascript=javascript)
    heron.goto(f"/moderation/cases/{case.pk}/")
    heron.get_by_text("Ask one of them something").click()
    if javascript:
        look(heron, "case-ask-reporter")
    heron.locator("#ask-reporter").get_by_label("They may be in danger now").check()
    heron.get_by_label("Your question").fill("When did you last hear from him?")
    heron.get_by_role("button", name="Ask them").click()
    expect(heron.get_by_text("No answer yet.")).to_be_visible()
    wren.goto("/notices/")
    wren.get_by_role("link", name="asks you something about what you told us").click()
    expect(wren.get_by_text("When did you last hear from him?")).to_be_visible()
    if javascript:
        look(wren, "my-reports-question")
    wren.get_by_label("Your answer").fill("On Sunday, by text.")
    wren.get_by_role("button", name="Send this answer").click()
    expect(wren.get_by_text("On Sunday, by text.")).to_be_visible()
    if not javascript:
        heron.reload()
    expect(heron.get_by_text("On Sunday, by text.")).to_be_visible()
    if javascript:
        look(wren, "my-reports-answered")
        look(heron, "case-reporter-answered")
    assert ReportQuestion.objects.get().answer == "On Sunday, by text."


def test_a_question_that_comes_leaves_what_is_being_written(
    person: Callable[..., Page], case: Case, moderator: Any, other_member: Any
) -> None:
    ask_reporter(case, moderator, case.reports.get(), "When did you last hear from him?")
    wren = person(other_member)
    wren.goto("/me/reports/")
    wren.get_by_label("Your answer").fill("On Sun")
    send_word(Case.objects.get(), moderator, "Hello Robin, this is Heron.", uuid4())
    expect(wren.get_by_text("A person is dealing with it.")).to_be_visible()
    expect(wren.get_by_label("Your answer")).to_have_value("On Sun")


def test_a_blocked_ones_worry_is_marked_and_a_person_raises_it(
    person: Callable[..., Page], member: Any, moderator: Any, other_member: Any
) -> None:
    Duty.objects.create(member=moderator, kind=DutyKind.SHIFT, standing=True)
    Block.objects.create(blocker=member, blocked=other_member)
    case = claim_case(report_member(other_member, member, "worry", "danger_now", key=uuid4()).case, moderator)
    heron = person(moderator)
    heron.goto(f"/moderation/cases/{case.pk}/")
    expect(heron.get_by_text("by somebody they have blocked")).to_be_visible()
    heron.get_by_text("It is more urgent than that").click()
    heron.get_by_text("A worry is used to trouble this person").click()
    look(heron, "case-blocked-reporter")
    heron.locator("#raise").get_by_label("urgent").check()
    heron.locator("#raise").get_by_label("Why", exact=True).fill("They named a bridge.")
    heron.get_by_role("button", name="Raise it").click()
    expect(heron.locator("#case-facts .tag").get_by_text("urgent")).to_be_visible()

"""Nothing that is written gets lost: reload, another tab, another device, an ended session, a server that restarts, no script."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from forum.devices import SHARED
from forum.models import Draft, Post
from moderation.actions.cases import claim_case
from moderation.actions.reports import report_member
from moderation.models import Case
from tests.browser.look import look
from tests.browser.watch import expect_status
from tests.conftest import PASSWORD
from tests.harbour import Harbour

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]

Person = Callable[..., Page]


def composer(page: Page) -> Any:
    return page.get_by_label("What's on your mind?")


def mark(page: Page) -> Any:
    return page.locator("[data-draft-mark]")


def at_the_wall(page: Page) -> Page:
    page.goto("/")
    expect(page.locator("wall-stream[data-live]")).to_be_attached()
    return page


def begin(page: Page, words: str) -> None:
    composer(page).fill(words)
    expect(mark(page)).to_contain_text("Kept as a draft. Drafts are screened and read by nobody, and go after 30 days.")


def test_a_draft_goes_with_its_writer_from_device_to_device_until_it_is_shared(person: Person, member: Any) -> None:
    desk = at_the_wall(person(member))
    begin(desk, "Half a thought")
    desk.get_by_label("A question").check()
    look(desk, "drafts-kept")
    desk.reload()
    expect(composer(desk)).to_have_value("Half a thought")
    expect(desk.get_by_label("A question")).to_be_checked()
    expect(mark(desk)).to_be_visible()

    phone = at_the_wall(person(member))
    expect(composer(phone)).to_have_value("Half a thought")
    composer(phone).fill("Half a thought, finished on the phone.")
    phone.get_by_role("button", name="Share on the wall").click()
    expect(phone.locator("#feed").get_by_text("finished on the phone.")).to_be_visible()
    expect(mark(phone)).to_be_hidden()
    phone.wait_for_timeout(2_500)
    assert not Draft.objects.exists(), "nothing came back after it was shared"
    desk.reload()
    expect(composer(desk)).to_have_value("")


def test_two_tabs_show_both_texts_and_lose_neither(person: Person, member: Any) -> None:
    one, two = at_the_wall(person(member)), at_the_wall(person(member))
    expect_status(one, 409)
    expect_status(two, 409)
    begin(two, "Written in the other tab")
    composer(one).fill("Written in this tab")
    clash = one.locator(".clash")
    expect(clash.get_by_role("heading")).to_contain_text("changed in another tab")
    expect(clash.get_by_text("Written in the other tab")).to_be_visible()
    expect(composer(one)).to_have_value("Written in this tab")
    look(one, "drafts-clash")
    clash.get_by_role("button", name="Take the other ones").click()
    expect(composer(one)).to_have_value("Written in the other tab")
    one.get_by_role("button", name="Put mine back").click()
    expect(composer(one)).to_have_value("Written in this tab")
    expect(mark(one)).to_contain_text("Kept as a draft.")
    one.wait_for_timeout(2_000)
    assert Draft.objects.get().fields["body"] == "Written in this tab"

    composer(two).fill("Written in the other tab, and on")
    expect(two.locator(".clash").get_by_text("Written in this tab")).to_be_visible()
    two.get_by_role("button", name="Keep mine").click()
    expect(mark(two)).to_contain_text("Kept as a draft.")
    two.wait_for_timeout(2_000)
    assert Draft.objects.get().fields["body"] == "Written in the other tab, and on"


def test_discarded_it_is_gone_and_can_be_put_back(person: Person, member: Any) -> None:
    page = at_the_wall(person(member))
    begin(page, "Said too soon")
    page.get_by_role("button", name="Discard it").click()
    expect(composer(page)).to_have_value("")
    undo = page.get_by_role("button", name="Put it back")
    expect(undo).to_be_focused()
    page.wait_for_timeout(500)
    assert not Draft.objects.exists()
    undo.click()
    expect(composer(page)).to_have_value("Said too soon")
    page.wait_for_timeout(2_500)
    assert Draft.objects.get().fields["body"] == "Said too soon"
    page.get_by_role("button", name="Discard it").click()
    page.wait_for_timeout(500)
    page.reload()
    expect(composer(page)).to_have_value("")


def test_an_ended_session_keeps_the_words_in_the_tab_until_the_sign_in(person: Person, member: Any) -> None:
    page = at_the_wall(person(member))
    expect_status(page, 401, 403)
    begin(page, "First half")
    Session.objects.all().delete()
    composer(page).fill("First half, and the second")
    expect(mark(page)).to_contain_text("Your words are kept in this tab")
    look(page, "drafts-signed-out")
    page.goto("/accounts/login/?next=/")
    page.locator("[name=login]").fill(member.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_label("Only I do").check()
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: url.endswith("/"))
    expect(composer(page)).to_have_value("First half, and the second")
    expect(mark(page)).to_contain_text("Kept as a draft.")
    page.wait_for_timeout(2_500)
    assert Draft.objects.get().fields["body"] == "First half, and the second"


def test_a_server_that_restarts_finds_the_words_in_the_tab(daphne: Harbour, new_context: Any, member: Any) -> None:
    """Not watched for console errors: a server that is away is one."""
    context = new_context(base_url=daphne.url, locale="en-GB")
    name, _equals, value = daphne.cookie(member).partition("=")
    context.add_cookies([{"name": name, "value": value, "url": daphne.url}])
    page = at_the_wall(context.new_page())
    daphne.stop()
    composer(page).fill("Written while it was away")
    expect(mark(page)).to_contain_text("Kept in this tab")
    daphne.start()
    expect(mark(page)).to_contain_text("Kept as a draft.", timeout=60_000)
    assert Draft.objects.get().fields["body"] == "Written while it was away"
    context.close()


@pytest.mark.parametrize("shared", [True, False])
def test_signing_out_leaves_nothing_here_and_on_a_shared_device_nowhere(
    person: Person, member: Any, shared: bool
) -> None:
    page = person(member)
    session = SessionStore(Session.objects.get().session_key)
    session[SHARED] = shared
    session.save()
    at_the_wall(page)
    begin(page, "Half a thought")
    composer(page).fill("Half a thought, and a half")
    page.evaluate("document.querySelector('[data-sign-out]').requestSubmit()")
    expect(page.get_by_role("link", name="Sign in", exact=True).first).to_be_visible()
    assert "half" not in page.evaluate("JSON.stringify(sessionStorage) + JSON.stringify(localStorage)").lower()
    page.go_back()
    expect(page.get_by_text("Half a thought")).to_have_count(0)
    kept = [draft.fields["body"] for draft in Draft.objects.all()]
    assert kept == ([] if shared else ["Half a thought, and a half"])


def test_the_way_to_the_team_keeps_its_words_as_well(person: Person, member: Any) -> None:
    page = person(member)
    page.goto("/ask/")
    page.get_by_label("What would you like us to know?").fill("I can't say it on the wall")
    expect(mark(page)).to_contain_text("Kept as a draft.")
    look(page, "drafts-ask")
    other = person(member)
    other.goto("/ask/")
    expect(other.get_by_label("What would you like us to know?")).to_have_value("I can't say it on the wall")
    other.get_by_label("When somebody has a moment").check()
    other.get_by_role("button", name="Ask for someone").click()
    expect(other.get_by_text("Nobody has read it yet")).to_be_visible()
    other.wait_for_timeout(2_000)
    assert not Draft.objects.exists()


def test_without_a_script_a_button_keeps_it_and_both_texts_are_shown(person: Person, member: Any) -> None:
    page, other = person(member, javascript=False), person(member, javascript=False)
    expect_status(other, 409)
    page.goto("/")
    other.goto("/")
    composer(page).fill("Kept by a button")
    page.get_by_role("button", name="Keep as a draft").click()
    expect(page.get_by_text("Kept as a draft. Nobody reads it")).to_be_visible()
    expect(composer(page)).to_have_value("Kept by a button")
    composer(other).fill("From elsewhere")
    other.get_by_role("button", name="Keep as a draft").click()
    expect(other.get_by_text("Kept by a button")).to_be_visible()
    other.get_by_role("button", name="Keep these words").click()
    expect(composer(other)).to_have_value("From elsewhere")
    other.get_by_role("button", name="Share on the wall").click()
    expect(other.locator("#feed").get_by_text("From elsewhere")).to_be_visible()
    expect(composer(other)).to_have_value("")
    assert not Draft.objects.exists() and Post.objects.count() == 1


def test_a_worry_is_taken_back_until_somebody_has_it(
    person: Person, member: Any, other_member: Any, moderator: Any
) -> None:
    case = report_member(other_member, member, "worry", "worried", key=uuid4()).case
    page = person(other_member)
    page.goto("/me/reports/")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("You took this back at")).to_be_visible()
    look(page, "drafts-report-taken-back")
    report_member(other_member, member, "worry", "worried", key=uuid4())
    page.reload()
    claim_case(Case.objects.get(pk=case.pk), moderator)
    expect(page.get_by_text("has read this")).to_be_visible()
    expect(page.get_by_role("button", name="Take it back")).to_have_count(0)

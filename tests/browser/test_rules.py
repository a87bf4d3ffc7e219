"""Staff change what screening looks for: a phrase tried and added, a rule switched off by two, with and without JavaScript."""

from typing import Any
from uuid import uuid4

import pytest

from forum.actions.posts import publish_post
from forum.models import Member
from tests.browser.look import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def old_posts(member: Member) -> None:
    for words in ("Off past the last buoy", "Toast and tea", "Limited offer, buy now: knitted hats"):
        publish_post(member, body=words, key=uuid4())


def test_two_of_the_staff_change_the_rules_without_javascript(
    person: Any, staff: Member, other_staff: Member, old_posts: None
) -> None:
    page = person(staff, javascript=False)
    page.goto("/staff/")
    page.get_by_role("link", name="The rules of screening").click()
    page.get_by_label("A phrase", exact=True).fill("past the last buoy")
    page.get_by_label("Read it as").select_option("passive")
    page.get_by_role("button", name="Try it on old posts").click()
    assert "Would have flagged 1 in the last 3." in page.locator("#trial").inner_text()
    page.get_by_role("button", name="Add it").click()
    assert page.get_by_role("button", name="Take it out past the last buoy").is_visible()
    page.locator("summary", has_text="Links and selling").click()
    page.get_by_role("link", name="Try without it words of the trade").click()
    page.get_by_label("Why it should be off").fill("Our members sell each other hats.")
    page.get_by_role("button", name="Ask a second person").click()

    second = person(other_staff, javascript=False)
    second.goto("/staff/")
    second.get_by_role("link", name="words of the trade").click()
    assert "Our members sell each other hats." in second.locator("blockquote").inner_text()
    second.get_by_role("button", name="Agree, and switch it off").click()
    second.goto("/staff/")
    assert second.get_by_text("by puffin and gannet").is_visible()


def test_the_page_in_each_of_its_states(person: Any, staff: Member, other_staff: Member, old_posts: None) -> None:
    from moderation.actions.rules import add_words, ask_to_switch_off

    page = person(staff)
    page.goto("/staff/screening/")
    look(page, "rules")
    page.get_by_label("A phrase", exact=True).fill("past the last buoy")
    page.get_by_label("Read it as").select_option("passive")
    page.get_by_role("button", name="Try it on old posts").click()
    page.locator("#trial").wait_for()
    look(page, "rules-tried")
    add_words(staff, "passive", "past the last buoy")
    ask_to_switch_off(other_staff, "sales", "Our members sell each other hats.")
    page.goto("/staff/screening/?rule=sales")
    look(page, "rules-agree")

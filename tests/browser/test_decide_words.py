"""Decisions about words and what comes after, as a moderator and a member live them: with JavaScript, and without."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from forum.actions.posts import publish_post
from forum.models import Post, Status
from moderation.actions.how import ask_how_it_was
from moderation.actions.reports import report_post
from moderation.models import Case, Decision, Duty, DutyKind, HowItWas, Rewrite
from tests.browser.deciding import AGAIN, decide_and_tell
from tests.browser.look import look
from tests.browser.watch import expect_status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

WORDS = "I can't sleep and nobody rings.\n\nIf you are awake, I am on 07700 900123. Ann has the number too."
ANEW = "I can't sleep and nobody rings. Is anybody else awake?"


@pytest.fixture
def case(member: Any, other_member: Any, moderator: Any) -> Case:
    """wren told the team of a post of robin's with a number in it; heron is on shift."""
    Duty.objects.create(member=moderator, kind=DutyKind.SHIFT, standing=True)
    post = publish_post(member, body=WORDS, key=uuid4()).post
    publish_post(other_member, body="I am awake too.", parent=post, key=uuid4())
    return report_post(other_member, post, "rule", "details", key=uuid4()).case


def test_something_is_taken_out_and_its_author_puts_it_back(person: Callable[..., Page], case: Case) -> None:
    heron, robin, wren = (person(handle) for handle in ("heron", "robin", "wren"))
    expect_status(robin, 422)
    robin.goto("/")
    take(heron, case)
    heron.get_by_label("Take something out of it").check()
    expect(heron.get_by_role("textbox", name="What goes")).to_have_value("07700 900123")
    heron.get_by_label("House rule").select_option(label="Keep people private")
    expect(heron.get_by_role("heading", name="What goes, and what stays")).to_be_visible()
    heron.get_by_role("textbox", name="What goes").fill("07700 900123\nAnn has the number too.")
    heron.get_by_role("button", name="See it as they will").click()
    expect(heron.locator("del", has_text="Ann has the number too.")).to_be_visible()
    look(heron, "words-redact")
    decide_and_tell(heron)
    expect(heron.get_by_role("heading", name="What was decided")).to_be_visible()

    expect(robin.get_by_text("A moderator has taken something out")).to_be_visible()  # on the open wall, by itself
    wren.goto(f"/posts/{case.post_id}/")
    expect(wren.get_by_text("I am on […]")).to_be_visible()
    expect(wren.get_by_text("900123")).to_have_count(0)
    look(wren, "words-redacted-post")

    robin.goto("/me/decisions/")
    expect(robin.locator("del", has_text="07700 900123")).to_be_visible()
    look(robin, "words-my-decisions-redacted")
    robin.get_by_role("link", name="Edit it and put it back").click()
    look(robin, "words-rewrite")
    robin.get_by_role("textbox", name="Your words").fill(f"{ANEW} Ann has the number too.")
    robin.get_by_role("button", name="Put it back").click()
    expect(robin.get_by_text("is still in it").first).to_be_visible()
    robin.get_by_role("textbox", name="Your words").fill(ANEW)
    robin.get_by_role("button", name="Put it back").click()
    expect(robin.get_by_text("Your words stand again, as you edited them.")).to_be_visible()
    look(robin, "words-put-back")
    heron.goto("/notices/")
    expect(heron.get_by_role("link", name="edited words that you decided about")).to_be_visible()
    assert Post.objects.get(pk=case.post_id).body == ANEW


def test_no_more_replies(person: Callable[..., Page], case: Case) -> None:
    heron, wren = person("heron"), person("wren")
    wren.goto("/")
    take(heron, case)
    heron.get_by_label("No more replies to it").check()
    heron.get_by_label("House rule").select_option(label="Be kind")
    heron.get_by_label("Begin from").select_option(label="It has become heated")
    expect(heron.get_by_label("What they will read")).to_have_value(re.compile("has become heated"))
    look(heron, "words-lock")
    decide_and_tell(heron)
    expect(wren.get_by_text("A moderator has closed this to more replies.")).to_be_visible()
    look(wren, "words-locked-wall")
    wren.goto(f"/posts/{case.post_id}/")
    expect(wren.get_by_role("button", name="Send your reply")).to_have_count(0)
    look(wren, "words-locked-post")


def test_taken_down_written_anew_and_talked_over_without_javascript(person: Callable[..., Page], case: Case) -> None:
    heron, robin, wren = (person(handle, javascript=False) for handle in ("heron", "robin", "wren"))
    eyes = {page: person(handle) for page, handle in ((heron, "heron"), (robin, "robin"), (wren, "wren"))}

    def see(page: Page, name: str) -> None:
        """axe is a script, so the same place is looked at in a browser that runs some."""
        eyes[page].goto(page.url)
        look(eyes[page], name)

    take(heron, case)
    heron.get_by_label("Take it down").check()
    heron.get_by_label("House rule").select_option(label="Keep people private")
    heron.get_by_role("button", name="Write it for me").click()
    expect(heron.get_by_text("As robin will read it")).to_be_visible()
    heron.get_by_label("What they will read").fill("Hello Robin. Please write it anew, without the number.")
    heron.get_by_role("button", name="Decide and tell them").click()
    expect(heron.get_by_text(AGAIN)).to_be_visible()  # these words were not shown yet
    heron.get_by_role("button", name="Decide and tell them").click()

    wren.goto("/notices/")
    expect(wren.get_by_role("link", name="A post that you replied to was taken down.")).to_be_visible()
    see(wren, "words-replier-told")

    robin.goto("/me/decisions/")
    robin.get_by_role("link", name="Talk to me about this").click()
    see(robin, "words-talk")
    robin.get_by_label("What would you like to say or ask?").fill("May I leave the number out?")
    robin.get_by_role("button", name="Send", exact=True).click()
    expect(robin.get_by_text("May I leave the number out?")).to_be_visible()
    see(robin, "words-conversation")

    robin.goto("/me/decisions/")
    robin.get_by_role("link", name="Write it anew").click()
    robin.get_by_role("textbox", name="Your words").fill(ANEW)
    see(robin, "words-anew")
    robin.get_by_role("button", name="Send it to the team").click()
    expect(robin.get_by_text("Your new words wait for the team")).to_be_visible()

    take(heron, case)
    expect(heron.get_by_text("How robin would like to put it back")).to_be_visible()
    see(heron, "words-case-rewrite")
    heron.get_by_role("button", name="Put it back with these words").click()
    assert (Post.objects.get(pk=case.post_id).status, Rewrite.objects.get().stage) == (Status.VISIBLE, "published")
    wren.goto("/notices/")
    expect(wren.get_by_role("link", name="A post that you replied to is back.")).to_be_visible()
    wren.goto("/")
    expect(wren.get_by_text(ANEW)).to_be_visible()

    Decision.objects.update(made_at=timezone.now() - timedelta(days=1, hours=1))
    ask_how_it_was()
    robin.goto("/notices/")
    robin.get_by_role("link", name="How was it for you?").click()
    see(robin, "words-how")
    robin.get_by_label("I could follow it, and it was hard all the same").check()
    robin.get_by_role("button", name="Send", exact=True).click()
    expect(robin.get_by_text("you are not asked again")).to_be_visible()
    see(robin, "words-how-said")
    assert HowItWas.objects.get().choice == "hard"


def take(heron: Page, case: Case) -> None:
    heron.goto(f"/moderation/cases/{case.pk}/")
    heron.get_by_role("button", name="Take it").first.click()
    expect(heron.get_by_role("button", name="Give it back").first).to_be_visible()

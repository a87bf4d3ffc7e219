"""Saying hard things, in a browser: what is pointed out while writing, and the step before sharing, with and without a script."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from forum import safe_words
from forum.actions.posts import publish_post
from forum.models import Draft, Post
from moderation.screening import screen_contact
from tests.browser.look import look
from tests.browser.watch import expect_status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]

HARD = "I want to kill myself tonight."
DETAILS = [
    "Ring me on 07700 900123", "ring 116 123 or 999", "+44 7700 900123.", "0800 068 4141", "write to robin@example.org",
    "jo@samaritans.org", "I live at 12 elm road", "come round to flat 3, 12 Elm Road, Leeds LS1 4AB", "the road is long",
    "my insta is sad.robin99", "add me on discord: robin#1234", "t.me/robin_sad", "Instagram makes me sad", "8 of 10 days",
    "07860 077333", "that’s @robin_x on Insta", "ＲＩＮＧ ０７７００ ９００１２３",
]  # fmt: skip


def composer(page: Page) -> Any:
    return page.get_by_label("What's on your mind?")


def connected(page: Page) -> Page:
    expect(page.locator("wall-stream[data-live]")).to_be_attached()
    return page


def test_a_detail_is_pointed_out_while_writing_and_nothing_is_sent_for_it(
    person: Callable[..., Page], member: Any
) -> None:
    page = person(member)
    page.goto("/")
    connected(page)
    region = page.locator("[data-noticing]")
    expect(region).to_have_attribute("role", "status")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    composer(page).fill("Ring 116 123 if it gets worse, or 999.")
    page.wait_for_timeout(1_000)
    expect(region).to_have_text("")
    composer(page).fill("Ring me any time, 07700 900123.")
    expect(region).to_contain_text("This looks like a phone number. Many people read the wall.")
    assert [each for each in sent if "/drafts/" not in each] == [], "no address hears what is looked for"
    look(page, "words-noticed")
    page.get_by_role("button", name="Share on the wall").click()
    expect(page.locator("#feed").get_by_text("07700 900123")).to_be_visible()
    expect(region).to_have_text("")
    assert page.locator("[data-look-again]").count() == 0, "it was pointed out already"


def test_the_page_and_the_screening_notice_the_same(person: Callable[..., Page], member: Any) -> None:
    page = person(member)
    page.goto("/")
    ask = """async ([texts, data]) => {
      const { firstDetail } = await import(document.querySelector('script[src*="noticing"]').src);
      return texts.map((text) => firstDetail(text, data));
    }"""
    noticed = page.evaluate(ask, [DETAILS, json.loads(json.dumps(safe_words.notices()))])
    screened = [next((reason.rule for reason in screen_contact(text).reasons), "") for text in DETAILS]
    expected = ["" if text == "07860 077333" else rule for text, rule in zip(DETAILS, screened, strict=True)]
    assert dict(zip(DETAILS, noticed, strict=True)) == dict(zip(DETAILS, expected, strict=True))
    assert {"phone", "email", "address", "account", ""} == set(noticed)


def test_hard_words_are_met_kindly_and_shared_as_they_are_over_the_socket(
    person: Callable[..., Page], member: Any, other_member: Any
) -> None:
    page = person(member)
    page.goto("/")
    connected(page)
    composer(page).fill(HARD)
    page.get_by_role("button", name="Share on the wall").click()
    panel = page.locator("[data-look-again]")
    expect(panel.get_by_role("heading")).to_be_focused()
    expect(panel.get_by_role("link", name="Ring Samaritans, 116 123")).to_be_visible()
    expect(composer(page)).to_have_value(HARD)
    assert not Post.objects.exists()
    look(page, "words-crisis")

    composer(page).fill(HARD + " Ring me on my insta: robin_99")
    page.wait_for_timeout(50)
    panel.get_by_role("button", name="Share it as it is").click()
    expect(panel.get_by_role("heading")).to_have_text("This looks like a way to reach somebody")
    composer(page).fill(HARD + " Sorry.")
    panel.get_by_role("button", name="Share it as it is").click()
    expect(page.locator("#feed").get_by_text("Sorry.")).to_be_visible()
    expect(panel).to_have_count(0)
    expect(composer(page)).to_have_value("")
    assert Post.objects.get().body == HARD + " Sorry."

    theirs = publish_post(other_member, body="Third night of not sleeping.", key=uuid4()).post
    page.goto(f"/posts/{theirs.pk}/")
    connected(page)
    page.get_by_label("Your reply").fill("They took the blade out of a sharpener. I looked it up.")
    page.get_by_role("button", name="Send your reply").click()
    expect(panel.get_by_role("heading", name="This says how")).to_be_focused()
    look(page, "words-methods")
    panel.get_by_role("button", name="Share it as it is").click()
    expect(page.locator("#feed").get_by_text("I looked it up.")).to_be_visible()


def test_asking_for_somebody_keeps_the_words_and_leads_back_to_them(person: Callable[..., Page], member: Any) -> None:
    page = person(member)
    page.goto("/")
    connected(page)
    composer(page).fill(HARD)
    page.get_by_role("button", name="Share on the wall").click()
    page.get_by_role("button", name="Ask for someone from the team").click()
    page.wait_for_url("**/ask/**")
    look(page, "words-ask")
    page.get_by_role("link", name="Back to them").click()
    page.wait_for_url(lambda url: url.endswith("/"))
    expect(composer(page)).to_have_value(HARD)
    assert not Post.objects.exists() and Draft.objects.get().fields["body"] == HARD


def test_all_of_it_without_a_script(person: Callable[..., Page], member: Any) -> None:
    page = person(member, javascript=False)
    expect_status(page, 422)
    page.goto("/")
    composer(page).fill(HARD + " 07700 900123")
    page.get_by_role("button", name="Share on the wall").click()
    panel = page.locator("[data-look-again]")
    expect(panel.get_by_role("heading", name="It sounds as if")).to_be_visible()
    expect(panel.get_by_role("heading", name="This looks like a way to reach somebody")).to_be_visible()
    expect(composer(page)).to_have_value(HARD + " 07700 900123")
    panel.get_by_role("button", name="Ask for someone from the team").click()
    page.get_by_role("link", name="Back to them").click()
    expect(composer(page)).to_have_value(HARD + " 07700 900123")
    page.get_by_role("button", name="Share on the wall").click()
    panel.get_by_role("button", name="Share it as it is").click()
    expect(page.locator("#feed").get_by_text(HARD)).to_be_visible()
    expect(composer(page)).to_have_value("")
    assert not Draft.objects.exists()

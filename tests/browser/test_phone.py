"""The wall in one hand: what others wrote is near the top, a reply is more than its buttons, and what can be pressed looks so."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from forum.actions.posts import publish_post
from tests.browser.look import PHONE, look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TOP = "document.querySelector('article.post').getBoundingClientRect().top + scrollY"
ROW = 44  # pixels, the least that a finger finds


def test_a_phone_shows_words_before_it_asks_for_any(
    person: Callable[..., Page], member: Any, other_member: Any, make_member: Callable[..., Any]
) -> None:
    post = publish_post(other_member, body="Third night of not sleeping.", key=uuid4()).post
    publish_post(other_member, body="And a fourth.", parent=post, key=uuid4())
    for who, javascript in ((member, True), (make_member("finch"), False)):  # each with no draft of the other's
        page = person(who, javascript=javascript)
        page.set_viewport_size({"width": PHONE, "height": 844})
        page.goto("/")
        page.wait_for_function(f"{TOP} < 620")
        share = page.get_by_role("button", name="Share on the wall")
        expect(share).to_be_hidden()
        page.get_by_label("What's on your mind?").click()
        page.get_by_text("A little win").click()  # the press lands, although it takes the focus from the field
        expect(share).to_be_visible()
        page.get_by_label("What's on your mind?").fill("I slept.")
        page.get_by_role("heading", name="The wall").click()
        expect(share).to_be_visible()  # what is begun stays open
        acts = page.locator(".reply .acts").first.bounding_box()
        assert acts is not None and acts["height"] <= 2 * ROW + 8


def test_the_composer_open_and_shut_looked_at(person: Callable[..., Page], member: Any) -> None:
    page = person(member)
    page.goto("/")
    page.set_viewport_size({"width": PHONE, "height": 844})
    page.get_by_label("What's on your mind?").fill("I slept.")
    look(page, "phone-composer-open")


def test_the_offer_to_change_words_goes_when_its_time_is_over(person: Callable[..., Page], member: Any) -> None:
    publish_post(member, body="Slpet.", key=uuid4())
    page = person(member)
    page.clock.install()
    page.goto("/")
    page.locator("article.post summary").click()
    expect(page.get_by_role("link", name="Change these words, within 15 minutes")).to_be_visible()
    page.clock.fast_forward("16:00")
    expect(page.get_by_role("link", name="Change these words, within 15 minutes")).to_have_count(0)
    expect(page.get_by_role("link", name="Take this back")).to_be_visible()

"""Signing out of a computer that others use: whoever sits down next finds nothing by going back, in storage or in caches (P10)."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from forum.actions.posts import publish_post
from forum.cards import Card, keep_card
from forum.models import Member
from tests.browser.test_help import KEPT, STORED, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]

POST, CARD, ABOUT, DRAFT = "canary heron", "07700 900999", "canary about me", "canary begun"
CANARIES = (POST, CARD, ABOUT, DRAFT, "robin@harbour.test")
PLACES = ("/", "/me/", "/me/who/", "/me/card/", "/me/data/", "/me/shared/", "/notices/", "/members/robin/", "/search/")


@pytest.fixture
def remembering(browser_type: Any, browser_type_launch_args: dict[str, Any], daphne: Any) -> Iterator[Page]:
    """A browser that keeps whole pages for the way back, as people's do and Playwright's does not."""
    arguments = browser_type_launch_args | {"ignore_default_args": ["--disable-back-forward-cache"]}
    browser = browser_type.launch(**arguments)
    yield browser.new_context(base_url=daphne.url).new_page()
    browser.close()


def seen(page: Page) -> list[str]:
    """The canaries in what stands there now, also in fields."""
    text = page.evaluate(
        "() => document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea')].map((each) => each.value)"
    )
    return [words for words in CANARIES if words in text]


def test_whoever_sits_down_next_finds_nothing(remembering: Page, member: Member, open_page: Callable[..., Any]) -> None:
    page = remembering
    publish_post(member, body=POST, key=uuid4())
    keep_card(member, Card(phone=CARD))
    Member.objects.filter(pk=member.pk).update(about=ABOUT)
    sign_in(page, member)
    found: set[str] = set()
    stored = []
    for place in PLACES:
        answer = page.goto(place)
        assert answer is not None and answer.status == 200, place
        assert "no-store" in answer.headers["cache-control"], place
        found.update(seen(page))
    page.goto("/")
    page.locator("textarea").first.press_sequentially(DRAFT)
    expect(page.locator("[data-draft-mark]")).to_contain_text("Kept as a draft")
    found.update(seen(page))
    assert found == set(CANARIES), "the premise: each could be read"

    page.evaluate("document.querySelector('[data-sign-out]').requestSubmit()")
    expect(page.get_by_role("link", name="Sign in", exact=True).first).to_be_visible()
    for _step in range(len(PLACES) + 2):
        stored += [page.evaluate(STORED), repr(page.evaluate(KEPT)), repr(seen(page))]
        page.go_back()
    assert [words for words in CANARIES if any(words in each for each in stored)] == []
    assert page.evaluate("async () => (await indexedDB.databases()).length") == 0
    assert page.context.cookies() == [] or {cookie["name"] for cookie in page.context.cookies()} <= {
        "csrftoken",
        "sessionid",
    }
    page.goto("/me/")
    assert "/accounts/login/" in page.url

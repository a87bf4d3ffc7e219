"""Being told and being answered: two people live, the same without scripts, and what it looks like."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from forum.actions.posts import publish_post
from tests.browser.look import look
from tests.browser.watch import expect_status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

KEEP, FOLLOW = "Keep to find it again", "Follow its replies"
WORDS = "Third night of not sleeping."


def bell(page: Page) -> Any:
    return page.locator("#bell a")


def menu(page: Page, pressing: str) -> Any:
    page.locator("article.post summary").filter(has_text="More").first.click()
    return page.get_by_role("button", name=pressing)


def test_a_reply_reaches_its_author_wherever_they_are(
    person: Callable[..., Page], member: Any, other_member: Any
) -> None:
    post = publish_post(member, body=WORDS, key=uuid4()).post
    robin, wren = person(member), person(other_member)
    robin.goto("/notices/")
    look(robin, "notices-empty")
    robin.goto("/help/")
    robin.evaluate("window.sameDocument = true")
    expect(bell(robin)).to_have_accessible_name("Notices")

    wren.goto(f"/posts/{post.pk}/")
    wren.get_by_role("button", name="With you").click()
    expect(bell(robin)).to_have_accessible_name("Notices 1 new")
    wren.get_by_label("Your reply").fill("I am up too.")
    wren.get_by_role("button", name="Send your reply").click()
    expect(bell(robin)).to_have_accessible_name("Notices 2 new")
    wren.get_by_role("button", name="With you").first.click()
    expect(bell(robin)).to_have_accessible_name("Notices 1 new")
    assert robin.evaluate("window.sameDocument"), "the count came by itself"

    bell(robin).click()
    expect(robin.get_by_text(WORDS)).to_be_visible()
    look(robin, "notices")
    robin.get_by_role("link", name="wren has replied to you.").click()
    expect(robin.get_by_text("I am up too.")).to_be_visible()
    expect(bell(robin)).to_have_accessible_name("Notices")
    robin.goto("/me/notices/")
    look(robin, "me-notices")


def test_what_waits_is_found_answered_followed_and_kept(
    person: Callable[..., Page], member: Any, other_member: Any
) -> None:
    publish_post(member, body=WORDS, key=uuid4())
    robin, wren = person(member), person(other_member)
    wren.goto("/")
    wren.get_by_role("button", name="I'm up to replying today").click()
    expect(wren.get_by_text("robin is waiting for a reply.")).to_be_visible()
    look(wren, "wall-offer")
    wren.get_by_role("link", name="Waiting for a first reply").click()
    expect(wren.get_by_text(WORDS)).to_be_visible()
    look(wren, "lens-waiting")

    publish_post(member, body="A hello fits no lens.", intent="hello", key=uuid4())
    publish_post(member, body="Is anybody there?", intent="question", key=uuid4())
    wren.get_by_role("button", name="1 new post").click()
    expect(wren.get_by_text("Is anybody there?")).to_be_visible()
    expect(wren.get_by_text("A hello fits no lens.")).to_have_count(0)

    for name in (KEEP, FOLLOW):
        menu(wren, name).click()
        expect(wren.get_by_role("button", name=name, pressed=True)).to_be_visible()
        wren.keyboard.press("Escape")
    for lens in ("Kept", "Following"):
        wren.get_by_role("link", name=lens, exact=True).click()
        expect(wren.get_by_text("Is anybody there?")).to_be_visible()
        look(wren, f"lens-{lens.lower()}")

    robin.goto("/?lens=mine")
    look(robin, "lens-mine")
    menu(robin, "I have enough replies").first.click()
    expect(robin.get_by_text("No more replies are looked for.")).to_be_visible()
    look(robin, "post-enough")
    wren.goto("/?lens=waiting")
    expect(wren.get_by_text("Is anybody there?")).to_have_count(0)


def test_all_of_it_without_javascript(person: Callable[..., Page], member: Any, other_member: Any) -> None:
    post = publish_post(member, body=WORDS, key=uuid4()).post
    robin, wren = person(member, javascript=False), person(other_member, javascript=False)
    wren.goto("/")
    wren.get_by_role("button", name="I'm up to replying today").click()
    wren.get_by_role("button", name="Not this one").click()
    expect(wren.get_by_text("Nothing to offer you just now.")).to_be_visible()
    for name in (KEEP, FOLLOW):
        menu(wren, name).click()
    wren.get_by_role("link", name="Kept", exact=True).click()
    expect(wren.get_by_text(WORDS)).to_be_visible()
    wren.get_by_role("button", name="With you").click()

    robin.goto("/")
    expect(bell(robin)).to_have_accessible_name("Notices 1 new")
    menu(robin, "Ask again").click()
    expect(robin.get_by_text("the first that people are asked to read")).to_be_visible()
    menu(robin, "Ask again").click()
    expect(robin.get_by_text("You can ask again at")).to_be_visible()
    publish_post(member, body="To whoever reads this.", parent=post, key=uuid4())
    wren.goto("/notices/")
    wren.get_by_role("link", name="robin has replied where you follow.").click()
    expect(wren.get_by_text("To whoever reads this.")).to_be_visible()

    bell(robin).click()
    robin.get_by_role("button", name="Mark all as read").click()
    expect(bell(robin)).to_have_accessible_name("Notices")
    robin.get_by_role("link", name="Choose what you are told").click()
    robin.get_by_label("Somebody is with you").uncheck()
    robin.get_by_label("From", exact=True).fill("22:00")
    expect_status(robin, 422)
    robin.get_by_role("button", name="Keep this").click()
    expect(robin.get_by_text("Until when? Leave both out for no quiet hours.").first).to_be_visible()
    robin.get_by_label("Until").fill("07:00")
    robin.get_by_role("button", name="Keep this").click()
    expect(robin.get_by_text("Kept as you chose.")).to_be_visible()

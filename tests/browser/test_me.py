"""One's own pages as people use them: by day and night, without JavaScript, from the keyboard, on two devices at once."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from forum.actions.posts import publish_post
from forum.cards import Card, keep_card
from forum.models import Member
from moderation.actions.cases import claim_case
from moderation.actions.escalation import escalate_case, take_case
from moderation.actions.reports import report_post
from tests.browser.look import look
from tests.browser.watch import expect_status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

PAGES = {
    "me": "/me/", "keys": "/keys/", "me-who": "/me/who/", "me-handle": "/me/handle/", "me-looks": "/me/looks/",
    "me-mail": "/me/mail/", "me-card": "/me/card/", "me-sessions": "/me/sessions/",
}  # fmt: skip


@pytest.fixture
def posts(member: Any, other_member: Any) -> list[Any]:
    written = [
        publish_post(author, body=f"{words} " * 12, key=uuid4()).post
        for author, words in ((member, "Slept at last."), (other_member, "Third night."), (member, "Tea helps."))
    ]
    publish_post(other_member, body="You're not on your own.", key=uuid4(), parent=written[0])
    return written


def test_every_page_of_ones_own_looked_at(person: Callable[..., Page], member: Any) -> None:
    keep_card(member, Card(phone="07700 900123", helps="Tea.", ask_first=True))
    page = person(member)
    for name, path in PAGES.items():
        page.goto(path)
        look(page, name)


def test_a_night_owl_makes_it_dark_and_large_without_javascript(person: Callable[..., Page], member: Any) -> None:
    page = person(member, javascript=False)
    expect_status(page, 422)
    page.goto("/me/")
    page.get_by_role("link", name="How it looks").click()
    page.get_by_text("Dark", exact=True).click()
    page.get_by_text("Largest").click()
    page.get_by_text("Wider, with more room").click()
    page.get_by_label("Single keys do things").uncheck()
    page.get_by_role("button", name="Keep this").click()
    expect(page.locator(".messages")).to_contain_text("Kept.")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(238, 242, 236)"  # by day, on a light device
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == 23
    page.goto("/me/who/")
    page.get_by_label("Pronouns").fill("they")
    page.get_by_text("Picture 2").locator("..").click()
    page.get_by_role("button", name="Keep this").click()
    page.get_by_role("link", name="Change it").click()
    page.get_by_label("Your new handle").fill("keeper")
    page.get_by_role("button", name="Take this name").click()
    expect(page.get_by_label("Your new handle")).to_have_value("keeper")
    page.get_by_label("Your new handle").fill("dunlin")
    page.get_by_role("button", name="Take this name").click()
    expect(page.locator(".messages")).to_contain_text("From now on you are dunlin here.")
    kept = Member.objects.get(pk=member.pk)
    assert (kept.handle, kept.pronouns, kept.avatar_style, kept.theme, kept.single_keys) == (
        "dunlin", "they", 1, "dark", False,
    )  # fmt: skip


def test_large_letters_fit_a_phone(person: Callable[..., Page], member: Any, posts: list[Any]) -> None:
    Member.objects.filter(pk=member.pk).update(theme="dark", text_size="largest", typeface="legible")
    page = person(member)
    for path, name in (("/", "wall-largest"), ("/me/", "me-largest"), ("/me/looks/", "me-looks-largest")):
        page.goto(path)
        look(page, name)


def test_signing_out_elsewhere_closes_the_other_page_at_once(person: Callable[..., Page], member: Any) -> None:
    laptop, phone = person(member), person(member)
    phone.goto("/")
    expect(phone.locator("wall-stream[data-live]")).to_be_attached()
    laptop.goto("/me/sessions/")
    laptop.get_by_role("button", name="Sign out everywhere else").click()
    expect(laptop.locator(".messages")).to_contain_text("You are signed out everywhere else.")
    expect(phone.locator("wall-stream")).to_contain_text("You are signed out.", timeout=5000)
    expect(laptop.get_by_text("this one")).to_be_visible()
    expect(laptop.get_by_role("button", name="Sign out there")).to_have_count(0)


def test_staff_open_the_card_and_give_another_name(
    person: Callable[..., Page], member: Any, other_member: Any, moderator: Any, staff: Any, posts: list[Any]
) -> None:
    keep_card(member, Card(phone="07700 900123", to_ring="Mam, 01632 960001", helps="Tea.", ask_first=True))
    case = claim_case(report_post(other_member, posts[0], "worry", "worried", key=uuid4()).case, moderator)
    case = take_case(escalate_case(case, moderator, "Somebody follows them."), staff)
    page = person(staff)
    page.goto(f"/staff/cases/{case.pk}/")
    page.get_by_role("button", name="Open the card").click()
    expect(page.get_by_text("Ask me first.")).to_be_visible()
    look(page, "case-card")
    page.goto(f"/staff/cases/{case.pk}/")
    expect(page.get_by_text("07700 900123")).to_have_count(0)
    page.get_by_text("Give them another name").click()
    page.get_by_label("Their new handle").fill("whimbrel")
    page.get_by_label("Why, for the record").fill("Followed from another site.")
    look(page, "case-rename")
    watcher = person(other_member)
    watcher.goto("/")
    expect(watcher.locator("wall-stream[data-live]")).to_be_attached()
    page.get_by_role("button", name="Give them this name").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("whimbrel")
    expect(watcher.locator(f"#post-{posts[0].pk} .by")).to_have_text("whimbrel")
    assert "robin" not in watcher.locator("main").inner_text()

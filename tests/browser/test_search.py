"""Somebody looks for words on a bad night: with and without JavaScript, on a phone, in the dark."""

from typing import Any
from uuid import uuid4

import pytest

from forum.actions.posts import change_status, publish_post
from forum.models import Member, Status
from tests.browser.look import look
from tests.browser.watch import expect_status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def say(author: Member, body: str, **fields: Any) -> Any:
    return publish_post(author, body=body, key=uuid4(), **fields).post


@pytest.fixture
def wall(member: Member, other_member: Member, moderator: Member) -> None:
    for night in range(20):
        say(other_member, f"Night {night} of not sleeping.")
    folded = say(other_member, "Sleep, and how not to. Folded words.")
    change_status(folded, Status.FOLDED)
    asked = say(
        other_member,
        "Third night awake. "
        * 20
        + "Does anybody know how to fall asleep when your head won't be put down? I slept badly "
        "and then I could not go back to sleep, whatever I did. " + "I read until four. " * 20,
        intent="question",
    )
    say(member, "Sleeping <b>with the radio on</b> is what helps me. You're not on your own with it.", parent=asked)
    say(moderator, "Sleep is a thing many of us lose. We are here until midnight.", intent="hello")
    say(member, "A dream, while I was sleeping.", content_note="nightmares")


def test_words_are_found_and_the_way_back_is_kept(person: Any, wall: Any, member: Member) -> None:
    page = person(member)
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Search").click()
    look(page, "search")
    page.get_by_label("Words to look for").fill("sleep")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What was found").wait_for()
    assert "sleep" not in page.url
    assert "sleep" not in page.title().lower()
    hit = page.locator("article", has_text="a thing many of us lose").locator("mark")
    assert hit.inner_text() == "Sleep"
    assert page.get_by_text("A dream").is_hidden()
    page.get_by_text("Content note: nightmares").click()
    assert page.get_by_text("A dream").is_visible()
    assert page.get_by_text("Folded words").count() == 0
    look(page, "search-found")
    there = page.url
    page.get_by_role("link", name="Read it where it stands (heron)").click()
    page.go_back()
    assert page.url == there
    assert hit.is_visible()
    page.reload()
    assert page.get_by_label("Words to look for").input_value() == "sleep"


def test_it_works_without_javascript_down_to_the_oldest(person: Any, wall: Any, other_member: Member) -> None:
    page = person(other_member, javascript=False)
    page.goto("/search/")
    page.get_by_label("Words to look for").fill("“night … sleeping”")
    page.get_by_text("By whom, and when").click()
    page.get_by_label("Written by").fill("wren")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    assert page.get_by_text("Nothing here has those words, or nothing you can see.").is_visible()
    assert page.get_by_label("Written by").input_value() == "wren"
    page.get_by_label("Words to look for").fill("“not sleeping” night")
    page.get_by_label("Written by").fill("")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    assert page.locator("article").count() == 20
    assert page.get_by_role("link", name="Older").count() == 0
    page.get_by_label("Words to look for").fill("sleeps")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Older").click()
    assert page.locator("article").count() == 5
    assert page.get_by_text("Night 0 of not sleeping.").is_visible()


def test_mistakes_and_heavy_words_are_met_kindly(person: Any, wall: Any, member: Member) -> None:
    page = person(member)
    expect_status(page, 422, 404)
    page.goto("/search/")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.get_by_text("Which words shall be looked for? One is enough.").first.wait_for()
    look(page, "search-refused")
    page.get_by_label("Words to look for").fill("suicide")
    page.keyboard.press("Enter")
    page.get_by_text("Samaritans are on 116 123").first.wait_for()
    look(page, "search-heavy")
    page.goto("/search/long-ago/")
    assert page.get_by_text("That search has been put away").is_visible()

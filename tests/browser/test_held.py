"""Words that wait, on both sides: their author is told, a moderator lets them through, and spam goes with one press."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from forum.actions.posts import publish_post
from forum.models import Status
from moderation.actions.reports import report_post
from tests.browser.look import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture
def held_post(settings: Any, make_member: Any) -> Any:
    settings.HOLD = frozenset({"links"})
    author = make_member("dunlin", joined_at=timezone.now())
    post = publish_post(author, body="This helped me sleep: https://example.org/sleep", key=uuid4()).post
    assert post.status == Status.HELD
    return post


@pytest.fixture
def spam(other_member: Any, member: Any) -> list[Any]:
    posts = [publish_post(other_member, body=f"Cheap crystals, box {number}", key=uuid4()).post for number in range(3)]
    for post in posts:
        report_post(member, post, "rule", "spam", key=uuid4())
    return posts


def test_its_author_knows_and_a_moderator_lets_it_through(
    person: Callable[..., Page], member: Any, moderator: Any, held_post: Any
) -> None:
    dunlin, robin, heron = person(held_post.author), person(member), person(moderator)
    dunlin.goto("/")
    expect(dunlin.get_by_text("A moderator looks first, because it holds a link")).to_be_visible()
    look(dunlin, "held-author")
    robin.goto("/")
    expect(robin.get_by_text("This helped me sleep")).to_have_count(0)
    heron.goto("/moderation/held/")
    look(heron, "held-one")
    heron.get_by_role("button", name="Put it on the wall").click()
    expect(heron.locator(".messages")).to_contain_text("It is on the wall now")
    look(heron, "held-nothing")
    robin.get_by_role("button", name="1 new post").click()
    expect(robin.get_by_text("This helped me sleep")).to_be_visible()
    expect(dunlin.get_by_text("A moderator looks first")).to_have_count(0)
    dunlin.goto("/me/decisions/")
    expect(dunlin.get_by_text("It is on the wall now.")).to_be_visible()


def test_spam_goes_with_one_press_and_comes_back_with_one(
    person: Callable[..., Page], moderator: Any, spam: list[Any]
) -> None:
    heron = person(moderator, javascript=False)
    heron.goto("/moderation/held/")
    for box in heron.get_by_label("Take this down").all():
        box.check()
    heron.get_by_label("House rule").select_option("experience")
    heron.get_by_role("button", name="Take these down").click()
    expect(heron.locator(".messages")).to_contain_text("Taken down: 3.")
    heron.get_by_role("button", name="Undo all of it").click()
    expect(heron.locator(".messages")).to_contain_text("Put back: 3.")
    expect(heron.get_by_text("Nothing waits for you here.")).to_be_visible()


def test_the_page_of_spam_looked_at(person: Callable[..., Page], moderator: Any, spam: list[Any]) -> None:
    heron = person(moderator)
    heron.goto("/moderation/held/")
    look(heron, "held-spam")

"""Somebody who thinks in Welsh: chosen once, spoken on every page and in what arrives by itself."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from forum.actions.posts import publish_post
from tests.browser.look import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

PAGES = {"wall": "/", "help": "/help/", "ask": "/ask/", "me": "/me/", "care": "/me/care/", "rules": "/rules/"}


def choose_welsh(page: Page) -> None:
    page.goto("/me/looks/")
    page.get_by_label("Language").select_option("Cymraeg")
    page.get_by_role("button", name="Keep this").click()
    expect(page.locator("html")).to_have_attribute("lang", "cy")
    expect(page.locator(".messages")).to_contain_text("Wedi'i gadw")


def test_a_member_turns_their_harbour_to_welsh_and_the_wall_follows(
    person: Callable[..., Page], member: Any, other_member: Any
) -> None:
    page, neighbour = person(member), person(other_member)
    choose_welsh(page)
    page.goto("/")
    neighbour.goto("/")
    page.locator("form[action='/posts/'] textarea").first.fill("Noson hir eto.")
    page.get_by_role("button", name="Rhannu ar y wal").click()
    expect(page.locator("article.post")).to_contain_text("Noson hir eto.")
    neighbour.get_by_role("button", name="1 new post").click()
    expect(neighbour.locator("article.post").get_by_text("With you", exact=True)).to_be_attached()
    publish_post(other_member, body="Tea helps.", key=uuid4())
    page.get_by_role("button", name="1 neges newydd").click()
    arrived = page.locator("article.post", has_text="Tea helps.")
    expect(arrived.get_by_text("Gyda chi", exact=True)).to_be_attached()
    expect(arrived.locator("time")).to_have_text("nawr")
    for name, path in PAGES.items():
        page.goto(path)
        look(page, f"welsh-{name}")


def test_so_does_one_without_a_script(person: Callable[..., Page], member: Any) -> None:
    page = person(member, javascript=False)
    choose_welsh(page)
    page.goto("/")
    page.locator("form[action='/posts/'] textarea").first.fill("Noson hir eto.")
    page.get_by_role("button", name="Rhannu ar y wal").click()
    expect(page.locator("article.post")).to_contain_text("Noson hir eto.")

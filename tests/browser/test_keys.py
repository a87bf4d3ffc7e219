"""The keyboard: keys that lead, keys that are off, a focus that never hides, and targets large enough to press."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from forum.actions.posts import publish_post
from forum.models import Member
from tests.browser.look import look
from tests.browser.test_me import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture
def posts(member: Any, other_member: Any) -> list[Any]:
    written = [
        publish_post(author, body=f"{words} " * 12, key=uuid4()).post
        for author, words in ((member, "Slept at last."), (other_member, "Third night."), (member, "Tea helps."))
    ]
    publish_post(other_member, body="You're not on your own.", key=uuid4(), parent=written[0])
    return written


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.id")


def test_the_wall_from_the_keyboard(person: Callable[..., Page], member: Any, posts: list[Any]) -> None:
    page = person(member)
    page.goto("/")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog.get_by_role("heading", name="Keys")).to_be_focused()
    look(page, "keys-dialog")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    seen = []
    for key in "jjkjj":
        page.keyboard.press(key)
        seen.append(focused(page))
    first, second, third = (f"post-{post.pk}" for post in reversed(posts))
    assert seen == [first, second, first, second, third]
    top = page.evaluate("document.activeElement.getBoundingClientRect().top")
    assert top >= page.evaluate("document.querySelector('.bar').getBoundingClientRect().bottom")
    page.keyboard.press("r")
    page.wait_for_url(f"**/posts/{posts[0].pk}/#reply")
    page.keyboard.press("n")
    page.keyboard.type("jk?g")
    expect(page.get_by_label("Your reply")).to_have_value("jk?g")
    page.locator("h1").click(force=True)
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.classList.contains('reply')")
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url("**/help/")


def test_who_has_switched_single_keys_off_finds_them_off(person: Callable[..., Page], member: Any, posts: Any) -> None:
    Member.objects.filter(pk=member.pk).update(single_keys=False)
    page = person(member)
    page.goto("/")
    for key in ("?", "j", "g", "h"):
        page.keyboard.press(key)
    assert page.get_by_role("dialog").count() == 0
    assert page.url.endswith("/")
    page.locator(".foot").get_by_role("link", name="Keys").click()
    expect(page.get_by_text("the next post")).to_be_visible()


HIDDEN = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  const x = box.left + Math.min(box.width, innerWidth) / 2, y = Math.max(box.top, 0) + Math.min(box.height, 12) / 2;
  const at = document.elementFromPoint(x, y);
  if (one === document.body || one.contains(at) || at?.contains(one)) return null;
  return `${one.outerHTML.slice(0, 90)} under ${at?.outerHTML.slice(0, 60)}`;
}"""


@pytest.mark.parametrize(
    ("width", "height", "zoom"), [(1280, 800, ""), (390, 844, ""), (320, 256, ""), (390, 844, "200%")]
)
def test_what_has_the_focus_is_never_hidden(
    person: Callable[..., Page], member: Any, posts: list[Any], width: int, height: int, zoom: str
) -> None:
    page = person(member)
    page.set_viewport_size({"width": width, "height": height})
    page.goto("/")
    page.evaluate("(zoom) => { document.documentElement.style.fontSize = zoom }", zoom)
    for key in ["Tab"] * 60 + ["Shift+Tab"] * 60:
        page.keyboard.press(key)
        assert page.evaluate(HIDDEN) is None


def test_nor_is_it_hidden_in_the_row_above_the_wall_without_javascript(
    person: Callable[..., Page], member: Any, posts: list[Any]
) -> None:
    page = person(member, javascript=False)
    page.set_viewport_size({"width": 320, "height": 844})
    page.goto("/")
    page.get_by_label("What's on your mind?").focus()
    for button in (
        page.get_by_role("link", name="Waiting for a first reply"),
        page.get_by_role("button", name="Pause the wall"),
    ):
        while not button.evaluate("(one) => one === document.activeElement"):
            page.keyboard.press("Tab")
        expect(button).to_be_in_viewport(ratio=1)


def test_skip_links_lead_to_words_to_writing_and_to_help(person: Callable[..., Page], member: Any, posts: Any) -> None:
    page = person(member)
    page.goto("/")
    found = []
    for _tab in range(4):
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_be_in_viewport()
        found.append(page.locator(":focus").inner_text())
    assert found == ["Skip to the words", "Skip to writing", "Skip to the newest posts", "Skip to help"]
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("Hello")
    expect(page.get_by_label("What's on your mind?")).to_have_value("Hello")


SMALL = """() => [...document.querySelectorAll(
  "button, .button, summary, select, textarea, .strip a, .bell a, .back a, .foot li a, .ways-on a, label:has(input)")]
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.width > 1 && box.height > 1 && one.checkVisibility() && (box.height < 43.9 || box.width < 43.9))
  .map(([one, box]) => `${one.outerHTML.slice(0, 80)} ${Math.round(box.width)}x${Math.round(box.height)}`)"""


def test_what_is_pressed_is_large_enough_for_a_shaking_hand(
    person: Callable[..., Page], member: Any, posts: Any
) -> None:
    page = person(member)
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/", f"/posts/{posts[0].pk}/", "/help/", "/members/wren/", *PAGES.values()):
        page.goto(path)
        assert page.evaluate(SMALL) == [], path

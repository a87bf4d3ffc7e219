"""Help without a connection, and leaving quickly: by a press, by Shift three times, and what is left behind."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from forum.actions.posts import publish_post
from forum.models import Member
from tests.browser.look import look
from tests.conftest import PASSWORD
from tests.harbour import Harbour

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CANARY = "Third night of counting herons."
DRAFT = "Half a sentence about a grey"
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const path = new URL(request.url).pathname;
      const isFile = path.startsWith("/static/");
      found.push([path, isFile ? "" : await (await cache.match(request, { ignoreVary: true })).text()]);
    }
  }
  return found;
}"""
STORED = "() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"


@pytest.fixture
def daphne(transactional_db: None) -> Iterator[Harbour]:
    """A server whose way out leads to a page of its own: no test asks a stranger."""
    harbour = Harbour(Path(settings.DATA_DIR))
    harbour.environment["HARBOUR_LEAVE_URL"] = f"{harbour.url}/livez"
    harbour.start()
    yield harbour
    harbour.stop()


def sign_in(page: Page, member: Member, *, mine: bool = False) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(member.email)
    page.get_by_label("Password").fill(PASSWORD)
    if mine:
        page.get_by_label("Only I do").check()
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("/")


def shift(page: Page, times: int) -> None:
    for _time in range(times):
        page.keyboard.press("Shift")


def has_left(page: Page) -> bool:
    page.wait_for_url("**/livez")
    return True


def test_help_opens_without_a_connection_and_the_copy_is_a_strangers(open_page: Any, member: Member) -> None:
    publish_post(member, body=CANARY, intent="support", key=uuid4())
    page = open_page(worker=True)
    sign_in(page, member)
    expect(page.get_by_text(CANARY)).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto("/help/")
    expect(page.get_by_text("robin").first).to_be_attached()
    page.goto("/me/")
    page.wait_for_function("async () => Boolean(await caches.match('/offline/'))")

    kept = dict(page.evaluate(KEPT))
    assert {path for path in kept if not path.startswith("/static/")} == {"/help/", "/offline/"}
    assert "tel:116123" in kept["/help/"]
    for words in kept.values():
        assert "robin" not in words
        assert CANARY not in words

    page.context.set_offline(True)
    page.goto("/help/?region=wales#wales")
    expect(page.get_by_role("link", name="Ring 999")).to_be_visible()
    expect(page.get_by_role("link", name="Text SHOUT to 85258")).to_be_attached()
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_attached()  # it does not know who looks
    look(page, "help-offline", pictures=False)
    page.goto("/posts/1/")
    expect(page.get_by_role("heading", name="The wall cannot be reached just now.")).to_be_visible()
    assert page.url.endswith("/posts/1/")
    look(page, "offline")
    page.get_by_role("link", name="All phone lines").click()
    expect(page.get_by_role("heading", name="Help now")).to_be_visible()
    page.context.set_offline(False)
    page.goto("/")
    expect(page.get_by_text(CANARY)).to_be_visible()


def test_leaving_a_shared_device_by_one_press_leaves_nothing_of_anyone(open_page: Any, member: Member) -> None:
    publish_post(member, body=CANARY, intent="support", key=uuid4())
    page = open_page(worker=True)
    sign_in(page, member)
    page.goto("/leaving/")
    page.goto("/")
    expect(page.get_by_text(CANARY)).to_be_visible()
    page.locator("textarea").first.press_sequentially(DRAFT)
    assert DRAFT in page.evaluate(STORED)  # the premise
    page.get_by_role("button", name="Leave quickly").click()
    assert has_left(page)
    assert DRAFT not in page.evaluate(STORED)
    assert not any(CANARY in words or "robin" in words for _path, words in page.evaluate(KEPT))
    page.go_back()
    assert page.url.endswith("/leaving/")  # the wall itself is no longer in the history
    expect(page.get_by_role("link", name="Sign in", exact=True).first).to_be_visible()
    page.goto("/me/")
    assert "/accounts/login/" in page.url


def test_leaving_ones_own_device_by_shift_three_times_stays_signed_in(open_page: Any, member: Member) -> None:
    page = open_page()
    sign_in(page, member, mine=True)
    counted = page.locator("[data-countdown]")
    shift(page, 1)
    expect(counted).to_have_text("Leave quickly: press Shift twice more")
    shift(page, 1)
    expect(counted).to_have_text("Leave quickly: press Shift once more")
    look_at_the_count(page)
    page.keyboard.press("a")
    expect(counted).to_be_empty()
    shift(page, 2)
    page.keyboard.press("Shift+a")  # a capital letter is no bare Shift
    shift(page, 2)
    page.wait_for_timeout(2_100)
    expect(counted).to_be_empty()
    shift(page, 2)
    assert page.url.endswith("/")  # five bare ones, and never three together
    shift(page, 1)
    assert has_left(page)
    page.goto("/me/")
    assert page.url.endswith("/me/")


def look_at_the_count(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    box = page.locator("[data-countdown]").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    page.set_viewport_size({"width": 1280, "height": 900})


def test_shift_is_switched_off_by_a_member_and_by_a_stranger(
    person: Callable[..., Page], member: Member, stranger: Page
) -> None:
    robin = person(member)
    robin.goto("/leaving/")
    look(robin, "leaving-signed-in")
    robin.get_by_label("Leave quickly when I press Shift three times").uncheck()
    robin.get_by_role("button", name="Keep this").click()
    robin.wait_for_load_state()
    shift(robin, 4)
    robin.wait_for_timeout(300)
    assert robin.url.endswith("/leaving/")

    stranger.goto("/leaving/")
    look(stranger, "leaving")
    stranger.get_by_label("Leave quickly when I press Shift three times").uncheck()
    stranger.goto("/help/")
    shift(stranger, 4)
    stranger.wait_for_timeout(300)
    assert stranger.url.endswith("/help/")
    stranger.goto("/leaving/")
    stranger.get_by_label("Leave quickly when I press Shift three times").check()
    shift(stranger, 3)
    assert has_left(stranger)


def test_without_javascript_the_button_does_the_same(open_page: Any, member: Member) -> None:
    page = open_page(javascript=False)
    page.goto("/help/")
    page.get_by_role("link", name="Leave quickly").click()
    assert has_left(page)
    sign_in(page, member)
    page.goto("/leaving/")
    expect(page.get_by_label("Others may use this device")).to_be_checked()
    page.get_by_role("button", name="Leave quickly").click()
    assert has_left(page)
    page.goto("/me/")
    assert "/accounts/login/" in page.url


def test_help_and_the_way_out_stand_in_the_same_place_on_every_page(
    person: Callable[..., Page], member: Member, stranger: Page
) -> None:
    stranger.set_viewport_size({"width": 320, "height": 700})
    for path in ("/", "/help/", "/accounts/login/", "/accounts/signup/", "/leaving/", "/offline/", "/rules/"):
        stranger.goto(path)
        in_reach(stranger, path)
    robin = person(member)
    robin.set_viewport_size({"width": 320, "height": 700})
    for path in ("/", "/me/", "/room/", "/leaving/"):
        robin.goto(path)
        in_reach(robin, path)


def in_reach(page: Page, path: str) -> None:
    """Both within the first screen of a small phone, large enough for a thumb."""
    for way in (page.locator(".bar .help"), page.locator(".bar .leave")):
        box = way.bounding_box()
        assert box, path
        assert box["y"] + box["height"] <= 130, path
        assert box["height"] >= 44, path


def test_the_kept_copy_can_be_removed(open_page: Any) -> None:
    page = open_page(worker=True)
    page.goto("/help/")
    page.wait_for_function("async () => Boolean(await caches.match('/offline/'))")
    page.goto("/leaving/")
    page.get_by_role("button", name="Remove it from this browser").click()
    expect(page.get_by_text("Removed.")).to_be_visible()
    assert page.evaluate(KEPT) == []

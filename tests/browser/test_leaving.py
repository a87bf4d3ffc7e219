"""Going away, as two people do it: one takes a copy, leaves and comes back; the other, without JavaScript, goes for good."""

import io
import zipfile
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from forum.actions.erasing import erase_member
from forum.actions.export import make_copies
from forum.actions.posts import publish_post
from forum.copying import make_copy
from forum.models import Erasure
from tests.browser.look import OPTIONS, look
from tests.browser.watch import expect_status
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def say_who(page: Page) -> None:
    """The password once more."""
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def test_a_copy_then_away_then_back(
    person: Callable[..., Page], stranger: Page, member: Any, other_member: Any, tmp_path: Any
) -> None:
    post = publish_post(member, body="A long walk by the sea, in the rain.", key=uuid4()).post
    publish_post(other_member, body="Which sea?", key=uuid4(), parent=post)
    robin = person("robin")

    robin.goto("/me/")
    robin.get_by_role("link", name="What is kept of me").click()
    look(robin, "data")
    robin.get_by_text("Your posts and replies").click()
    expect(robin.get_by_text("So that members can read them.")).to_be_visible()
    robin.get_by_role("button", name="Make a copy").click()
    say_who(robin)
    expect(robin.get_by_text("Your copy is being made").first).to_be_visible()
    make_copies()
    robin.goto("/me/data/")
    look(robin, "data-ready")
    with robin.expect_download() as download:
        robin.get_by_role("link", name="Take the copy").click()
    file = tmp_path / "copy.zip"
    download.value.save_as(file)
    with zipfile.ZipFile(file) as copy:
        copy.extractall(tmp_path / "copy")
    assert "A long walk" in (tmp_path / "copy/pages/forum-post.html").read_text()
    robin.goto("/me/data/")
    expect(robin.get_by_role("button", name="Make a copy")).to_be_visible()

    robin.get_by_role("link", name="Leave, with a way back").click()
    look(robin, "leave")
    robin.get_by_role("button", name="Leave", exact=True).click()
    expect(robin.get_by_text("You have left, and can come back until")).to_be_visible()
    look(robin, "room-left")
    robin.goto("/")
    assert robin.url.endswith("/room/")
    robin.get_by_role("button", name="Come back").click()
    expect(robin.get_by_text("You are back.")).to_be_visible()
    expect(robin.get_by_text("A long walk by the sea")).to_be_visible()

    robin.goto("/me/erase/")
    if "reauthenticate" in robin.url:
        say_who(robin)
    look(robin, "erase")
    expect_status(robin, 422)
    robin.get_by_role("button", name="Erase everything").click()
    expect(robin.get_by_role("heading", name="Something here needs another look")).to_be_visible()
    look(robin, "erase-refused")
    stranger.goto("/me/erased/")
    look(stranger, "erased")


def test_for_good_without_javascript(person: Callable[..., Page], member: Any, other_member: Any) -> None:
    post = publish_post(member, body="These words were mine.", key=uuid4()).post
    publish_post(other_member, body="I am glad you said it.", key=uuid4(), parent=post)
    wren = person("wren")
    wren.goto("/")
    expect(wren.get_by_text("These words were mine.")).to_be_visible()

    robin = person("robin", javascript=False)
    robin.goto("/me/data/")
    robin.get_by_role("link", name="Erase everything now").click()
    say_who(robin)
    expect_status(robin, 422)
    robin.get_by_label("Your handle").fill("wren")
    robin.get_by_role("button", name="Erase everything").click()
    expect(robin.get_by_text("Nothing has been erased.").first).to_be_visible()
    robin.get_by_label("Your handle").fill("robin")
    robin.get_by_role("button", name="Erase everything").click()
    expect(robin.get_by_role("heading", name="Goodbye, and take care")).to_be_visible()

    erase_member(Erasure.objects.get())
    expect(wren.get_by_text("A post was here.")).to_be_visible()
    expect(wren.get_by_text("I am glad you said it.")).to_be_visible()
    expect(wren.get_by_text("These words were mine.")).to_have_count(0)
    robin.goto("/me/")
    assert "/accounts/login/" in robin.url


def test_the_copy_reads_well_by_itself(
    open_page: Callable[..., Page], member: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the file system, with no server behind it. Its policy lets nothing be fetched, which axe would do."""
    monkeypatch.setitem(OPTIONS, "preload", False)
    publish_post(member, body="One line.\n\n<b>And another</b> " + "w" * 200, key=uuid4())
    zipfile.ZipFile(io.BytesIO(make_copy(member))).extractall(tmp_path)
    page = open_page()
    page.goto(f"file://{tmp_path}/index.html")
    look(page, "copy-index")
    page.get_by_role("link", name="Your posts and replies").click()
    expect(page.get_by_text("<b>And another</b>")).to_be_visible()
    look(page, "copy-posts")

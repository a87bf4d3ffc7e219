"""The wall as it lives in a browser: nothing moves under a reader's eyes, and no word is lost."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from forum.actions.posts import publish_post, withdraw_post
from forum.actions.support import set_support
from forum.models import Intent, Post, Support
from realtime.models import Event, Stream
from tests.browser.watch import expect_status
from tests.harbour import Harbour

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]

OFFLINE = "Not connected. What you write is kept and will be sent when the connection is back."

Person = Callable[..., Page]


def share(author: Any, body: str, parent: Post | None = None) -> Post:
    words = (
        {"body": body, "intent": Intent.SUPPORT, "key": uuid4()} if parent is None else {"body": body, "key": uuid4()}
    )
    post: Post = publish_post(author, parent=parent, **words).post
    return post


def connected(page: Page) -> Page:
    """The page once its socket is open."""
    expect(page.locator("wall-stream[data-live]")).to_be_attached()
    return page


def article(page: Page, post: Post) -> Any:
    return page.locator(f"#post-{post.pk}")


def top_of(page: Page, post: Post) -> float:
    top: float = page.evaluate("id => document.getElementById(id).getBoundingClientRect().top", f"post-{post.pk}")
    return top


@pytest.fixture
def wall(person: Person, member: Any, other_member: Any) -> Page:
    """robin's wall, with twelve posts by wren on it."""
    for number in range(12):
        share(other_member, f"Words number {number}. " * 12)
    page = person(member)
    page.goto("/")
    return connected(page)


def test_new_posts_wait_behind_a_button_and_move_nothing(wall: Page, other_member: Any) -> None:
    seen = Post.objects.get(body__startswith="Words number 5.")
    wall.evaluate("id => document.getElementById(id).scrollIntoView({ block: 'center' })", f"post-{seen.pk}")
    before = top_of(wall, seen)
    share(other_member, "First news.")
    expect(wall.get_by_role("button", name="1 new post", exact=True)).to_be_visible()
    newest = share(other_member, "Second news.")
    button = wall.get_by_role("button", name="2 new posts")
    expect(button).to_be_visible()
    assert top_of(wall, seen) == before
    assert "1 new post" in wall.get_by_role("status").last.inner_text()
    button.click()
    expect(wall.get_by_text("First news.")).to_be_visible()
    expect(article(wall, newest)).to_be_focused()
    assert wall.locator("#feed > .thread").first.get_attribute("id") == f"thread-{newest.pk}"
    expect(button).to_have_count(0)


def test_ones_own_post_is_there_at_once_and_the_form_is_empty_again(wall: Page, member: Any) -> None:
    key = wall.locator("form[data-command=post] [name=key]").input_value()
    wall.get_by_label("What's on your mind?").fill("Slept at last.\nTwo lines.")
    wall.get_by_label("A little win").check()
    wall.get_by_role("button", name="Share on the wall").click()
    expect(wall.locator("#feed").get_by_text("Slept at last.")).to_be_visible()
    expect(wall.get_by_label("What's on your mind?")).to_have_value("")
    post = Post.objects.get(author=member)
    assert post.intent == Intent.WIN
    expect(article(wall, post)).to_have_class("card post mine")
    assert wall.locator("form[data-command=post] [name=key]").input_value() != key
    wall.reload()
    expect(wall.get_by_label("What's on your mind?")).to_have_value("")


def test_a_refused_form_says_why_beside_the_field_and_keeps_the_words(wall: Page) -> None:
    wall.get_by_label("What's on your mind?").fill("x" * 5001)
    wall.get_by_role("button", name="Share on the wall").click()
    expect(wall.locator("[data-error-for=body]")).to_contain_text("too long by 1")
    expect(wall.get_by_label("What's on your mind?")).to_be_focused()
    expect(wall.get_by_label("What's on your mind?")).to_have_value("x" * 5001)
    assert not Post.objects.filter(body__startswith="xxx").exists()


def test_a_reply_in_sight_waits_and_one_out_of_sight_takes_its_place(wall: Page, other_member: Any) -> None:
    threads = wall.locator("#feed > .thread")
    near = Post.objects.get(pk=int((threads.nth(0).get_attribute("id") or "").removeprefix("thread-")))
    far = Post.objects.get(pk=int((threads.nth(11).get_attribute("id") or "").removeprefix("thread-")))
    away = share(other_member, "A reply far below.", parent=far)
    expect(article(wall, away)).to_be_attached()
    threads.nth(0).scroll_into_view_if_needed()
    wall.evaluate("id => document.getElementById(id).scrollIntoView({ block: 'center' })", f"post-{near.pk}")
    before = top_of(wall, near)
    here = share(other_member, "A reply in sight.", parent=near)
    button = wall.get_by_role("button", name="1 new reply")
    expect(button).to_be_visible()
    expect(article(wall, here)).to_have_count(0)
    assert top_of(wall, near) == before
    button.click()
    expect(article(wall, here)).to_be_focused()


def test_a_reply_above_what_is_read_moves_nothing(wall: Page, other_member: Any) -> None:
    threads = wall.locator("#feed > .thread")
    above = Post.objects.get(pk=int((threads.nth(1).get_attribute("id") or "").removeprefix("thread-")))
    read = Post.objects.get(pk=int((threads.nth(9).get_attribute("id") or "").removeprefix("thread-")))
    wall.evaluate("id => document.getElementById(id).scrollIntoView({ block: 'center' })", f"post-{read.pk}")
    before = top_of(wall, read)
    reply = share(other_member, "A reply above.", parent=above)
    expect(article(wall, reply)).to_be_attached()
    wall.wait_for_timeout(300)
    assert abs(top_of(wall, read) - before) < 2


def test_what_is_taken_back_goes_at_once_shown_or_gathered(wall: Page, other_member: Any) -> None:
    shown = Post.objects.get(body__startswith="Words number 11.")
    expect(article(wall, shown)).to_be_visible()
    withdraw_post(other_member, shown)
    expect(article(wall, shown)).to_have_count(0)
    gathered = share(other_member, "Said too soon.")
    expect(wall.get_by_role("button", name="1 new post")).to_be_visible()
    withdraw_post(other_member, gathered)
    expect(wall.get_by_role("button", name="1 new post")).to_have_count(0)


def test_a_stone_stays_where_replies_stand(wall: Page, member: Any, other_member: Any) -> None:
    post = Post.objects.get(body__startswith="Words number 3.")
    share(member, "I hear you.", parent=post)
    withdraw_post(other_member, post)
    expect(article(wall, post)).to_contain_text("The replies stand.")
    expect(article(wall, post)).not_to_contain_text("Words number 3.")


def test_a_support_is_pressed_at_once_and_counted_for_others(
    wall: Page, member: Any, other_member: Any, person: Person
) -> None:
    post = Post.objects.get(body__startswith="Words number 11.")
    button = article(wall, post).get_by_role("button", name="With you")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_contain_text("1")
    expect(wall.locator(f"#supports-{post.pk}")).to_have_attribute("data-version", "1")
    set_support(member, post, "been_there", on=True)
    expect(article(wall, post).get_by_role("button", name="Been there")).to_contain_text("1")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(wall.locator(f"#supports-{post.pk}")).to_have_attribute("data-version", "3")
    expect(button).to_have_attribute("aria-pressed", "false")
    assert list(Support.objects.values_list("kind", flat=True)) == ["been_there"]


def test_a_draft_outlives_a_reload_and_not_a_sign_out(wall: Page, member: Any, person: Person) -> None:
    wall.get_by_label("What's on your mind?").fill("Half a thought")
    wall.get_by_label("A question").check()
    wall.reload()
    expect(wall.get_by_label("What's on your mind?")).to_have_value("Half a thought")
    expect(wall.get_by_label("A question")).to_be_checked()
    assert wall.evaluate("Object.keys(sessionStorage).length")
    connected(wall)
    wall.evaluate("document.querySelector('[data-sign-out]').requestSubmit()")
    expect(wall.get_by_role("link", name="Sign in", exact=True).first).to_be_visible()
    assert wall.evaluate("JSON.stringify(Object.keys(sessionStorage))") == "[]"


def test_a_sign_out_elsewhere_is_said_and_the_words_stay(wall: Page, member: Any, as_: Any) -> None:
    from django.contrib.sessions.models import Session

    from forum.actions.membership import end_sessions

    expect_status(wall, 401)  # where the draft is about to be kept just then
    wall.get_by_label("What's on your mind?").fill("Half a thought")
    Session.objects.all().delete()
    end_sessions(member.pk)
    expect(wall.get_by_role("link", name="Sign in again")).to_be_visible()
    expect(wall.get_by_label("What's on your mind?")).to_have_value("Half a thought")


def test_a_closed_wall_leads_to_the_room(wall: Page, member: Any) -> None:
    from django.db import transaction

    from forum.actions.membership import change_standing
    from realtime import log

    with transaction.atomic():
        log.append(*change_standing(member, "on_break"))
    wall.wait_for_url("**/room/")


def test_a_page_that_slept_too_long_offers_to_fetch_itself(wall: Page, other_member: Any) -> None:
    wall.evaluate(
        "() => { const s = document.querySelector('wall-stream'); s.cursor.wall = 0; s.hangUp(); s.connect(); }"
    )
    connected(wall)
    Stream.objects.filter(name="wall").update(last_seq=9000)  # pruned meanwhile
    Event.objects.all().delete()
    wall.evaluate(
        "() => { const s = document.querySelector('wall-stream'); s.cursor.wall = 1; s.hangUp(); s.connect(); }"
    )
    expect(wall.get_by_role("button", name="Show it afresh")).to_be_visible()


def test_words_written_without_a_connection_are_sent_once_when_it_is_back(
    daphne: Harbour, new_context: Any, member: Any
) -> None:
    """Not watched for console errors: a server that is away is one."""
    context = new_context(base_url=daphne.url, locale="en-GB")
    name, _equals, value = daphne.cookie(member).partition("=")
    context.add_cookies([{"name": name, "value": value, "url": daphne.url}])
    page = context.new_page()
    page.goto("/")
    connected(page)
    daphne.stop()
    page.get_by_label("What's on your mind?").fill("Written in a tunnel.")
    page.get_by_role("button", name="Share on the wall").click()
    expect(page.locator("[data-state]")).to_have_text(OFFLINE, timeout=8_000)
    expect(page.get_by_label("What's on your mind?")).to_have_value("Written in a tunnel.")
    assert not Post.objects.exists()
    daphne.start()
    expect(page.locator("#feed").get_by_text("Written in a tunnel.")).to_be_visible(timeout=60_000)
    expect(page.locator("[data-state]")).to_have_text("")
    expect(page.get_by_label("What's on your mind?")).to_have_value("")
    assert Post.objects.count() == 1
    context.close()


def test_where_no_socket_can_be_opened_forms_go_the_plain_way(person: Person, member: Any) -> None:
    page = person(member)
    page.add_init_script(
        "window.WebSocket = class { constructor() { setTimeout(() => this.onclose(), 1); } close() {} };"
    )
    page.goto("/")
    page.get_by_label("What's on your mind?").fill("Through the other door.")
    page.wait_for_timeout(4_000)
    page.get_by_role("button", name="Share on the wall").click()
    page.wait_for_url("**/#post-*")
    expect(page.locator("#feed").get_by_text("Through the other door.")).to_be_visible()
    expect(page.get_by_label("What's on your mind?")).to_have_value("")
    assert Post.objects.count() == 1

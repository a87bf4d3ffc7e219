"""Rest, as people take it: a break, a wall that stands still, words they would rather not meet, and being apart from somebody."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from forum.actions.care import block_member, mute_word
from forum.actions.posts import publish_post, withdraw_post
from forum.models import Block, Member, Mute, MutedWord, Post
from tests.browser.look import look
from tests.browser.watch import expect_status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

Person = Callable[..., Page]


def share(author: Any, body: str, parent: Post | None = None, **more: Any) -> Post:
    post: Post = publish_post(author, body=body, parent=parent, key=uuid4(), **more).post
    return post


def on_wall(page: Page) -> Page:
    page.goto("/")
    expect(page.locator("wall-stream[data-live]")).to_be_attached()
    return page


def words(page: Page, body: str) -> Any:
    return page.locator("#feed").get_by_text(body)


def said(page: Page) -> str:
    return str(page.locator("[data-announce]").inner_text())


def test_a_block_takes_each_from_the_others_open_pages_without_a_word(
    person: Person, member: Any, other_member: Any, moderator: Any
) -> None:
    between = share(moderator, "Words between.")
    share(other_member, "Words of wren.")
    share(member, "Words of robin.")
    share(member, "An answer of robin.", parent=between)
    wren, robin, robins_tablet = on_wall(person(other_member)), on_wall(person(member)), on_wall(person(member))
    expect(words(wren, "Words of robin.")).to_be_visible()
    share(member, "Gathered words.")
    expect(wren.get_by_role("button", name="1 new post")).to_be_visible()

    article = robin.locator("article", has_text="Words of wren.")
    article.locator("summary", has_text="More").click()
    article.get_by_role("link", name="Mute or block").click()
    look(robin, "rest-member-care")
    robin.get_by_role("button", name="Block").click()
    expect(robin.locator(".messages")).to_contain_text("You and wren no longer see one another here.")
    expect(robin.locator("#people")).to_contain_text("wren")

    expect(words(wren, "Words of robin.")).to_have_count(0)
    expect(words(wren, "An answer of robin.")).to_have_count(0)
    expect(wren.get_by_role("button", name="1 new post")).to_have_count(0)
    expect(words(wren, "Words between.")).to_be_visible()
    assert "taken off" not in said(wren)
    expect(words(robins_tablet, "Words of wren.")).to_have_count(0)
    share(member, "More words of robin.")
    heard = share(moderator, "Heard by everyone.")
    expect(wren.get_by_role("button", name="1 new post")).to_be_visible()
    wren.get_by_role("button", name="1 new post").click()
    expect(wren.locator(f"#post-{heard.pk}")).to_be_visible()
    expect(words(wren, "More words of robin.")).to_have_count(0)

    expect_status(wren, 404)
    wren.goto("/members/robin/")
    expect(wren.get_by_role("heading", level=1)).to_contain_text("There is nothing here")
    robin.get_by_role("button", name="Unblock").click()
    expect(robin.locator("#people")).to_contain_text("Nobody.")
    assert not Block.objects.exists()


def test_a_paused_wall_stands_still_until_asked_and_lets_go_what_is_taken_down(
    person: Person, member: Any, other_member: Any
) -> None:
    old, regretted = share(other_member, "Old words."), share(other_member, "Said too soon.")
    page = on_wall(person(member))
    page.get_by_role("button", name="Pause the wall").click()
    expect(page.get_by_text("The wall is paused.")).to_be_visible()
    expect(page.get_by_role("button", name="Let it go on")).to_be_visible()
    look(page, "rest-wall-paused")
    share(other_member, "New words.")
    answer = share(other_member, "A new answer.", parent=old)
    withdraw_post(other_member, regretted)
    expect(words(page, "Said too soon.")).to_have_count(0)  # and by then the others have come too
    expect(page.get_by_role("button", name="new post")).to_have_count(0)
    expect(page.locator(f"#post-{answer.pk}")).to_have_count(0)
    page.get_by_label("What's on your mind?").fill("My own words.")
    page.get_by_role("button", name="Share on the wall").click()
    expect(words(page, "My own words.")).to_be_visible()
    expect(words(page, "New words.")).to_have_count(0)

    page.get_by_role("link", name="Show what is new").click()
    expect(words(page, "New words.")).to_be_visible()
    expect(words(page, "A new answer.")).to_be_visible()
    page.get_by_role("link", name="Show what is new").click()
    expect(page.locator("[data-announce]")).to_have_text("Nothing new just now.")
    on_wall(page)
    expect(page.get_by_text("The wall is paused.")).to_be_visible()
    share(other_member, "Later words.")
    page.get_by_role("button", name="Let it go on").click()
    expect(page.get_by_role("button", name="1 new post")).to_be_visible()
    assert not Member.objects.get(pk=member.pk).wall_paused


def test_a_break_closes_the_wall_on_every_screen_and_ends_at_one_press(person: Person, member: Any) -> None:
    page, tablet = person(member), on_wall(person(member))
    page.goto("/me/care/")
    page.get_by_role("link", name="Take a break").click()
    look(page, "rest-break")
    page.get_by_role("radio", name="Until another day").check()
    expect_status(page, 422)
    page.get_by_role("button", name="Begin the break").click()
    expect(page.locator("#id_day_error")).to_have_text("Choose the day on which your break ends.")
    page.get_by_role("radio", name="A week").check()
    page.get_by_role("button", name="Begin the break").click()
    expect(page.get_by_text("You are on a break until")).to_be_visible()
    tablet.wait_for_url("**/room/")
    look(page, "rest-room")
    page.get_by_role("link", name="Change how long it is").click()
    look(page, "rest-break-under-way")
    tablet.get_by_role("button", name="End the break now").click()
    tablet.wait_for_url(lambda url: url.endswith("/"))
    expect(tablet.get_by_role("heading", name="The wall", exact=True)).to_be_visible()


def test_a_room_that_stands_open_says_so_when_the_break_is_over(person: Person, member: Any) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from forum.actions.membership import lift_ended_standings, take_break

    take_break(member, timezone.now() + timedelta(weeks=1))
    page = person(member)
    page.goto("/room/")
    expect(page.locator("wall-stream[data-live]")).to_be_attached()
    expect(page.get_by_role("button", name="End the break now")).to_be_visible()
    Member.objects.filter(pk=member.pk).update(standing_until=timezone.now(), rests_until=timezone.now())
    lift_ended_standings()
    expect(page.get_by_role("link", name="To the wall")).to_be_visible()
    expect(page.get_by_role("button", name="End the break now")).to_have_count(0)


def test_muted_words_fold_and_hide_on_open_pages_too(person: Person, member: Any, other_member: Any) -> None:
    share(other_member, "Thinking of exams.")
    page = on_wall(person(member))
    expect(words(page, "Thinking of exams.")).to_be_visible()
    mute_word(member, "exams", "fold")
    line = page.get_by_text("You have muted words that are in this.")
    expect(line).to_be_visible()
    expect(words(page, "Thinking of exams.")).to_be_hidden()
    line.click()
    expect(words(page, "Thinking of exams.")).to_be_visible()
    mute_word(member, "loss", "hide")
    share(other_member, "A loss.")
    share(other_member, "More exams.")
    page.get_by_role("button", name="1 new post").click()
    expect(words(page, "More exams.")).to_be_hidden()
    look(page, "rest-wall-muted")
    mute_word(member, "exams", "hide")
    expect(words(page, "Thinking of exams.")).to_have_count(0)


def test_the_list_of_care_looked_at_and_everything_without_javascript(
    person: Person, member: Any, other_member: Any, make_member: Any
) -> None:
    share(other_member, "Words of wren.")
    for letter in "ab":
        block_member(member, make_member(f"somebody-{letter}"))
    mute_word(member, "a rather long phrase that nobody wants to meet", "hide")
    page = person(member, javascript=False)
    expect_status(page, 422)
    page.goto("/")
    page.get_by_role("button", name="Pause the wall").click()
    expect(page.get_by_text("The wall is paused.")).to_be_visible()
    share(other_member, "New words.")
    page.get_by_role("link", name="Show what is new").click()
    expect(words(page, "New words.")).to_be_visible()
    page.get_by_role("button", name="Let it go on").click()
    expect(page.get_by_text("The wall is paused.")).to_be_hidden()

    page.goto("/members/wren/")
    page.get_by_role("link", name="Mute or block").click()
    page.get_by_role("button", name="Mute", exact=True).click()
    page.get_by_label("A word or a few words").fill("?!")
    page.get_by_role("button", name="Mute this").click()
    expect(page.locator("#id_phrase_error")).to_contain_text("There is no word in this")
    page.get_by_label("A word or a few words").fill("exams")
    page.get_by_role("button", name="Mute this").click()
    expect(page.locator("#words")).to_contain_text("exams")
    assert (Mute.objects.count(), MutedWord.objects.count()) == (1, 2)
    page.goto("/")
    expect(words(page, "Words of wren.")).to_have_count(0)
    page.goto("/me/break/")
    page.get_by_role("radio", name="A few hours").check()
    page.get_by_role("button", name="Begin the break").click()
    page.get_by_role("button", name="End the break now").click()
    expect(page.get_by_role("heading", name="The wall", exact=True)).to_be_visible()
    seen = person(member)
    seen.goto("/me/care/")
    look(seen, "rest-care")


def test_a_limit_says_when_beside_the_words_and_keeps_them(person: Person, member: Any) -> None:
    Member.objects.filter(pk=member.pk).update(standing="slowed")
    share(Member.objects.get(pk=member.pk), "The first.")
    page = on_wall(person(member))
    page.get_by_label("What's on your mind?").fill("The second.")
    page.get_by_role("button", name="Share on the wall").click()
    expect(page.locator("[data-error-for=body]")).to_contain_text("You can send another at")
    expect(page.get_by_label("What's on your mind?")).to_have_value("The second.")
    look(page, "rest-limit")
    assert Post.objects.count() == 1

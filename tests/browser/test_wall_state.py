"""The whole wall as people meet it: it goes gentle and rests under somebody who writes; two of the staff walk a death."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from forum.actions.posts import publish_post
from forum.models import Draft, Post, WallState
from moderation.actions.wall_state import agree_to_state, end_state, propose_state
from tests.browser.look import look
from tests.browser.watch import expect_status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

Person = Callable[..., Page]
WRITTEN = "I have looked for these words all evening."


def on_wall(page: Page, path: str = "/") -> Page:
    page.goto(path)
    expect(page.locator("wall-stream[data-live]")).to_be_attached()
    return page


def share(author: Any, body: str, parent: Post | None = None) -> Post:
    return publish_post(author, body=body, parent=parent, key=uuid4()).post


def test_the_wall_goes_gentle_and_rests_live_under_somebody_who_writes(
    person: Person, member: Any, other_member: Any, staff: Any, other_staff: Any
) -> None:
    theirs = share(other_member, "Evening, all.")
    wall, thread = on_wall(person(member)), on_wall(person(member), f"/posts/{theirs.pk}/")
    wall.get_by_label("What's on your mind?").fill(WRITTEN)
    gentle = propose_state(
        staff, "gentle", reason="The news.", hours=24, word="Something sad is in the news.\n\nBe slow with one another."
    )
    agree_to_state(other_staff, gentle)
    for page in (wall, thread):
        expect(page.get_by_text("Something sad is in the news.")).to_be_visible()
    expect(wall.get_by_role("button", name="Share on the wall")).to_be_visible()
    look(wall, "wall-gentle")

    resting = propose_state(staff, "read_only", reason="The news.", hours=24, alone=True)
    for page in (wall, thread):
        expect(page.get_by_text("The wall is resting.")).to_be_visible()
    expect(wall.get_by_role("button", name="Share on the wall")).to_be_hidden()
    expect(thread.get_by_role("button", name="Send your reply")).to_be_hidden()
    expect(wall.get_by_label("What's on your mind?")).to_have_value(WRITTEN)
    look(wall, "wall-rests")
    wall.locator("form.compose").evaluate("form => form.requestSubmit()")
    expect(wall.locator("form.compose [data-error]")).to_contain_text(
        "The wall is resting. You can post and reply again at"
    )
    expect(wall.get_by_label("What's on your mind?")).to_have_value(WRITTEN)
    expect(wall.get_by_text("Kept as a draft.").first).to_be_visible()
    assert Draft.objects.get(member=member, place="post").fields["body"] == WRITTEN
    assert Post.objects.count() == 1

    article = wall.locator("article", has_text="Evening, all.")
    article.get_by_role("button", name="With you").click()
    expect(article.get_by_role("button", name="With you")).to_have_attribute("aria-pressed", "true")
    wall.reload()
    expect(wall.get_by_label("What's on your mind?")).to_have_value(WRITTEN)

    end_state(other_staff, resting)
    expect(wall.get_by_text("The wall is resting.")).to_have_count(0)
    wall.get_by_role("button", name="Share on the wall").click()
    expect(wall.locator("#feed").get_by_text(WRITTEN)).to_be_visible()
    assert Post.objects.filter(author=member, body=WRITTEN).count() == 1


def test_two_of_the_staff_close_and_open_the_wall(person: Person, staff: Any, other_staff: Any) -> None:
    puffin, gannet = person(staff), person(other_staff)
    puffin.goto("/staff/wall/")
    expect(puffin.get_by_text("The wall is open.")).to_be_visible()
    puffin.get_by_role("radio", name="Gentle").check()
    puffin.get_by_label("Why").fill("Many are grieving.")
    expect_status(puffin, 422)
    puffin.get_by_role("button", name="Ask a second person").click()
    expect(puffin.get_by_text("Write the words that stand above the wall.").first).to_be_visible()
    look(puffin, "wall-board-refused")
    puffin.get_by_label("A word above the wall").fill("We have lost somebody. Be slow with one another.")
    puffin.get_by_role("button", name="Ask a second person").click()
    expect(puffin.get_by_text("Somebody else from the staff has to agree.")).to_be_visible()
    gannet.goto("/staff/")
    look(gannet, "staff-board-wall")
    gannet.get_by_role("link", name="Look at the whole wall").click()
    gannet.get_by_role("button", name="Agree").click()
    expect(gannet.get_by_role("heading", name="What holds now")).to_be_visible()
    look(gannet, "wall-board")
    gannet.get_by_role("button", name="Ask a second person to end it").click()
    puffin.reload()
    puffin.get_by_role("button", name="Agree, and end it").click()
    expect(puffin.get_by_text("The wall is open.")).to_be_visible()
    assert WallState.objects.get().ended_by == staff


def test_two_of_the_staff_walk_a_death_and_members_remember(
    person: Person, member: Any, other_member: Any, staff: Any, other_staff: Any
) -> None:
    post = share(member, "Kettles and long walks.")
    share(other_member, "Walk with you any day.", parent=post)
    puffin, gannet, wren = person(staff), person(other_staff), on_wall(person(other_member))
    puffin.goto("/staff/remembered/")
    puffin.get_by_label("Their handle").fill("robin")
    puffin.get_by_label("How it is known").fill("Their sister rang on Monday. We rang her back on the number we have.")
    look(puffin, "remembered")
    puffin.get_by_role("button", name="Ask a second person").click()
    expect(puffin.get_by_text("Said to have died. Nothing has changed yet.")).to_be_visible()
    gannet.goto("/staff/remembered/robin/")
    gannet.get_by_role("button", name="Agree").click()
    expect(gannet.get_by_text("Who hears it from a person first")).to_be_visible()
    look(gannet, "remembrance")
    gannet.get_by_role("button", name="They have been told").click()
    expect(gannet.get_by_text("told by gannet")).to_be_visible()
    gannet.get_by_text("Write it").click()
    gannet.get_by_label("Your words, as from the team").fill(
        "Robin, who many of us knew, has died. You can say something here."
    )
    gannet.get_by_label("A line above the wall that leads there").fill("We are remembering robin.")
    gannet.get_by_role("button", name="Put it on the wall").click()
    expect(gannet.get_by_text("A line above the wall leads there until")).to_be_visible()

    expect(wren.get_by_text("We are remembering robin.")).to_be_visible()
    look(wren, "wall-pinned")
    wren.get_by_role("link", name="Read, and write there").click()
    wren.get_by_role("textbox").first.fill("We walked together.")
    wren.get_by_role("button", name="Send your reply").click()
    expect(wren.locator("#feed").get_by_text("We walked together.")).to_be_visible()
    gannet.reload()
    expect(gannet.get_by_text("We walked together.")).to_be_visible()
    gannet.get_by_role("button", name="Say on their page that they are remembered").click()
    wren.goto("/members/robin/")
    expect(wren.get_by_text("We remember robin. What they shared here stays.")).to_be_visible()
    expect(wren.get_by_role("link", name="Mute or block")).to_have_count(0)
    look(wren, "member-remembered")

"""The main job, as five people live it: a post, a worry, a word, a hand-over, a record. With JavaScript, and without."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from forum.models import Post
from moderation.models import Case, CrisisRecord, Duty, DutyKind, Report, State
from tests.browser.look import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

WORDS = "It is four in the morning and I can't see the point of next week."
HELLO = "Hello Robin, this is Heron, a moderator, a person. Is this a good moment to talk?"
ANSWER = "It is. I'd like to talk to somebody who knows about this."
JOINED = "Hello Robin, this is Puffin, from the staff, a person. I'm here now."
RECORD = {
    "What they said": "That they can't see the point of next week. No plan, no means.",
    "When and where": "On the wall tonight; at home, they say.",
    "What they want": "Somebody to talk with, and their sister to know.",
    "What we did, and why": "Talked for an hour, as they asked. They rang their sister and the surgery opens at eight.",
    "Who else was told, and what": "Their sister, by Robin.",
    "How it ended": "Their sister is with them.",
}
TICKED = (
    "They did not speak of it, or we do not know", "No", "They agreed", "Nobody was contacted",
    "Nothing was shared with anybody", "No follow-up is needed",
)  # fmt: skip


@pytest.fixture
def cast(member: Any, other_member: Any, moderator: Any, staff: Any) -> None:
    """robin, wren, heron on shift and puffin on call."""
    Duty.objects.create(member=moderator, kind=DutyKind.SHIFT, standing=True)
    Duty.objects.create(member=staff, kind=DutyKind.ON_CALL, standing=True)


def test_everyone_sees_it_happen(person: Callable[..., Page], cast: None) -> None:
    robin, wren, heron, puffin = (person(handle) for handle in ("robin", "wren", "heron", "puffin"))
    for page, path in ((robin, "/"), (wren, "/"), (heron, "/moderation/"), (puffin, "/staff/")):
        page.goto(path)
        look(page, f"story-{path.strip('/').replace('/', '-') or 'wall'}-empty")
        page.evaluate("window.sameDocument = true")

    share(robin)
    expect(robin.get_by_text(WORDS)).to_be_visible()

    wren.get_by_role("button", name="1 new post").click()
    expect(wren.get_by_text(WORDS)).to_be_visible()
    assert wren.evaluate("window.sameDocument"), "the post arrived by itself"
    look(wren, "story-wall")

    worry(wren)
    dialog = wren.get_by_role("dialog")
    expect(dialog.get_by_text("Nobody has read it yet")).to_be_visible()
    look(wren, "story-receipt-dialog")

    row = heron.get_by_role("link", name="robin")
    expect(row).to_be_visible()
    assert heron.evaluate("window.sameDocument"), "the case came into the queue by itself"
    look(heron, "story-queue")
    row.click()
    expect(heron.get_by_text(WORDS).first).to_be_visible()
    look(heron, "story-case-open")

    wren.goto("/me/reports/")
    expect(wren.get_by_text("Nobody has read it yet")).to_be_visible()
    take(heron)
    expect(wren.get_by_text("has read this")).to_be_visible()
    look(wren, "story-receipts")

    say(heron, HELLO)
    robin.get_by_role("link", name="Read it").click()
    expect(robin.get_by_text(HELLO)).to_be_visible()
    look(robin, "story-conversation")
    answer(robin)
    expect(heron.get_by_text(ANSWER)).to_be_visible()
    look(heron, "story-case-held")
    expect(wren.get_by_text("A person is dealing with it")).to_be_visible()

    escalate(heron)
    row = puffin.get_by_role("link", name="robin")
    expect(row).to_be_visible()
    assert puffin.evaluate("window.sameDocument"), "the case came onto the board by itself"
    look(puffin, "story-staff-board")
    row.click()
    take(puffin)
    say(puffin, JOINED)
    expect(robin.get_by_text(JOINED)).to_be_visible()

    record_and_close(puffin)
    look(puffin, "story-staff-case")
    expect(wren.get_by_text("it is closed")).to_be_visible()
    assert_it_happened()


def test_the_same_story_without_javascript(person: Callable[..., Page], cast: None) -> None:
    robin, wren, heron, puffin = (person(each, javascript=False) for each in ("robin", "wren", "heron", "puffin"))
    robin.goto("/")
    share(robin)
    expect(robin.get_by_text(WORDS)).to_be_visible()

    wren.goto("/")
    expect(wren.get_by_text(WORDS)).to_be_visible()
    wren.get_by_role("button", name="With you").click()
    expect(wren.get_by_role("button", name="With you 1", pressed=True)).to_be_visible()
    worry(wren)
    expect(wren.get_by_text("Nobody has read it yet")).to_be_visible()

    heron.goto("/moderation/")
    heron.get_by_role("link", name="robin").click()
    take(heron)
    say(heron, HELLO)
    robin.goto("/")
    robin.get_by_role("link", name="Read it").click()
    answer(robin)
    expect(robin.get_by_text(ANSWER)).to_be_visible()
    wren.goto("/me/reports/")
    expect(wren.get_by_text("A person is dealing with it")).to_be_visible()

    heron.reload()
    expect(heron.get_by_text(ANSWER)).to_be_visible()
    escalate(heron)
    puffin.goto("/staff/")
    puffin.get_by_role("link", name="robin").click()
    take(puffin)
    say(puffin, JOINED)
    robin.reload()
    expect(robin.get_by_text(JOINED)).to_be_visible()
    record_and_close(puffin)
    wren.reload()
    expect(wren.get_by_text("it is closed")).to_be_visible()
    assert_it_happened()


def share(page: Page) -> None:
    page.get_by_label("What's on your mind?").fill(WORDS)
    page.get_by_role("button", name="Share on the wall").click()


def worry(page: Page) -> None:
    page.locator("article summary").filter(has_text="More").click()
    page.get_by_role("link", name="I'm worried about this person").click()
    page.get_by_label("I'm just worried").check()
    page.get_by_label("What worries you, in your own words").fill("They are not like this.")
    page.get_by_role("button", name="Tell the team").click()


def take(page: Page) -> None:
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_text("You hold it.")).to_be_visible()


def say(page: Page, words: str) -> None:
    page.get_by_role("form").or_(page.locator("form")).filter(
        has=page.get_by_role("button", name="Send this word")
    ).get_by_role("textbox").fill(words)
    page.get_by_role("button", name="Send this word").click()
    expect(page.get_by_text(words)).to_be_visible()


def answer(page: Page) -> None:
    page.locator("form").filter(has=page.get_by_role("button", name="Send", exact=True)).get_by_role("textbox").fill(
        ANSWER
    )
    page.get_by_role("button", name="Send", exact=True).click()


def escalate(page: Page) -> None:
    page.locator("summary", has_text="Pass it to staff").click()
    page.get_by_label("What staff need to know first").fill("Safe at home tonight, they say. Wants to talk to staff.")
    page.get_by_role("button", name="Pass it to staff").click()
    expect(page.get_by_text("Nobody holds it.")).to_be_visible()


def record_and_close(page: Page) -> None:
    page.get_by_role("link", name="Write the record").click()
    for label, words in RECORD.items():
        page.get_by_role("textbox", name=label, exact=True).fill(words)
    for label in TICKED:
        page.get_by_label(label, exact=True).check()
    page.get_by_role("button", name="Save").last.click()
    page.get_by_role("link", name="Close the case").click()
    page.get_by_role("button", name="Close the case").click()
    expect(page.get_by_text("puffin closed it.")).to_be_visible()


def assert_it_happened() -> None:
    case = Case.objects.get()
    assert (case.state, case.subject.handle, case.kind) == (State.CLOSED, "robin", "care")
    assert Report.objects.get(reporter__handle="wren").snapshot == WORDS
    assert [word.author.handle for word in case.words.order_by("sent_at")] == ["heron", "robin", "puffin"]
    assert CrisisRecord.objects.get().by.handle == "puffin"
    assert Post.objects.get().status == "visible", "worry never touches the words"

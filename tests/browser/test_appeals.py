"""Asking for another look, as people live it: live on an open wall; from the small room without JavaScript; by a link."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from forum.actions.posts import publish_post
from forum.actions.support import set_support
from forum.models import Member, Post
from moderation.actions.appeals import ask_again, claim_appeal
from moderation.actions.cases import claim_case
from moderation.actions.reports import report_post
from moderation.appeal_mail import link_to
from moderation.models import Appeal, Case, Decision, Duty, DutyKind
from tests.browser.look import look
from tests.browser.watch import expect_status
from tests.moderation.hearings import REASONS, WORDS, decide

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

SAID = "My nurse told me that it is all in my head, and I could have thrown my tea."
REPLY = "I would have thrown it."


@pytest.fixture
def taken_down(member: Any, other_member: Any, moderator: Any, other_moderator: Any) -> Decision:
    """robin's post, with a reply and a support, between two others; heron has taken it down, kestrel is there to hear."""
    for person in (moderator, other_moderator):
        Duty.objects.create(member=person, kind=DutyKind.SHIFT, standing=True)
    publish_post(other_member, body="The first of three.", key=uuid4())
    post = publish_post(member, body=SAID, key=uuid4()).post
    publish_post(other_member, body=REPLY, parent=post, key=uuid4())
    set_support(other_member, post, "with_you", on=True)
    publish_post(other_member, body="The last of three.", key=uuid4())
    case = claim_case(report_post(other_member, post, "rule", "abuse", key=uuid4()).case, moderator)
    return decide(Case.objects.get(pk=case.pk), moderator)


def ask(page: Page) -> None:
    page.get_by_label("What should we look at again?").fill(WORDS)
    page.get_by_role("button", name="Ask for another look").click()


def answer(page: Page, press: str, send: str) -> None:
    page.get_by_role("link", name="robin asks for another look").click()
    page.get_by_role("button", name="Take it").click()
    page.get_by_label("Your reasons").fill(REASONS)
    page.get_by_role("button", name=press, exact=True).click()
    expect(page.get_by_role("heading", name="As they will read it")).to_be_visible()
    page.get_by_role("button", name=send).click()
    expect(page.get_by_role("heading", name="The answer, as they read it")).to_be_visible()


def test_a_post_comes_back_live_with_its_replies(person: Callable[..., Page], taken_down: Decision) -> None:
    robin, wren, heron, kestrel = (person(handle) for handle in ("robin", "wren", "heron", "kestrel"))
    wren.goto("/")
    expect(wren.get_by_text("The last of three.")).to_be_visible()
    expect(wren.get_by_text(SAID)).to_have_count(0)
    wren.evaluate("window.sameDocument = true")
    kestrel.goto("/moderation/appeals/")
    expect(kestrel.get_by_text("Nobody has asked for another look.")).to_be_visible()
    look(kestrel, "appeals-empty")

    robin.goto("/me/decisions/")
    look(robin, "appeal-statement")
    robin.get_by_role("link", name="Ask for another look").click()
    look(robin, "appeal-ask")
    expect_status(robin, 422)
    robin.get_by_role("button", name="Ask for another look").click()
    expect(robin.get_by_text("Write what we should look at again.").first).to_be_visible()
    look(robin, "appeal-ask-refused")
    ask(robin)
    expect(robin.get_by_text("Somebody other than heron will read it")).to_be_visible()
    look(robin, "appeal-waits")

    expect(kestrel.get_by_role("link", name="robin asks for another look")).to_be_visible()  # by itself
    look(kestrel, "appeals")
    heron.goto("/moderation/appeals/")
    expect(heron.get_by_text("Nobody has asked for another look.")).to_be_visible()
    heron.goto(f"/moderation/appeals/{Appeal.objects.get().pk}/")
    expect(heron.get_by_text("You had a hand in this, so somebody else hears it.")).to_be_visible()
    look(heron, "appeal-barred")

    kestrel.get_by_role("link", name="robin asks for another look").click()
    look(kestrel, "appeal-open")
    kestrel.get_by_role("button", name="Take it").click()
    expect(kestrel.get_by_text("You hold it.")).to_be_visible()
    kestrel.get_by_label("Your reasons").fill(REASONS)
    kestrel.get_by_role("button", name="Undo it", exact=True).click()
    expect(kestrel.get_by_text("agrees with you")).to_be_visible()
    look(kestrel, "appeal-preview")
    assert Appeal.objects.get().stage == "held", "nothing is sent before it was seen"
    kestrel.get_by_role("button", name="Undo it, and tell them this").click()
    expect(kestrel.get_by_role("heading", name="The answer, as they read it")).to_be_visible()
    look(kestrel, "appeal-answered")

    expect(wren.get_by_text(SAID)).to_be_visible()
    expect(wren.get_by_text(REPLY)).to_be_visible()
    assert wren.evaluate("window.sameDocument"), "the post came back by itself"
    bodies = wren.locator("article.post, article").all_inner_texts()
    order = [next(i for i, text in enumerate(bodies) if words in text) for words in ("The last", SAID, "The first")]
    assert order == sorted(order), "in its old place"

    robin.goto("/")
    expect(robin.get_by_text("Somebody has looked again at what you asked.")).to_be_visible()
    robin.get_by_role("link", name="Read the answer").click()
    expect(robin.get_by_text(REASONS)).to_be_visible()
    look(robin, "appeal-upheld")


def test_a_banned_member_asks_from_the_small_room_without_javascript(
    person: Callable[..., Page], taken_down: Decision, member: Any
) -> None:
    Member.objects.filter(pk=member.pk).update(standing="banned")
    robin, kestrel = person("robin", javascript=False), person("kestrel", javascript=False)
    robin.goto("/")
    assert robin.url.endswith("/room/")
    robin.get_by_role("link", name="What we decided").click()
    robin.get_by_role("link", name="Ask for another look").click()
    ask(robin)
    expect(robin.get_by_text("Somebody other than heron will read it")).to_be_visible()
    kestrel.goto("/moderation/")
    kestrel.get_by_role("link", name="Appeals").first.click()
    answer(kestrel, "Let it stand", "Let it stand, and tell them this")
    seen = person("robin")  # axe needs a page that runs scripts
    seen.goto("/room/")
    look(seen, "appeal-room")
    robin.goto("/room/")
    robin.get_by_role("link", name="Read the answer").click()
    expect(robin.get_by_text("It stays as it was decided")).to_be_visible()
    expect(robin.get_by_text(REASONS)).to_be_visible()
    seen.goto("/me/decisions/")
    look(seen, "appeal-refused")
    assert Post.objects.get(body=SAID).status == "removed"


def test_the_link_of_the_mail_works_once_without_signing_in(stranger: Page, taken_down: Decision) -> None:
    link = link_to(taken_down)
    stranger.goto(link)
    expect(stranger.get_by_role("heading", name="Taken down")).to_be_visible()
    assert SAID not in stranger.content() and "robin" not in stranger.content()
    look(stranger, "appeal-link")
    ask(stranger)
    expect(stranger.get_by_role("heading", name="Sent")).to_be_visible()
    look(stranger, "appeal-link-sent")
    expect_status(stranger, 404)
    stranger.goto(link)
    expect(stranger.get_by_text("This link opens nothing")).to_be_visible()
    look(stranger, "appeal-link-over")
    assert Appeal.objects.get().by.handle == "robin"


def test_two_hear_it_and_the_second_reads_who_was_first(
    person: Callable[..., Page], taken_down: Decision, member: Any, staff: Any
) -> None:
    appeal = ask_again(member, taken_down, WORDS, uuid4())
    puffin = person("puffin", javascript=False)  # so that the page does not hear of it by itself
    puffin.goto(f"/moderation/appeals/{appeal.pk}/")
    claim_appeal(appeal, Member.objects.get(handle="kestrel"))
    expect_status(puffin, 409)
    puffin.get_by_role("button", name="Take it").click()
    expect(puffin.get_by_text(re.compile("kestrel took this at"))).to_be_visible()
    expect(puffin.get_by_text("kestrel is on it.")).to_be_visible()
    assert Appeal.objects.get().heard_by.handle == "kestrel"


def test_a_reporter_asks_again_and_the_case_opens_again(
    person: Callable[..., Page], member: Any, other_member: Any, moderator: Any, other_moderator: Any
) -> None:
    post = publish_post(member, body=SAID, key=uuid4()).post
    case = claim_case(report_post(other_member, post, "rule", "abuse", key=uuid4()).case, moderator)
    decide(case, moderator, "no_action")
    wren, kestrel = person("wren"), person("kestrel")
    wren.goto("/me/reports/")
    look(wren, "complaint-offered")
    wren.get_by_role("link", name="Ask for another look").click()
    look(wren, "complaint-ask")
    ask(wren)
    expect(wren.get_by_text("Somebody other than").or_(wren.get_by_text("Nobody has taken it yet"))).to_be_visible()
    kestrel.goto("/moderation/appeals/")
    kestrel.get_by_role("link", name="Nothing came of a report").click()
    kestrel.get_by_role("button", name="Take it").click()
    kestrel.get_by_label("Your reasons").fill("You were right to tell us twice.")
    kestrel.get_by_role("button", name="Open it again", exact=True).click()
    look(kestrel, "complaint-preview")
    kestrel.get_by_role("button", name="Open it again, and tell them this").click()
    wren.goto("/me/reports/")
    expect(wren.get_by_text("You were right to tell us twice.")).to_be_visible()
    look(wren, "complaint-upheld")
    assert Case.objects.get(pk=case.pk).state == "open"

"""A case on one screen, as a tired volunteer at three in the morning meets it."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from forum.actions.me import keep_choices
from forum.actions.posts import edit_post, publish_post
from forum.models import Post
from moderation.actions.cases import claim_case, note_case
from moderation.actions.decisions import decide_case
from moderation.actions.reports import report_member, report_post
from moderation.models import Case, Duty, DutyKind
from tests.browser.look import look

pytestmark = pytest.mark.browser


@pytest.fixture
def argument(
    daphne: Any, member: Any, other_member: Any, moderator: Any, other_moderator: Any, make_member: Any
) -> Case:
    """A reply of robin's that two people reported, that robin has changed since, and that heron holds."""
    for person in (moderator, other_moderator):
        Duty.objects.create(member=person, kind=DutyKind.SHIFT, standing=True)
    old = publish_post(member, body="Nobody here has any idea.", key=uuid4()).post
    earlier = claim_case(report_post(other_member, old, "rule", "unkind", key=uuid4()).case, moderator)
    decide_case(earlier, moderator, "warning", post=old, seen_post_version=old.version, rule="kindness")
    finch = make_member("finch")
    top = publish_post(
        other_member,
        body="Third night awake. The ward was loud and nobody came. Does anybody else lie there and count?",
        key=uuid4(),
    ).post
    publish_post(finch, body="I counted ceiling tiles for a week. With you.", parent=top, key=uuid4())
    words = "You lot only ever moan. Ring me on 07700 900123 if you want a real answer, tonight or never."
    reply = publish_post(member, body=words, parent=top, key=uuid4()).post
    publish_post(finch, body="That was not kind, robin.", parent=top, key=uuid4())
    case = report_post(
        other_member, reply, "rule", "unkind", note="I had asked for help, and this came.", key=uuid4()
    ).case
    report_post(finch, reply, "rule", "details", key=uuid4())
    fresh = Post.objects.get(pk=reply.pk)
    changed = "You lot moan a lot, and so do I. Ring me on 07700 900123 if you want to talk, tonight or tomorrow."
    edit_post(member, fresh, body=changed, content_note="", seen_version=fresh.version)
    case = claim_case(Case.objects.get(pk=case.pk), moderator)
    return note_case(case, moderator, "He answered wren in the open before. I read that thread first.")


@pytest.mark.django_db(transaction=True)
def test_a_case_is_read_on_one_screen(person: Callable[..., Page], argument: Case) -> None:
    page = person("heron")
    page.goto(f"/moderation/cases/{argument.pk}/")
    expect(page.locator("blockquote.then del")).not_to_have_count(0)
    expect(page.locator("blockquote.now ins")).not_to_have_count(0)
    expect(page.get_by_role("heading", name="robin here")).to_be_visible()
    expect(page.locator("#history")).to_contain_text("a word of warning")
    expect(page.locator("#reports")).not_to_contain_text("wren")
    expect(page.locator("#notes")).to_contain_text("I read that thread first.")
    look(page, "case-conduct")
    page.set_viewport_size({"width": 1280, "height": 900})
    for part in ("blockquote.then", "blockquote.now", "#case-facts", "#notes-title"):
        box = page.locator(part).first.bounding_box()
        assert box and box["y"] + box["height"] < 900, f"{part} is not on the first screen: {box}"


@pytest.mark.django_db(transaction=True)
def test_hard_words_wait_until_they_are_asked_for(person: Callable[..., Page], argument: Case, moderator: Any) -> None:
    keep_choices(moderator, hide_hard_words=True)
    page = person("heron")
    page.goto(f"/moderation/cases/{argument.pk}/")
    expect(page.get_by_text("only ever moan")).to_be_hidden()
    assert "moan" not in page.locator("main").aria_snapshot()
    look(page, "case-hard-words-folded")
    opener = page.locator(".in-question .hard > summary")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("only ever moan")).to_be_visible()
    expect(page.get_by_text("I had asked for help")).to_be_hidden()


@pytest.mark.django_db(transaction=True)
def test_what_was_opened_stays_open_when_a_colleague_does_something(
    person: Callable[..., Page], argument: Case, moderator: Any, make_member: Any
) -> None:
    keep_choices(moderator, hide_hard_words=True)
    page = person("heron")
    page.goto(f"/moderation/cases/{argument.pk}/")
    page.locator("#reports .hard > summary").click()
    expect(page.get_by_text("I had asked for help")).to_be_visible()
    report_post(make_member("owl"), Post.objects.get(pk=argument.post_id), "rule", "abuse", note="Me too.", key=uuid4())
    expect(page.locator("#reports .told > li")).to_have_count(5)
    expect(page.get_by_text("I had asked for help")).to_be_visible()
    expect(page.get_by_text("Me too.")).to_be_hidden()


@pytest.mark.django_db(transaction=True)
def test_without_a_script_everything_can_be_read_and_folded_words_opened(
    person: Callable[..., Page], argument: Case, moderator: Any
) -> None:
    keep_choices(moderator, hide_hard_words=True)
    page = person("heron", javascript=False)
    page.goto(f"/moderation/cases/{argument.pk}/")
    page.get_by_text("Read the words").click()
    expect(page.locator("blockquote.then")).to_contain_text("only ever moan")
    page.get_by_text("Who has read this").click()
    expect(page.locator(".desk-acts")).to_contain_text("heron")
    page.get_by_text("Write a note").click()
    page.locator("#notes textarea").fill("Read it twice. Hands over at six.")
    page.get_by_role("button", name="Keep this note").click()
    expect(page.locator("#notes")).to_contain_text("Hands over at six.")


@pytest.mark.django_db(transaction=True)
def test_a_worry_shows_what_was_there_before_of_its_own_kind(
    person: Callable[..., Page], daphne: Any, member: Any, other_member: Any, moderator: Any, argument: Case
) -> None:
    case = report_member(other_member, member, "worry", "thoughts", note="He sounded so tired.", key=uuid4()).case
    page = person("heron")
    page.goto(f"/moderation/cases/{case.pk}/")
    expect(page.locator("#history")).to_contain_text("This is the first time.")
    expect(page.locator("#history")).not_to_contain_text("warning")
    look(page, "case-care")


@pytest.mark.django_db(transaction=True)
def test_who_reads_cases_chooses_to_have_hard_words_hidden(person: Callable[..., Page], argument: Case) -> None:
    page = person("heron")
    page.goto("/me/looks/")
    page.get_by_label("Hide hard words until I press").check()
    page.get_by_role("button", name="Keep this").click()
    look(page, "looks-of-the-team")
    page.goto(f"/moderation/cases/{argument.pk}/")
    expect(page.locator(".in-question .hard")).to_have_count(1)

"""Talking with a member, both sides at once; and what comes afterwards."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from forum.models import Member
from moderation import first_words
from moderation.actions.care_asked import ask_how_care_was
from moderation.actions.cases import answer_word, claim_case, send_word
from moderation.actions.debriefs import offer_debriefs
from moderation.actions.escalation import close_case, escalate_case, take_case
from moderation.actions.first_words import propose_change
from moderation.actions.reports import report_member
from moderation.models import Case, Duty, FirstWord, HowCareWas, Word
from tests.browser.look import look
from tests.browser.watch import expect_status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
SUM = "you would like somebody to stay awake with"
ANSWER = "That is it. I am in the kitchen."


@pytest.fixture
def case(member: Any, other_member: Any, moderator: Any, staff: Any) -> Case:
    """heron has talked with robin, who is in the small room, and passed it to puffin."""
    first_words.plant()
    Duty.objects.create(member=moderator, kind="shift", standing=True, starts_at=timezone.now() - timedelta(hours=1))
    Duty.objects.create(member=staff, kind="on_call", standing=True, starts_at=timezone.now() - timedelta(hours=1))
    opened = claim_case(report_member(other_member, member, "worry", "danger_now", key=uuid4()).case, moderator)
    send_word(opened, moderator, "Hello Robin, this is Heron, a moderator, a person. Are you safe?", uuid4())
    answer_word(opened, member, "I don't know. I can't sleep and I am on my own.", uuid4())
    opened = escalate_case(Case.objects.get(pk=opened.pk), moderator, "Robin is awake and alone.")
    Member.objects.filter(pk=member.pk).update(standing="suspended")
    return take_case(opened, staff)


def begin(page: Page, name: str) -> Any:
    form = page.locator("#write")
    form.get_by_label("Begin from").select_option(label=name)
    form.get_by_role("button", name="Put it in the field").click()
    return form.locator("[name=body]")  # the summary of what is wrong has its words in its name, too


def test_staff_join_the_conversation_and_both_sides_see_it_live(
    person: Callable[..., Page], member: Any, staff: Any, case: Case
) -> None:
    robin, puffin = person(member), person(staff)
    robin.goto(f"/me/words/{case.pk}/")
    expect(robin.locator("#attending")).to_contain_text("puffin is here.")
    puffin.goto(f"/staff/cases/{case.pk}/")
    field = begin(puffin, "Joining a colleague's conversation")
    expect(field).to_have_value("Hello robin, this is puffin, from the staff, a person. heron asked me to join you two here. "
        "I have read what you wrote to one another, so you need not begin again. As I understand it, [what it is about, in a "
        "sentence]. Have I got that right?")  # fmt: skip
    assert Word.objects.filter(author=staff).count() == 0
    look(puffin, "talk-begun")
    expect_status(puffin, 422)
    puffin.get_by_role("button", name="Send this word").click()
    expect(puffin.get_by_text("Put your own words where it says").first).to_be_visible()
    field.fill(field.input_value().replace("[what it is about, in a sentence]", SUM))
    puffin.get_by_role("button", name="Send this word").click()

    expect(robin.get_by_text(SUM)).to_be_visible()
    mine = puffin.locator("#words .word.mine", has_text=SUM)
    expect(mine.locator(".marks")).to_contain_text("reached their page")
    expect(mine.locator(".marks")).not_to_contain_text("not read yet")
    look(robin, "talk-small-room")

    robin.get_by_label("Your words").fill(ANSWER)
    robin.get_by_role("button", name="Send").click()
    expect(puffin.get_by_text(ANSWER)).to_be_visible()
    expect(robin.locator(".word.mine", has_text=ANSWER)).to_contain_text("Read by a person")
    look(puffin, "talk-joined")


def test_a_tab_behind_others_has_not_been_read(
    person: Callable[..., Page], member: Any, staff: Any, case: Case
) -> None:
    robin = person(member)
    robin.goto(f"/me/words/{case.pk}/")
    expect(robin.locator("wall-stream[data-live]")).to_be_attached()
    robin.evaluate("Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })")
    word = send_word(Case.objects.get(pk=case.pk), staff, "I am still reading here.", uuid4())
    expect(robin.get_by_text("I am still reading here.")).to_be_visible()
    word.refresh_from_db()
    assert word.reached_at and not word.read_at
    robin.evaluate("Object.defineProperty(document, 'hidden', { configurable: true, get: () => false })")
    with robin.expect_response(lambda answer: answer.url.endswith("/read/")):
        robin.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    word.refresh_from_db()
    assert word.read_at


def test_all_of_it_without_a_script(person: Callable[..., Page], member: Any, staff: Any, case: Case) -> None:
    puffin, robin = person(staff, javascript=False), person(member, javascript=False)
    puffin.goto(f"/staff/cases/{case.pk}/")
    field = begin(puffin, "When no answer has come")
    field.fill(field.input_value().replace("[when you stop]", "six"))
    puffin.get_by_role("button", name="Send this word").click()
    expect(puffin.locator("#words .word.mine").last).to_contain_text("not read yet")
    robin.goto("/")
    robin.get_by_role("link", name="Read it").click()
    expect(robin.get_by_text("until six")).to_be_visible()
    robin.get_by_label("Your words").fill(ANSWER)
    robin.get_by_role("button", name="Send").click()
    expect(robin.locator(".word.mine", has_text=ANSWER)).to_contain_text("Not read yet")
    puffin.goto(f"/staff/cases/{case.pk}/")
    expect(puffin.get_by_text(ANSWER)).to_be_visible()
    robin.reload()
    expect(robin.locator(".word.mine", has_text=ANSWER)).to_contain_text("Read by a person")


def test_when_nobody_reads_the_page_says_so_and_shows_where_help_is(
    person: Callable[..., Page], member: Any, moderator: Any, case: Case
) -> None:
    Duty.objects.all().delete()
    Duty.objects.create(member=moderator, kind="shift", starts_at=timezone.now() + timedelta(hours=6))
    robin = person(member)
    Case.objects.filter(pk=case.pk).update(state="closed", holder=None, next_action_due=None, closed_at=timezone.now())
    robin.goto(f"/me/words/{case.pk}/")
    expect(robin.locator("#attending")).to_contain_text("Nobody is reading this just now; somebody is expected at")
    look(robin, "talk-nobody")
    robin.get_by_role("link", name="help now", exact=True).click()
    expect(robin.get_by_role("heading", level=1)).to_be_visible()


def test_afterwards_a_talk_is_offered_and_the_person_is_asked(
    person: Callable[..., Page], member: Any, staff: Any, moderator: Any, case: Case
) -> None:
    send_word(Case.objects.get(pk=case.pk), staff, "Your sister is with you now.", uuid4())
    close_case(Case.objects.get(pk=case.pk), staff, because="Her sister came.")
    offer_debriefs()
    heron = person(moderator)
    heron.goto("/moderation/debriefs/")
    look(heron, "talk-debriefs")
    heron.get_by_label("I have had one, or it is arranged").check()
    heron.get_by_label("On which day").fill("2026-12-01")
    heron.get_by_label("With whom").select_option(label="puffin")
    heron.get_by_role("button", name="Keep this").click()
    expect(heron.get_by_text("On 1 December 2026, with puffin.")).to_be_visible()
    puffin = person(staff)
    puffin.goto("/staff/afterwards/")
    look(puffin, "talk-afterwards")

    Member.objects.filter(pk=member.pk).update(standing="active")
    assert ask_how_care_was(timezone.now() + timedelta(days=14)) == 1
    robin = person(member)
    robin.goto("/notices/")
    robin.get_by_role("link", name="One question from the team").click()
    look(robin, "talk-how-care-was")
    robin.get_by_label("Some of it helped").check()
    robin.get_by_role("button", name="Send").click()
    expect(robin.get_by_text("Your answer is kept")).to_be_visible()
    assert HowCareWas.objects.get().choice == "mixed"


def test_a_first_message_is_worded_anew_by_two_of_the_staff(
    person: Callable[..., Page], staff: Any, other_staff: Any, case: Case
) -> None:
    row = FirstWord.objects.get(key="choices", language="en-gb")
    propose_change(
        staff, row, language="", name="Offering choices", words="What would be least hard just now, {member}?"
    )
    gannet = person(other_staff)
    gannet.goto("/staff/first-words/")
    look(gannet, "talk-first-words")
    gannet.get_by_role("button", name="I agree").click()
    expect(gannet.get_by_text("What would be least hard just now, {member}?")).to_be_visible()
    gannet.get_by_role("link", name="Offering choices (English").click()
    look(gannet, "talk-first-word")
    gannet.get_by_label("What it says").fill("Which way would be least hard, {member}?")
    gannet.get_by_role("button", name="Propose it").click()
    expect(gannet.get_by_role("button", name="Take it back")).to_be_visible()

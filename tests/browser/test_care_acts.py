"""Care's own acts as both sides meet them: lines with a word, asking again, staying, the note that needs a yes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from moderation import deadlines
from moderation.actions.cases import claim_case, send_word
from moderation.actions.reports import report_member
from moderation.models import Case, Duty, StandingNote, Word
from tests.browser.look import look
from tests.browser.watch import expect_status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
HELPS = "Short words. Being asked about the dog."


@pytest.fixture
def case(member: Any, other_member: Any, moderator: Any) -> Case:
    """wren worries about robin; heron holds it and has written."""
    Duty.objects.create(member=moderator, kind="shift", standing=True, starts_at=timezone.now() - timedelta(hours=1))
    opened = report_member(other_member, member, "worry", "ending_life", key=uuid4()).case
    send_word(claim_case(opened, moderator), moderator, "Hello Robin, this is Heron, a moderator, a person.", uuid4())
    return Case.objects.get(pk=opened.pk)


def unfold(page: Page, words: str) -> Any:
    page.locator("summary", has_text=words).click()
    return page.locator("details[open]", has=page.locator("summary", has_text=words)).last


def send_lines(page: Page) -> None:
    form = unfold(page, "Send lines or groups")
    form.get_by_label("A few words of your own").fill("For the hours when none of us is here.")
    form.get_by_label("Samaritans (Ring 116 123)").check()
    form.get_by_role("button", name="Send these").click()
    expect(page.locator("#words .signpost")).to_contain_text("Samaritans")


def test_a_member_is_sent_lines_and_reads_them_in_the_conversation(
    person: Callable[..., Page], moderator: Any, member: Any, case: Case
) -> None:
    theirs = person(member)
    theirs.goto(f"/me/words/{case.pk}/")
    page = person(moderator)
    page.goto(f"/moderation/cases/{case.pk}/")
    look(page, "care-acts")
    unfold(page, "Send lines or groups")
    look(page, "care-signpost-form")
    page.reload()
    send_lines(page)
    look(page, "care-signpost-sent")
    expect(theirs.get_by_role("link", name="Ring 116 123")).to_be_visible()
    look(theirs, "care-signpost-read")


def test_a_worry_rests_and_comes_back(person: Callable[..., Page], moderator: Any, case: Case) -> None:
    page = person(moderator)
    page.goto(f"/moderation/cases/{case.pk}/")
    form = unfold(page, "Ask again later")
    form.get_by_label("In 2 hours").check()
    form.get_by_label("What to ask then").fill("Did the doctor ring back?")
    look(page, "care-ask-again-form")
    form.get_by_label("Whoever is here").check()
    form.get_by_role("button", name="Ask again then").click()
    facts = page.locator("#case-facts")
    expect(facts).to_contain_text("It rests until")
    expect(facts).to_contain_text("Did the doctor ring back?")
    look(page, "care-resting")
    page.goto("/moderation/")
    expect(page.locator(f"#case-{case.pk}")).to_contain_text("rests until")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to look at just now")
    look(page, "care-resting-queue")
    Case.objects.filter(pk=case.pk).update(asks_again_at=timezone.now())
    deadlines.run_deadlines()
    page.goto("/moderation/")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 to look at")


def test_somebody_stays_until_staff_are_there(
    person: Callable[..., Page], moderator: Any, staff: Any, case: Case
) -> None:
    page, board = person(moderator), person(staff)
    page.goto(f"/moderation/cases/{case.pk}/")
    form = unfold(page, "Pass it to staff")
    form.get_by_label("What staff need to know first").fill("Robin is on their own tonight.")
    form.get_by_role("button", name="Pass it to staff").click()
    page.get_by_role("button", name="I am staying with them").click()
    expect(page.locator("#case-facts")).to_contain_text("You are staying with them until staff take it.")
    look(page, "care-staying")
    board.goto("/staff/")
    expect(board.locator(f"#case-{case.pk}")).to_contain_text("heron is staying with them")
    look(board, "care-staying-board")
    page.get_by_role("button", name="I can't stay any longer").click()
    board.get_by_role("button", name="Something has changed. Show it").click()
    expect(board.locator(f"#case-{case.pk}")).to_contain_text("nobody is with them now")
    board.goto(f"/staff/cases/{case.pk}/")
    expect(board.locator("#case-facts")).to_contain_text("heron cannot stay any longer. Nobody is with them now.")
    look(board, "care-left-alone")


def write_note(page: Page) -> None:
    form = unfold(page, "Write a standing note with them")
    form.get_by_label("What helps").fill(HELPS)
    form.get_by_label("What we do").fill("We write here before anything else.")
    form.get_by_label("What we won't do").fill("We don't ring your mother.")
    form.get_by_role("button", name="Ask them for their yes").click()
    expect(page.locator("summary", has_text="waits for their yes")).to_be_visible()


def test_a_note_is_written_with_somebody_and_holds_with_their_yes(
    person: Callable[..., Page], moderator: Any, member: Any, case: Case
) -> None:
    page, theirs = person(moderator), person(member)
    page.goto(f"/moderation/cases/{case.pk}/")
    unfold(page, "Write a standing note with them")
    look(page, "care-note-form")
    page.reload()
    write_note(page)
    theirs.goto("/notices/")
    theirs.get_by_role("link", name="has put a standing note before you").click()
    look(theirs, "care-note-waits")
    theirs.get_by_label("What we do", exact=True).fill("We write here first, and say when we are back.")
    theirs.get_by_role("button", name="Yes, this is right").click()
    expect(theirs.get_by_role("heading", name="This one holds")).to_be_visible()
    look(theirs, "care-note-holds")
    page.reload()
    expect(page.locator(".standing")).to_contain_text("say when we are back")
    look(page, "care-note-on-the-case")
    theirs.locator("summary", has_text="Withdraw it").click()
    theirs.get_by_role("button", name="Withdraw this note").click()
    expect(theirs.locator(".empty")).to_contain_text("There is no standing note about you.")
    look(theirs, "care-note-none")
    assert not StandingNote.objects.exists()


def test_all_of_it_without_a_script(person: Callable[..., Page], moderator: Any, member: Any, case: Case) -> None:
    page, theirs = person(moderator, javascript=False), person(member, javascript=False)
    expect_status(page, 422)
    page.goto(f"/moderation/cases/{case.pk}/")
    form = unfold(page, "Send lines or groups")
    form.get_by_label("Samaritans (Ring 116 123)").check()
    form.get_by_role("button", name="Send these").click()
    expect(page.locator("#errors")).to_contain_text("Write a few words of your own to go with it.")
    form = page.locator("#signpost")
    expect(form.get_by_label("Samaritans (Ring 116 123)")).to_be_checked()
    form.get_by_label("A few words of your own").fill("For the hours when none of us is here.")
    form.get_by_role("button", name="Send these").click()
    theirs.goto(f"/me/words/{case.pk}/")
    expect(theirs.get_by_role("link", name="Ring 116 123")).to_have_attribute("href", "tel:116123")
    write_note(page)
    theirs.goto("/me/standing-note/")
    theirs.get_by_role("button", name="Yes, this is right").click()
    expect(theirs.get_by_role("heading", name="This one holds")).to_be_visible()
    page.goto(f"/moderation/cases/{case.pk}/")
    expect(page.locator(".standing")).to_contain_text(HELPS)
    form = unfold(page, "Ask again later")
    form.get_by_label("In 2 hours").check()
    form.get_by_label("What to ask then").fill("Did the doctor ring back?")
    form.get_by_role("button", name="Ask again then").click()
    expect(page.locator("#case-facts")).to_contain_text("Then heron looks in again.")
    theirs.goto(f"/me/words/{case.pk}/")
    theirs.get_by_label("Your words").fill("It is worse than I said.")
    theirs.get_by_role("button", name="Send").click()
    page.reload()
    expect(page.locator("#case-facts")).not_to_contain_text("It rests until")
    assert Word.objects.count() == 3
    form = unfold(page, "Pass it to staff")
    form.get_by_label("What staff need to know first").fill("It is worse.")
    form.get_by_role("button", name="Pass it to staff").click()
    page.get_by_role("button", name="I am staying with them").click()
    page.get_by_role("button", name="I can't stay any longer").click()
    expect(page.get_by_role("button", name="I am staying with them")).to_be_visible()

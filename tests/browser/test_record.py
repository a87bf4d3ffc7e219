"""A hard night on paper: what is typed is never lost, the sheet is one press, somebody else reads it, and so do they."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from forum.actions.posts import publish_post
from moderation.actions.escalation import close_case, escalate_case, take_case
from moderation.actions.guides import propose_change
from moderation.actions.records import save_record
from moderation.actions.reports import report_post
from moderation.actions.withholding import propose_withholding
from moderation.models import Case, CrisisRecord, Duty, DutyKind, Guide
from tests.browser.look import look
from tests.browser.watch import expect_status
from tests.moderation.records import write_record

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
SAID = "That the tablets are on the table, and that it is tonight."


@pytest.fixture
def emergency(daphne: Any, member: Any, other_member: Any, moderator: Any, staff: Any, other_staff: Any) -> Case:
    """robin said goodbye, wren worried, and puffin has it for staff."""
    Duty.objects.create(member=moderator, kind=DutyKind.SHIFT, standing=True)
    post = publish_post(member, body="Thank you all, and goodbye. It is tonight.", key=uuid4()).post
    case = report_post(other_member, post, "worry", "danger_now", key=uuid4()).case
    return take_case(escalate_case(case, moderator, "Please ring."), staff)


def test_a_laptop_that_dies_loses_nothing(person: Callable[..., Page], emergency: Case) -> None:
    page = person("puffin")
    url = f"/staff/cases/{emergency.pk}/record/"
    page.goto(url)
    expect(page.get_by_text("Thank you all, and goodbye.")).to_be_visible()
    page.get_by_role("textbox", name="What they said", exact=True).press_sequentially(SAID, delay=5)
    expect(page.locator("[data-record-status]")).to_contain_text("Saved")
    assert CrisisRecord.objects.get().what_they_said == SAID
    context = page.context
    second = context.new_page()
    page.close(run_before_unload=False)
    second.goto(url)
    expect(second.get_by_role("textbox", name="What they said", exact=True)).to_have_value(SAID)
    second.get_by_role("textbox", name="What we did, and why", exact=True).fill("Rang 999.")
    second.goto("/staff/")  # closed in the middle of a sentence: what was typed goes with the page
    second.goto(url)
    expect(second.get_by_role("textbox", name="What we did, and why", exact=True)).to_have_value("Rang 999.")
    second.close()


def test_two_tabs_show_both_texts_and_lose_neither(person: Callable[..., Page], emergency: Case, staff: Any) -> None:
    save_record(emergency, staff, {"what_they_said": "First."})
    page = person("puffin")
    expect_status(page, 409)
    page.goto(f"/staff/cases/{emergency.pk}/record/")
    save_record(Case.objects.get(pk=emergency.pk), staff, {"what_they_said": "From the other tab."})
    page.get_by_role("textbox", name="What they said", exact=True).fill("From this tab.")
    page.get_by_role("textbox", name="When and where", exact=True).click()
    expect(page.get_by_text("saved this record in the meantime")).to_be_visible()
    page.get_by_role("button", name="Show both").click()
    expect(page.get_by_text("From the other tab.")).to_be_visible()
    expect(page.get_by_role("textbox", name="What they said", exact=True)).to_have_value("From this tab.")
    look(page, "record-both")
    page.get_by_role("textbox", name="What they said", exact=True).fill("From this tab, and from the other tab.")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("What stands there now:")).to_be_hidden()
    assert CrisisRecord.objects.get().what_they_said == "From this tab, and from the other tab."


def test_the_record_from_first_words_to_their_own_page(
    person: Callable[..., Page], emergency: Case, member: Any
) -> None:
    page = person("puffin")
    expect_status(page, 422)
    url = f"/staff/cases/{emergency.pk}/record/"
    page.goto(url)
    look(page, "record-empty")
    write_record(emergency, emergency.holder, what_they_said=SAID)
    page.goto(url)
    page.locator("summary", has_text="Add whom you tried to reach").click()
    page.get_by_label("Emergency services", exact=True).check()
    page.get_by_label("Which service or person").fill("Kent Police, control room")
    page.get_by_label("Not traceable: they could not find the person").check()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("Write what you did next.").first).to_be_visible()
    look(page, "record-contact-refused")
    page.get_by_label("Incident number").fill("KP-0412")
    page.get_by_label("What you did next").fill("Asked for contact details, and rang again.")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("KP-0412")).to_be_visible()
    expect(page.get_by_text("Nothing is open.")).to_be_visible()
    look(page, "record-whole")

    page.get_by_label("To whom").fill("Kent Police, control room")
    page.get_by_label("Why it is now").fill("Tablets beside them, and they said tonight.")
    page.get_by_label("Telephone").check()
    page.get_by_role("button", name="Make the sheet").click()
    expect(page.get_by_role("heading", name="Immediate risk to life: what we know")).to_be_visible()
    look(page, "sheet")
    page.emulate_media(media="print")
    expect(page.get_by_text("Print it with your browser")).to_be_hidden()
    expect(page.get_by_text(SAID)).to_be_visible()
    page.emulate_media(media="screen")

    close_case(Case.objects.get(pk=emergency.pk), emergency.holder)
    reader = person("gannet")
    reader.goto("/staff/")
    look(reader, "staff-board-records")
    reader.get_by_role("link", name="An emergency: robin").click()
    expect(reader.get_by_text(SAID)).to_be_visible()
    look(reader, "record-second-reader")
    reader.get_by_role("button", name="I have read it").click()
    expect(reader.get_by_text("A second person reads it by")).to_be_hidden()
    reader.get_by_role("link", name="Earlier versions").click()
    look(reader, "record-versions")

    robin = person("robin")
    robin.goto("/me/")
    robin.get_by_role("link", name="What was written about you").click()
    expect(robin.get_by_text(SAID)).to_be_visible()
    expect(robin.get_by_text("Kent Police")).to_be_hidden()
    look(robin, "my-records")


def test_two_people_keep_a_record_back(person: Callable[..., Page], emergency: Case, staff: Any) -> None:
    record = write_record(emergency, staff)
    close_case(Case.objects.get(pk=emergency.pk), staff)
    record.refresh_from_db()
    day = timezone.localdate() + timedelta(days=14)
    propose_withholding(record, staff, why="Their partner reads along, and has threatened them.", review_on=day)
    page = person("gannet")
    page.goto(f"/staff/cases/{emergency.pk}/record/reading/")
    page.locator("summary", has_text="As they read it").click()
    look(page, "record-withholding")
    page.get_by_role("button", name="I agree to keep it back").click()
    expect(page.get_by_text("Kept from them for now.")).to_be_visible()


def test_the_guides_are_read_checked_and_changed_by_two(
    person: Callable[..., Page], staff: Any, other_staff: Any
) -> None:
    guide = Guide.objects.get(key="danger")
    propose_change(
        guide, staff, title=guide.title, body=guide.body.replace("two minutes", "three minutes"), seen_version=1
    )
    page = person("gannet")
    page.goto("/staff/guides/")
    look(page, "guides")
    page.get_by_role("link", name="Someone is in danger now").click()
    look(page, "guide")
    page.get_by_role("button", name="I agree, put it in force").click()
    expect(page.get_by_role("heading", name="First, three minutes")).to_be_visible()
    expect(page.get_by_text("Checked by gannet")).to_be_visible()


def test_the_record_without_javascript(person: Callable[..., Page], emergency: Case) -> None:
    page = person("puffin", javascript=False)
    page.goto(f"/staff/cases/{emergency.pk}/record/")
    page.get_by_role("textbox", name="What they said", exact=True).fill(SAID)
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("textbox", name="What they said", exact=True)).to_have_value(SAID)
    page.get_by_role("textbox", name="When and where", exact=True).fill("At home.")
    page.locator("summary", has_text="Add whom you tried to reach").click()
    page.get_by_label("The person themselves").check()
    page.get_by_label("Reached", exact=True).check()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("textbox", name="When and where", exact=True)).to_have_value("At home.")
    assert CrisisRecord.objects.get().contacts.count() == 1

"""Contact details as those who need them meet them: asked for, agreed to, opened with a password, closed by themselves; and alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from forum.cards import Card, keep_card
from moderation.actions.escalation import escalate_case, take_case
from moderation.actions.reports import report_member
from moderation.disclosure_mail import lead_hears_at
from moderation.models import Case, CaseEvent, Disclosure, DisclosureOpening, Duty
from realtime.models import Delivery
from tests.browser.look import look
from tests.browser.watch import expect_status
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
WHY = "They said goodbye an hour ago and do not answer."


@pytest.fixture
def made_case(member: Any, other_member: Any, moderator: Any, staff: Any) -> Callable[[str], Case]:
    """wren worries about robin, who has left a card; puffin of the staff holds it."""

    def make(category: str) -> Case:
        keep_card(member, Card(phone="07700 900123", town="Llandudno", helps="Tea."))
        Duty.objects.create(
            member=moderator, kind="shift", standing=True, starts_at=timezone.now() - timedelta(hours=1)
        )
        opened = report_member(other_member, member, "worry", category, key=uuid4()).case
        return take_case(escalate_case(opened, moderator, "Please look."), staff)

    return make


def ask(page: Page, case: Case) -> None:
    page.goto(f"/staff/cases/{case.pk}/")
    page.locator("summary", has_text="Ask to see contact details").click()
    form = page.locator("#contact-details form").first
    form.get_by_label("Their e-mail address").check()
    form.get_by_label("How to reach them, from the card they left").check()
    form.get_by_label("Why you need it").fill(WHY)
    form.get_by_label("A life is in danger, and this may save it").check()
    look(page, "disclosure-ask")
    form.get_by_role("button", name="Ask for this").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Contact details of robin")


def sign_in_again(page: Page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main form button").first.click()


def test_one_asks_another_agrees_and_it_is_seen_until_it_closes(
    person: Callable[..., Page], made_case: Callable[[str], Case], staff: Any, other_staff: Any
) -> None:
    case, page, other = made_case("ending_life"), person(staff), person(other_staff)
    ask(page, case)
    look(page, "disclosure-asked")
    expect(page.get_by_role("button", name="Open it")).to_have_count(0)
    other.goto("/staff/")
    other.locator("section", has_text="A wish to see contact details").get_by_role("link", name="About robin").click()
    look(other, "disclosure-answer")
    other.get_by_role("button", name="I agree: it may be opened").click()
    expect(other.locator("dl.facts").last).to_contain_text("Agreed to by")
    page.reload()
    look(page, "disclosure-ready")
    page.get_by_role("button", name="Open it for thirty minutes").click()
    sign_in_again(page)
    expect(page.get_by_role("heading", name="Open until")).to_be_visible()
    expect(page.locator("main")).to_contain_text("07700 900123")
    expect(page.locator("main")).to_contain_text("robin@harbour.test")
    look(page, "disclosure-open")
    other.reload()
    expect(other.locator("main")).not_to_contain_text("07700 900123")
    # It was opened 29 minutes and 57 seconds ago: a page that is shown now leaves the screen by itself.
    DisclosureOpening.objects.update(opened_at=timezone.now() - timedelta(minutes=29, seconds=57))
    page.reload()
    expect(page.get_by_role("heading", name="Open until")).to_have_count(0)
    expect(page.locator("main")).not_to_contain_text("07700 900123")
    look(page, "disclosure-closed")
    page.goto("/staff/disclosures/")
    look(page, "disclosures")
    assert CaseEvent.objects.filter(action="open_disclosure", actor=staff).count() == 1


def test_alone_in_an_emergency_and_reviewed_afterwards(
    person: Callable[..., Page], made_case: Callable[[str], Case], staff: Any, other_staff: Any
) -> None:
    case, page, other = made_case("danger_now"), person(staff, javascript=False), person(other_staff)
    expect_status(page, 422)
    page.goto(f"/staff/cases/{case.pk}/")
    page.locator("summary", has_text="Ask to see contact details").click()
    page.locator("#contact-details form").first.get_by_role("button", name="Ask for this").click()
    expect(page.locator("#errors")).to_contain_text("Write why, in your own words.")
    form = page.locator("#contact-details form").first
    form.get_by_label("Their e-mail address").check()
    form.get_by_label("Why you need it").fill(WHY)
    form.get_by_label("A life is in danger, and this may save it").check()
    form.get_by_role("button", name="Ask for this").click()
    page.get_by_role("button", name="Open it alone, for thirty minutes").click()
    sign_in_again(page)
    expect(page.locator("main")).to_contain_text("robin@harbour.test")
    page.get_by_role("button", name="Shut it now").click()
    expect(page.locator("main")).not_to_contain_text("robin@harbour.test")
    page.get_by_role("button", name="Open it again").click()
    expect(page.locator("main")).to_contain_text("robin@harbour.test")
    other.goto("/staff/")
    look(other, "disclosure-board")
    other.locator("section", has_text="to be reviewed").get_by_role("link", name="About robin").click()
    other.get_by_label("What you found").fill("Nobody else was awake. I would have done the same.")
    look(other, "disclosure-review")
    other.get_by_role("button", name="It was right").click()
    expect(other.locator("main")).to_contain_text("It was right.")
    assert Disclosure.objects.get().was_right
    assert CaseEvent.objects.filter(action="reopen_disclosure").count() == 1


def test_the_privacy_lead_is_written_to_and_reads_no_name(
    settings: Any, made_case: Callable[[str], Case], staff: Any
) -> None:
    from moderation.actions.disclosures import Asked, ask_disclosure, open_disclosure

    settings.PRIVACY_LEAD = "lead@organisation.test"
    open_disclosure(ask_disclosure(made_case("danger_now"), staff, Asked(reason=WHY, basis="vital", mail=True)), staff)
    mail = Delivery.objects.get(address="lead@organisation.test")
    assert "robin" not in mail.subject + mail.body and "puffin" not in mail.subject + mail.body
    assert mail.due_at == lead_hears_at(mail.due_at)


def test_a_hold_is_proposed_agreed_to_read_and_released(
    person: Callable[..., Page], made_case: Callable[[str], Case], staff: Any, other_staff: Any, member: Any
) -> None:
    case, page, other = made_case("ending_life"), person(staff), person(other_staff)
    page.goto(f"/staff/cases/{case.pk}/")
    page.locator("summary", has_text="Propose a legal hold").click()
    form = page.locator("#contact-details form").last
    form.get_by_label("Why this has to be kept, and for whom").fill("The coroner has asked for what was written.")
    look(page, "hold-propose")
    form.get_by_role("button", name="Propose this hold").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Legal hold: robin")
    other.goto("/staff/holds/")
    look(other, "holds")
    other.get_by_role("link", name="robin").click()
    other.get_by_role("button", name="I agree: nothing is erased for now").click()
    other.get_by_role("button", name="Read what is kept").click()
    look(other, "hold")
    theirs = person(member)
    theirs.goto("/me/data/")
    expect(theirs.locator("main")).to_contain_text("has to be kept for now")
    look(theirs, "hold-told")
    other.get_by_label("Why it is not needed any more").fill("The inquest is over.")
    other.get_by_role("button", name="Release the hold").click()
    expect(other.locator("main")).to_contain_text("Released by")

"""Police ask about somebody: logged, called back, decided by two, taken as a PDF, told. And what goes wrong, and is learnt."""

import io
import zipfile
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from forum.actions.posts import publish_post
from moderation.actions.cases import claim_case
from moderation.actions.escalation import escalate_case, take_case
from moderation.actions.reports import report_post
from moderation.models import Case, Duty, DutyKind, Letter
from tests.browser.look import look
from tests.browser.watch import expect_status
from tests.conftest import PASSWORD
from tests.moderation.papers import text_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture
def case(member: Any, other_member: Any, moderator: Any, staff: Any) -> Case:
    """wren worried about robin's post, heron passed it on, and puffin holds it."""
    Duty.objects.create(member=moderator, kind=DutyKind.SHIFT, standing=True)
    post = publish_post(member, body="Third night of not sleeping, and wren says to ring.", key=uuid4()).post
    found = report_post(other_member, post, "worry", "thoughts", key=uuid4()).case
    return take_case(escalate_case(claim_case(found, moderator), moderator, "Please look."), staff)


def test_police_ask_and_get_two_lines_and_no_more(
    person: Callable[..., Page], case: Case, member: Any, staff: Any, other_staff: Any
) -> None:
    puffin, gannet = person(staff), person(other_staff)
    log_it(puffin)
    call_them_back(puffin)
    propose_two_lines(puffin)
    gannet.goto("/staff/requests/")
    look(gannet, "outside-requests")
    gannet.get_by_role("link", name="waits for a second person").click()
    look(gannet, "outside-request-proposed")
    gannet.get_by_role("button", name="Agree to this").click()
    expect(gannet.get_by_text("gannet agreed, so it is decided")).to_be_visible()
    said = take_the_pdf(puffin, gannet.url)
    assert "Third night of not sleeping" in said and "wren" not in said and "[left out] says to ring" in said
    puffin.goto(gannet.url)  # the download left the page where the password was asked for
    give_and_tell(puffin)
    robin = person(member)
    robin.goto("/me/requests/")
    expect(robin.get_by_text("we gave them two lines")).to_be_visible()
    look(robin, "outside-told")


def log_it(page: Page) -> None:
    page.goto("/staff/requests/")
    page.get_by_role("link", name="Write down a request").click()
    look(page, "outside-request-new")
    expect_status(page, 422)
    page.get_by_role("button", name="Keep this request").click()
    expect(page.locator(".errors")).to_be_focused()
    page.get_by_label("police").check()
    page.get_by_label("Their name").fill("PC Jones")
    page.get_by_label("From where").fill("Dyfed-Powys Police")
    page.get_by_label("The number or address they gave").fill("07700 900123")
    page.get_by_label("Whom it is about").fill("robin")
    page.get_by_label("What they ask for").fill("Anything from last night.")
    page.get_by_role("button", name="Keep this request").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("police")
    look(page, "outside-request")


def call_them_back(page: Page) -> None:
    expect_status(page, 422)
    page.get_by_label("The number you called").fill("07700 900 123")
    page.get_by_label("Where you found it").fill("They told us")
    page.get_by_role("button", name="They were called back").click()
    expect(page.get_by_text("This is the number they gave.").first).to_be_visible()
    page.get_by_label("The number you called").fill("101")
    page.get_by_label("Where you found it").fill("police.uk")
    page.get_by_role("button", name="They were called back").click()
    expect(page.get_by_role("definition").filter(has_text="police.uk")).to_be_visible()


def propose_two_lines(page: Page) -> None:
    page.get_by_label("Give what is ticked below").check()
    page.get_by_label("Why", exact=True).fill("A life may depend on it.")
    page.get_by_label("On what basis it is given").fill("To protect somebody's life.")
    for label in ("Their own posts, as they read when they were reported", "What kind of case it was, and its times"):
        row = page.locator(".giving-row").filter(has=page.get_by_label(label))
        row.get_by_role("checkbox").check()
        row.get_by_role("textbox").fill("They have to know this.")
    look(page, "outside-request-choosing")
    page.get_by_role("button", name="Put it before a second person").click()
    expect(page.get_by_text("Somebody else of the staff has to agree.")).to_be_visible()


def take_the_pdf(page: Page, url: str) -> str:
    page.goto(url)
    page.get_by_role("button", name="Make the file").click()
    expect(page.get_by_role("button", name="Take the file")).to_be_visible()
    look(page, "outside-request-file")
    page.get_by_role("button", name="Take the file").click()
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_download() as taken:
        page.get_by_role("button", name="Confirm").or_(page.locator("form .primary")).first.click()
    assert taken.value.suggested_filename.startswith("request-")
    with zipfile.ZipFile(io.BytesIO(taken.value.path().read_bytes())) as packed:
        return " ".join(text_of(packed.read("case.pdf")).split())


def give_and_tell(page: Page) -> None:
    page.get_by_label("To whom, and how").fill("By hand to Sgt Price.")
    page.get_by_role("button", name="It was given").click()
    page.get_by_label("What they read").fill("Hello Robin, the police asked, and we gave them two lines.")
    page.get_by_role("button", name="Tell them").click()
    page.get_by_label("What came of it").fill("They found her, safe.")
    page.get_by_role("button", name="Close it").click()
    expect(page.get_by_text("puffin closed it")).to_be_visible()
    look(page, "outside-request-closed")


def test_a_call_is_written_down(person: Callable[..., Page], case: Case, staff: Any) -> None:
    page = person(staff)
    page.goto("/staff/")
    page.get_by_role("link", name="Write down a call or a letter").click()
    look(page, "outside-by-hand")
    page.get_by_label("Whom it is about").fill("a woman from Bangor")
    page.get_by_label("What comes closest?").select_option("worry:ending_life")
    page.get_by_label("urgent", exact=True).check()
    page.get_by_label("What was said").fill("I can't do another night.")
    page.get_by_label("my notes of what they said").check()
    page.get_by_label("by telephone").check()
    page.get_by_label("How to call them back").fill("01248 555 0100")
    page.get_by_role("button", name="Keep it, and open the case").click()
    expect(page.get_by_text("it waits on the staff board")).to_be_visible()
    expect(page.get_by_text("written down by puffin")).to_be_visible()
    assert Letter.objects.get().by_hand.severity == "urgent"
    look(page, "letter-by-hand")


def test_a_breach_is_written_down_closed_by_two_and_learnt_from(
    person: Callable[..., Page], staff: Any, other_staff: Any, moderator: Any
) -> None:
    puffin, gannet, heron = person(staff), person(other_staff), person(moderator)
    puffin.goto("/staff/incidents/")
    puffin.get_by_text("Harm, a breach, a near miss").click()
    puffin.get_by_label("Personal data went where it should not").check()
    puffin.get_by_label("In a line").fill("A letter went to the wrong street")
    puffin.get_by_label("What happened").fill("The envelope had an old address.")
    look(puffin, "outside-incidents")
    puffin.get_by_role("button", name="Keep it").click()
    expect(puffin.get_by_text("72 hours after it was found")).to_be_visible()
    look(puffin, "outside-incident")
    for kind, words in (
        ("What we changed", "Two people read an address."),
        ("Why the regulator need not be told", "It came back."),
    ):
        puffin.get_by_text("Add a line").click()
        puffin.get_by_label(kind).check()
        puffin.get_by_label("Your words").fill(words)
        puffin.get_by_role("button", name="Add it").click()
        expect(puffin.locator(".timeline").get_by_text(words)).to_be_visible()
    puffin.get_by_role("button", name="It is over").click()
    gannet.goto(puffin.url.partition("#")[0])
    gannet.get_by_role("button", name="Close it").click()
    expect(gannet.get_by_text("Closed by puffin and gannet")).to_be_visible()
    number = gannet.url.rstrip("/").split("/")[-1]
    gannet.goto("/staff/learning/")
    gannet.get_by_label("What we learnt").fill("Two people read an address before it goes.")
    gannet.get_by_label("From which closed incident").fill(number)
    gannet.get_by_label("Moderators may read it too").check()
    gannet.get_by_role("button", name="Keep it").click()
    expect(gannet.get_by_text("moderators read it")).to_be_visible()
    look(gannet, "outside-learning")
    heron.goto("/moderation/learning/")
    expect(heron.get_by_text("Two people read an address before it goes.")).to_be_visible()
    look(heron, "outside-lessons")


def test_without_javascript_a_request_is_logged_and_called_back(
    person: Callable[..., Page], case: Case, staff: Any
) -> None:
    page = person(staff, javascript=False)
    page.goto("/staff/requests/new/")
    page.get_by_label("police").check()
    page.get_by_label("Their name").fill("PC Jones")
    page.get_by_label("Whom it is about").fill("robin")
    page.get_by_label("What they ask for").fill("Anything from last night.")
    page.get_by_role("button", name="Keep this request").click()
    page.get_by_label("The number you called").fill("101")
    page.get_by_label("Where you found it").fill("police.uk")
    page.get_by_role("button", name="They were called back").click()
    expect(page.get_by_text("Give what is ticked below")).to_be_visible()

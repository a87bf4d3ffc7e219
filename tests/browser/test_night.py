"""One night, whole: a goodbye on the wall, a worry, a page that rings, a conversation, a record, and a talk afterwards.

Each person has a browser of their own that stays open, against one server and its clock. Makes three pictures for the guides
(see tests/browser/pictures.py).
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from moderation import audit
from moderation.actions.debriefs import offer_debriefs
from moderation.actions.ways import add_way
from moderation.models import (
    Acknowledgement,
    Case,
    ContactWay,
    CrisisRecord,
    Debrief,
    Duty,
    DutyKind,
    HandOver,
    LadderCall,
)
from moderation.screening import screen
from realtime.receivers import Receiver as Opened
from tests.browser.look import DESK, PHONE, look
from tests.browser.pictures import picture, wait_for_type
from tests.browser.test_night_call import show_what_changed
from tests.browser.test_story import say, take
from tests.conftest import PASSWORD
from tests.receivers import Receiver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

GOODBYE = "Goodbye, and thank you. You made the nights shorter. Jo has the spare key."
PLAIN_GOODBYE = "I don't want to be alive. Goodbye everyone."
WORRY = "Robin has never said goodbye in here. Jo is their sister."
HELLO = (
    "Hello Robin, this is Heron, a moderator, a person. What you wrote sounds like a goodbye. Are you safe just now?"
)
NOTE = "Robin said goodbye at three and has not answered me. Wren says that Jo is a sister."
SUM = "tonight has become too much to be alone with"
ANSWER = "Yes. I am in the kitchen. I don't want to be on my own till it is light."
ASKS = "I drive at six. They answer best to short words. Jo is on her way."
FIRST = {
    "What they said": "Goodbye to all of us; that they do not want to be alone until it is light.",
    "When and where": "On the wall at three; at home, in the kitchen.",
    "What they want": "Not to be alone, and for Jo to come.",
    "What we did, and why": "Wrote with them since a quarter past three. Asked, with their yes, for somebody to ring Jo.",
}
LAST = {
    "Who else was told, and what": "Jo, their sister: that they should not be alone tonight.",
    "Why we shared what we shared": "They agreed that we ring their sister.",
    "How it ended": "Jo is with them and stays for the week.",
}


@pytest.fixture
def pager(member: Any, other_member: Any, moderator: Any, staff: Any, other_staff: Any) -> Iterator[Receiver]:
    """robin, wren, heron on shift, gannet of the staff, and puffin on call, whose pager rings."""
    there = Receiver()
    Duty.objects.create(member=moderator, kind=DutyKind.SHIFT, standing=True)
    Duty.objects.create(member=staff, kind=DutyKind.ON_CALL, standing=True)
    way = add_way(staff, "webhook", "signed", "my pager", Opened(f"{there.url}/pager", key="the way's key"))
    ContactWay.objects.filter(pk=way.pk).update(confirmed_at=timezone.now(), tested_at=timezone.now())
    yield there
    there.stop()


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    """puffin's, where nobody is signed in."""
    page = open_page()
    wait_for_type(page)
    to_phone(page)
    return page


def test_a_night_from_a_goodbye_to_a_talk_afterwards(
    person: Callable[..., Page], phone: Page, pager: Receiver, make_member: Callable[..., Any]
) -> None:
    assert screen(GOODBYE).severity is None, "no machine hears this goodbye: a person does"
    robin, wren, heron, gannet = (person(handle) for handle in ("robin", "wren", "heron", "gannet"))
    for page, path in ((robin, "/"), (wren, "/"), (heron, "/moderation/"), (gannet, "/staff/")):
        page.goto(path)
        page.evaluate("window.sameDocument = true")

    write(robin, GOODBYE)
    worry(wren)
    look(wren, "night-receipt-sent")
    heron_writes_and_passes_it_on(heron, robin, wren)
    answers_the_page(phone, pager.wait_for(1)[0].said, gannet)
    expect(heron.get_by_text("puffin holds it.")).to_be_visible()
    both_write(phone, robin)
    write_first_half(phone)
    make_the_sheet(phone)
    hand_it_to(phone, gannet)
    assert gannet.evaluate("window.sameDocument"), "the board was renewed where it stood"
    finish_and_close(gannet, phone)
    expect(wren.get_by_text("People from the team have looked into this, and it is closed.")).to_be_visible()
    look(wren, "night-receipt-closed")
    somebody_else_reads_it(phone, person(make_member("dunlin", role="staff")))
    afterwards(heron, phone, gannet)
    assert_it_stands_written()


def test_a_plain_goodbye_rings_before_anybody_has_read_it(
    person: Callable[..., Page], phone: Page, pager: Receiver
) -> None:
    assert screen(PLAIN_GOODBYE).severity == "emergency"
    robin = person("robin")
    robin.goto("/")
    write(robin, PLAIN_GOODBYE)
    robin.get_by_role("button", name="Share it as it is").click()
    expect(robin.locator("article").get_by_text(PLAIN_GOODBYE)).to_be_visible()
    phone.goto(path_in(pager.wait_for(1)[0].said))
    phone.get_by_role("button", name="I'm up").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    assert Acknowledgement.objects.get().member.handle == "puffin"
    robin.reload()
    expect(robin.locator("article").get_by_text(PLAIN_GOODBYE)).to_be_visible()  # nothing takes it from the wall


# --- Robin, Wren and Heron -----------------------------------------------------------------------------------------------


def write(page: Page, words: str) -> None:
    page.get_by_label("What's on your mind?").fill(words)
    page.get_by_role("button", name="Share on the wall").click()


def worry(page: Page) -> None:
    """And then stays on the page of receipts."""
    page.get_by_role("button", name="1 new post").click()
    page.locator("article summary").filter(has_text="More").click()
    page.get_by_role("link", name="I'm worried about this person").click()
    page.get_by_label("They may be in danger now, or are saying goodbye").check()
    page.get_by_label("What worries you, in your own words").fill(WORRY)
    page.get_by_role("button", name="Tell the team").click()
    expect(page.get_by_role("dialog").get_by_text("Nobody has read it yet")).to_be_visible()
    page.goto("/me/reports/")
    expect(page.get_by_text("Nobody has read it yet")).to_be_visible()
    page.evaluate("window.sameDocument = true")


def heron_writes_and_passes_it_on(heron: Page, robin: Page, wren: Page) -> None:
    row = heron.get_by_role("link", name="robin")
    expect(row).to_be_visible()
    assert heron.evaluate("window.sameDocument"), "the case came into the queue by itself"
    row.click()
    expect(heron.get_by_text(GOODBYE).first).to_be_visible()
    take(heron)
    expect(wren.get_by_text("heron, one of the moderators, has read this.")).to_be_visible()
    say(heron, HELLO)
    robin.get_by_role("link", name="Read it").click()
    expect(robin.get_by_text(HELLO)).to_be_visible()
    expect(wren.get_by_text("A person is dealing with it")).to_be_visible()
    heron.locator("summary", has_text="Pass it to staff").click()
    heron.get_by_label("What staff need to know first").fill(NOTE)
    heron.get_by_role("button", name="Pass it to staff").click()
    expect(heron.get_by_text("Nobody holds it.")).to_be_visible()


# --- Puffin, on a phone --------------------------------------------------------------------------------------------------


def answers_the_page(phone: Page, said: Any, gannet: Page) -> None:
    """The page says a severity and a link, and nothing of anybody."""
    assert said["severity"] == "emergency"
    assert not {"robin", "wren", "heron"} & set(re.findall(r"\w+", str(said).lower()))
    phone.goto(path_in(said))
    picture(phone, "up", width=PHONE, height=844)
    phone.get_by_role("button", name="I'm up").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    show_what_changed(gannet, "puffin has until")
    look_on_phone(phone, "night-up")
    phone.get_by_role("link", name="Sign in and take it").click()
    phone.get_by_label("E-mail address").fill("puffin@harbour.test")
    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("button", name="Sign in", exact=True).click()
    expect(phone.get_by_role("heading", name="Worry about robin")).to_be_visible()
    picture(phone, "take", width=PHONE, height=844)
    phone.get_by_role("button", name="I am taking this").click()
    expect(phone.get_by_text("You hold it.")).to_be_visible()


def both_write(phone: Page, robin: Page) -> None:
    write = phone.locator("#write")
    write.get_by_label("Begin from").select_option(label="Joining a colleague's conversation")
    write.get_by_role("button", name="Put it in the field").click()
    field = write.locator("[name=body]")
    field.fill(re.sub(r"\[.*\]", SUM, field.input_value()))
    phone.get_by_role("button", name="Send this word").click()
    expect(robin.get_by_text(SUM)).to_be_visible()
    expect(robin.locator("#attending")).to_contain_text("puffin is here.")
    robin.get_by_label("Your words").fill(ANSWER)
    robin.get_by_role("button", name="Send").click()
    expect(phone.get_by_text(ANSWER)).to_be_visible()
    expect(robin.locator(".word.mine", has_text=ANSWER)).to_contain_text("Read by a person")
    for when in robin.locator("#talk time").all():
        expect(when).to_have_text(re.compile(r"now|ago"))  # as it was drawn, and as it was drawn anew meanwhile
    look(robin, "night-conversation")
    look_on_phone(phone, "night-case")


def write_first_half(phone: Page) -> None:
    """It keeps itself; what is left open is for whoever goes on with it."""
    phone.get_by_role("link", name="Write the record").click()
    expect(phone.get_by_text(GOODBYE)).to_be_visible()
    fill_parts(phone, FIRST)
    for ticked in ("They did not speak of it, or we do not know", "No", "They agreed", "No follow-up is needed"):
        phone.get_by_label(ticked, exact=True).check()
    phone.locator("summary", has_text="Add whom you tried to reach").click()
    phone.get_by_label("Another service or person", exact=True).check()
    phone.get_by_label("Which service or person").fill("Jo, their sister")
    phone.get_by_label("Reached", exact=True).check()
    phone.get_by_role("button", name="Add it").click()
    expect(phone.get_by_text("Jo, their sister")).to_be_visible()
    look_on_phone(phone, "night-record")


def make_the_sheet(phone: Page) -> None:
    phone.get_by_label("To whom").fill("Ambulance control room")
    phone.get_by_label("Why it is now").fill("A goodbye at three in the morning, and alone.")
    phone.get_by_label("Telephone").check()
    phone.get_by_role("button", name="Make the sheet").click()
    expect(phone.get_by_role("heading", name="Immediate risk to life: what we know")).to_be_visible()
    expect(phone.get_by_text(FIRST["What they said"])).to_be_visible()
    picture(phone, "sheet", width=DESK, height=1200)
    look_on_phone(phone, "night-sheet")


def hand_it_to(phone: Page, gannet: Page) -> None:
    phone.get_by_role("link", name="Back to the record").click()
    phone.get_by_role("link", name="Back to the case").click()
    phone.locator("summary", has_text="Ask a colleague to take it over").click()
    phone.get_by_label("To whom").select_option(label="gannet")
    phone.get_by_label("What they need to know first").fill(ASKS)
    phone.get_by_role("button", name="Ask them").click()
    expect(phone.get_by_text("puffin has asked gannet to take this over.")).to_be_visible()
    show_what_changed(gannet, "puffin asks you to take this over.")


# --- Gannet, and whoever reads it a second time --------------------------------------------------------------------------


def finish_and_close(gannet: Page, phone: Page) -> None:
    gannet.get_by_role("button", name="Yes, I take it over").click()
    expect(gannet.get_by_text("You hold it.")).to_be_visible()
    expect(phone.get_by_text("gannet holds it.")).to_be_visible()
    gannet.get_by_role("link", name="Go on with the record").click()
    expect(gannet.get_by_role("textbox", name="What they want", exact=True)).to_have_value(FIRST["What they want"])
    fill_parts(gannet, LAST)
    gannet.get_by_role("button", name="Save").last.click()
    expect(gannet.get_by_text("Nothing is open.")).to_be_visible()
    gannet.get_by_role("link", name="Close the case").click()
    look(gannet, "night-case-to-close")
    gannet.get_by_role("button", name="Close the case").click()
    expect(gannet.get_by_text("gannet closed it.")).to_be_visible()
    expect(phone.get_by_text("gannet closed it.")).to_be_visible()


def somebody_else_reads_it(phone: Page, dunlin: Page) -> None:
    """An emergency's record is read by somebody who wrote none of it, so by neither of these two."""
    phone.goto("/staff/")
    phone.get_by_role("link", name="An emergency: robin").click()
    expect(phone.get_by_text(LAST["How it ended"])).to_be_visible()
    expect(phone.get_by_text("Somebody else reads this a second time.")).to_be_visible()
    expect(phone.get_by_role("button", name="I have read it")).to_have_count(0)
    offer_debriefs()  # or the server's clock, whichever is first: to everybody who had a hand in it until now
    dunlin.goto("/staff/")
    dunlin.get_by_role("link", name="An emergency: robin").click()
    dunlin.get_by_role("button", name="I have read it").click()
    expect(dunlin.get_by_text("A second person reads it by")).to_be_hidden()


def afterwards(heron: Page, phone: Page, gannet: Page) -> None:
    assert set(Debrief.objects.values_list("member__handle", flat=True)) == {"heron", "puffin", "gannet"}
    for page in (heron, gannet):
        expect(page.locator("#bell .count")).to_be_visible()  # it came by itself
    heron.goto("/moderation/debriefs/")
    heron.get_by_label("I have had one, or it is arranged").check()
    heron.get_by_label("On which day").fill("2026-12-01")
    heron.get_by_label("With whom").select_option(label="puffin")
    heron.get_by_role("button", name="Keep this").click()
    expect(heron.get_by_text("On 1 December 2026, with puffin.")).to_be_visible()
    look(heron, "night-debrief")
    phone.goto("/moderation/debriefs/")
    phone.get_by_label("I'd rather not").check()
    phone.get_by_role("button", name="Keep this").click()
    expect(phone.get_by_text("You would rather not. That is all right, and nobody asks why.")).to_be_visible()
    look_on_phone(phone, "night-debrief-declined")
    gannet.goto("/moderation/debriefs/")
    expect(gannet.get_by_text("Would you like to talk it over?")).to_be_visible()


def assert_it_stands_written() -> None:
    case, record = Case.objects.get(), CrisisRecord.objects.get()
    assert (case.state, case.closed_by.handle, case.episode) == ("closed", "gannet", 1)
    assert record.finished_at and record.second_reader.handle == "dunlin"
    assert {version.by.handle for version in record.versions.all()} == {"puffin", "gannet"}
    assert (HandOver.objects.get().answer, record.sheets.get().by.handle) == ("accepted", "puffin")
    assert LadderCall.objects.order_by("pk")[0].member.handle == Acknowledgement.objects.get().member.handle == "puffin"
    done = list(case.events.values_list("action", flat=True))
    story = ["open", "claim", "word", "escalate", "called", "acknowledge", "take", "word", "answer", "record"]
    story += ["contact_tried", "sheet", "hand_offer", "hand_accept", "record", "close", "second_reading"]
    left = iter(done)
    assert all(action in left for action in story), done
    assert audit.verify() is None


# --- What several do -----------------------------------------------------------------------------------------------------


def path_in(said: Any) -> str:
    return re.sub(r"^https?://[^/]+", "", said["link"])


def fill_parts(page: Page, parts: dict[str, str]) -> None:
    for label, words in parts.items():
        page.get_by_role("textbox", name=label, exact=True).fill(words)


def to_phone(page: Page) -> None:
    page.set_viewport_size({"width": PHONE, "height": 844})


def look_on_phone(page: Page, name: str) -> None:
    look(page, name)
    to_phone(page)

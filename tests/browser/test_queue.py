"""The queue as two moderators work in it: live without moving, from the keyboard, and without JavaScript."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from forum.models import Member
from moderation.actions.cases import claim_case
from moderation.actions.decisions import decide_case
from moderation.actions.escalation import escalate_case
from moderation.actions.reports import ask_for_team, report_member
from moderation.models import Case, Duty, DutyKind, Looking
from tests.browser.look import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

TOLD = (
    ("petrel", "worry", "ending_life"),
    ("siskin", "worry", "thoughts"),
    ("dunlin", "rule", "abuse"),
    ("finch", "rule", "spam"),
)


@pytest.fixture
def evening(
    make_member: Callable[..., Member], member: Any, other_member: Any, moderator: Any, other_moderator: Any, staff: Any
) -> dict[str, Case]:
    """Five cases, heron and kestrel on shift; heron holds siskin's."""
    for person in (moderator, other_moderator):
        Duty.objects.create(member=person, kind=DutyKind.SHIFT, standing=True)
    cases = {}
    for handle, door, category in TOLD:
        cases[handle] = report_member(other_member, make_member(handle), door, category, key=uuid4()).case
    cases["robin"] = ask_for_team(member, "danger_now", key=uuid4()).case
    claim_case(cases["siskin"], moderator)
    return cases


def order(page: Page) -> list[str]:
    names = page.locator("#queue-rows .what > b").all_inner_texts()
    return [name.split()[-1] for name in names]


def test_a_busy_queue_stands_still_while_it_is_read(
    person: Callable[..., Page], evening: dict[str, Case], make_member: Any, other_member: Any, other_moderator: Any
) -> None:
    page = person("heron")
    page.goto("/moderation/")
    expect(page.locator("wall-stream[data-live]")).to_be_attached()
    look(page, "queue")
    assert order(page) == ["robin", "petrel", "dunlin", "siskin", "finch"]
    finch = page.locator(f"#case-{evening['finch'].pk}")
    top = finch.bounding_box()["y"]

    claim_case(evening["petrel"], other_moderator)
    expect(page.locator(f"#case-{evening['petrel'].pk}")).to_contain_text("kestrel is on it")
    decide_case(claim_case(evening["dunlin"], other_moderator), other_moderator, "no_action")
    expect(page.locator(f"#case-{evening['dunlin'].pk}")).to_contain_text("gone from this list")
    report_member(other_member, make_member("avocet"), "worry", "danger_now", key=uuid4())
    expect(page.get_by_role("button", name="1 new")).to_be_visible()
    report_member(other_member, make_member("plover"), "rule", "threat", key=uuid4())
    expect(page.get_by_role("button", name="2 new")).to_be_visible()

    assert order(page) == ["robin", "petrel", "dunlin", "siskin", "finch"]
    assert finch.bounding_box()["y"] == top
    look(page, "queue-new")
    page.keyboard.press(".")
    expect(page.locator("#queue-rows")).not_to_contain_text("dunlin")
    assert order(page) == ["robin", "avocet", "plover", "petrel", "siskin", "finch"]
    assert page.evaluate("document.activeElement.closest('[data-case]').textContent.includes('avocet')")
    expect(page.get_by_role("button", name="2 new")).to_have_count(0)


def test_an_empty_queue_fills_by_itself(
    person: Callable[..., Page], moderator: Any, other_member: Any, make_member: Any
) -> None:
    Duty.objects.create(member=moderator, kind=DutyKind.SHIFT, standing=True)
    page = person("heron")
    page.goto("/moderation/")
    expect(page.get_by_text("cup of tea")).to_be_visible()
    expect(page.locator("wall-stream[data-live]")).to_be_attached()
    report_member(other_member, make_member("finch"), "worry", "worried", key=uuid4())
    expect(page.get_by_role("link", name="finch")).to_be_visible()


def test_from_the_keyboard(person: Callable[..., Page], evening: dict[str, Case]) -> None:
    page = person("heron")
    page.goto("/moderation/")
    seen = []
    for key in "jjkjj":
        page.keyboard.press(key)
        seen.append(page.evaluate("document.activeElement.parentElement.id"))
    ids = [f"case-{evening[handle].pk}" for handle in ("robin", "petrel", "dunlin")]
    assert seen == [ids[0], ids[1], ids[0], ids[1], ids[2]]
    page.keyboard.press("r")
    page.wait_for_url(f"**/moderation/cases/{evening['dunlin'].pk}/")
    page.go_back()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.wait_for_url(f"**/moderation/cases/{evening['petrel'].pk}/#escalate")
    expect(page.get_by_label("What staff need to know first")).to_be_focused()
    page.keyboard.type("jce")
    expect(page.get_by_label("What staff need to know first")).to_have_value("jce")
    page.goto("/moderation/?lane=rules")
    page.keyboard.press("j")
    page.keyboard.press("c")
    page.wait_for_url(f"**/moderation/cases/{evening['dunlin'].pk}/")
    expect(page.get_by_text("You hold it.")).to_be_visible()
    page.goto("/moderation/?mine=on")
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.wait_for_url("**/moderation/cases/*/#decide")
    expect(page.locator("#decide :focus")).to_be_attached()
    page.goto("/moderation/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys").get_by_text("take it: it is yours at once")).to_be_visible()


def test_who_has_switched_single_keys_off_claims_nothing_by_accident(
    person: Callable[..., Page], evening: dict[str, Case], moderator: Any
) -> None:
    Member.objects.filter(pk=moderator.pk).update(single_keys=False)
    page = person("heron")
    page.goto("/moderation/")
    page.locator("#queue-rows a.case").first.focus()
    for key in "cerja":
        page.keyboard.press(key)
    assert page.url.endswith("/moderation/")
    assert not Case.objects.filter(pk=evening["robin"].pk, holder=moderator).exists()


def test_keys_of_the_team_are_listed_for_the_team_alone(person: Callable[..., Page], evening: dict[str, Case]) -> None:
    heron, robin = person("heron"), person("robin")
    for page in (heron, robin):
        page.goto("/keys/")
        expect(page.get_by_text("the next post")).to_be_visible()
    expect(heron.get_by_text("in the queue: the next case, the case before")).to_be_visible()
    expect(robin.get_by_text("in the queue: the next case, the case before")).to_have_count(0)


def test_two_who_read_the_same_case_know_of_each_other(person: Callable[..., Page], evening: dict[str, Case]) -> None:
    heron, kestrel = person("heron"), person("kestrel")
    heron.goto("/moderation/")
    expect(heron.locator("wall-stream[data-live]")).to_be_attached()
    kestrel.goto(f"/moderation/cases/{evening['petrel'].pk}/")
    row = heron.locator(f"#case-{evening['petrel'].pk}")
    expect(row).to_contain_text("kestrel is reading this")
    look(heron, "queue-looking")
    row.get_by_role("link").click()
    expect(heron.locator("#looking")).to_contain_text("kestrel is reading this")
    expect(kestrel.locator("#looking")).to_contain_text("heron is reading this")
    look(heron, "case-looking")
    kestrel.goto("/moderation/")
    expect(heron.locator("#looking")).not_to_contain_text("kestrel")
    assert [looking.member.handle for looking in Looking.objects.all()] == ["heron"]


def test_handing_a_case_over(person: Callable[..., Page], evening: dict[str, Case]) -> None:
    heron, kestrel = person("heron"), person("kestrel")
    kestrel.goto("/moderation/")
    expect(kestrel.locator("wall-stream[data-live]")).to_be_attached()
    heron.goto(f"/moderation/cases/{evening['siskin'].pk}/")
    heron.locator("summary", has_text="Hand it to a colleague").click()
    look(heron, "case-hand-over")
    hand_over(heron)
    row = kestrel.locator(f"#case-{evening['siskin'].pk}")
    expect(row).to_contain_text("handed to you")
    row.get_by_role("link").click()
    expect(kestrel.get_by_text("They sleep now. I said somebody would write at ten.")).to_be_visible()


def hand_over(page: Page) -> None:
    page.get_by_label("To whom").select_option(label="kestrel")
    page.get_by_label("What they need to know first").fill("They sleep now. I said somebody would write at ten.")
    page.get_by_role("button", name="Hand it over").click()
    expect(page.get_by_text("kestrel holds it.")).to_be_visible()


def test_without_javascript_it_is_links_and_forms(
    person: Callable[..., Page], evening: dict[str, Case], moderator: Any, other_moderator: Any
) -> None:
    page = person("heron", javascript=False)
    page.goto("/moderation/")
    page.get_by_role("navigation", name="Lanes").get_by_role("link", name="Rules").click()
    assert order(page) == ["dunlin", "finch"]
    page.locator("summary", has_text="Narrow it down").click()
    page.get_by_label("Told as").select_option(label="It advertises or is spam")
    page.get_by_role("button", name="Show these").click()
    assert order(page) == ["finch"]
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_text("You hold it.")).to_be_visible()
    page.locator("summary", has_text="Hand it to a colleague").click()
    hand_over(page)
    page.goto("/moderation/mine/")
    expect(page.get_by_text("Worry about siskin")).to_be_visible()


def test_what_i_decided_lately(
    person: Callable[..., Page], evening: dict[str, Case], moderator: Any, staff: Any
) -> None:
    decide_case(claim_case(evening["finch"], moderator), moderator, "no_action")
    escalate_case(evening["petrel"], moderator, "Please.")
    page = person("heron")
    page.goto("/moderation/")
    page.get_by_role("link", name="What you hold and decided lately").click()
    look(page, "decided-lately")
    page.get_by_role("link", name="Open it, or undo it").click()
    expect(page.get_by_role("heading", name="What was decided")).to_be_visible()
    page.goto("/moderation/?due=late&category=self.when_you_can")
    expect(page.get_by_text("Nothing here fits what you chose.")).to_be_visible()
    look(page, "queue-nothing-fits")

"""A moderator's shift in a browser: asked quietly, a hard case and ten minutes, stopping in one press; and without JavaScript."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from moderation.actions.cases import claim_case
from moderation.actions.duty import sign_off, sign_on
from moderation.actions.moderator_care import set_own_care, set_team_care
from moderation.actions.reports import report_member
from moderation.models import Case, Duty
from tests.browser.look import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture
def evening(make_member: Any, other_member: Any, moderator: Any, other_moderator: Any) -> dict[str, Case]:
    """Three cases; kestrel left a note, heron is on shift."""
    sign_on(other_moderator)
    sign_on(moderator)
    told = (("petrel", "rule", "abuse"), ("dunlin", "rule", "spam"), ("siskin", "rule", "method"))
    cases = {
        handle: report_member(other_member, make_member(handle), door, category, key=uuid4()).case
        for handle, door, category in told
    }
    sign_off(other_moderator, "dunlin is the same link as last week.")
    return cases


def last_act(seconds_ago: float) -> None:
    Duty.objects.filter(ends_at=None).update(last_act_at=timezone.now() - timedelta(seconds=seconds_ago))


def test_somebody_on_shift_is_asked_quietly_while_they_write(
    person: Callable[..., Page], evening: dict[str, Case], moderator: Any
) -> None:
    claim_case(evening["dunlin"], moderator)
    page = person("heron")
    last_act(9 * 60 + 55)
    page.goto(f"/moderation/cases/{evening['dunlin'].pk}/")
    line = page.locator("#still-here")
    expect(line).to_be_hidden()
    page.get_by_text("Write a note", exact=True).click()
    page.get_by_label("A note for colleagues").fill("half a sen")
    expect(line).to_be_visible(timeout=15_000)
    expect(line).to_contain_text("Still here?")
    look(page, "still-here")
    line.get_by_role("button").click()
    expect(line).to_be_hidden()
    expect(page.get_by_label("A note for colleagues")).to_have_value("half a sen")
    assert Duty.objects.get(ends_at=None).last_act_at > timezone.now() - timedelta(minutes=2)
    last_act(16 * 60)
    page.goto("/moderation/")
    expect(page.locator("#still-here")).to_contain_text("You have been away")
    look(page, "still-here-over")


def test_a_hard_case_ten_minutes_and_a_hello(
    person: Callable[..., Page], evening: dict[str, Case], moderator: Any, staff: Any
) -> None:
    set_own_care(moderator, hard_limit=8, check_in=True, declined=["rule.abuse"])
    claim_case(evening["siskin"], moderator)
    page = person("heron")
    page.goto("/moderation/")
    expect(page.get_by_role("link", name="1 put aside for you")).to_be_visible()
    expect(page.get_by_text("dunlin is the same link as last week.")).to_be_visible()
    look(page, "queue-of-one-who-is-looked-after")
    page.get_by_role("link", name="1 put aside for you").click()
    expect(page.locator("#queue-rows")).to_contain_text("petrel")
    look(page, "queue-put-aside")
    page.goto(f"/moderation/cases/{evening['siskin'].pk}/")
    look(page, "case-if-it-is-too-much")
    page.get_by_text("Pass it to staff", exact=True).first.click()
    page.locator("#id_escalate_note").fill("They wrote how.")
    page.locator("#escalate").get_by_role("button", name="Pass it to staff").click()
    expect(page.get_by_role("button", name="Take ten minutes")).to_be_visible()
    look(page, "ten-minutes-offered")
    page.get_by_role("button", name="Take ten minutes").click()
    expect(page.get_by_role("heading", name="Ten minutes for you")).to_be_visible()
    look(page, "ten-minutes")
    page.get_by_role("button", name="I'm back").click()
    expect(page.locator("#queue-rows")).to_contain_text("dunlin")

    puffin = person("puffin")
    puffin.goto("/notices/")
    puffin.get_by_role("link", name="has just come out of a hard case").or_(
        puffin.get_by_role("button", name="has just come out of a hard case")
    ).first.click()
    look(puffin, "say-hello")
    puffin.get_by_role("button", name="I have said hello").click()
    expect(puffin.get_by_role("button", name="I have said hello")).to_have_count(0)


def test_without_javascript_a_shift_is_whole(
    person: Callable[..., Page], evening: dict[str, Case], moderator: Any
) -> None:
    claim_case(evening["petrel"], moderator)
    claim_case(evening["dunlin"], moderator)
    page = person("heron", javascript=False)
    last_act(11 * 60)
    page.goto("/moderation/duty/")
    page.locator("#still-here").get_by_role("button").click()
    expect(page.locator("#still-here")).to_be_hidden()
    page.goto("/moderation/care/")
    page.get_by_label("Hard cases a day").fill("8")
    page.get_by_label("It advertises or is spam").check()
    look_plain(page)
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_label("It advertises or is spam")).to_be_checked()
    page.goto(f"/moderation/cases/{evening['petrel'].pk}/")
    page.get_by_role("button", name="I need someone else on this").click()
    expect(page.get_by_text("Somebody else looks at it now.")).to_be_visible()
    expect(page.locator("#queue-rows")).not_to_contain_text("petrel")
    page.get_by_role("button", name="I have to stop").click()
    expect(page.get_by_role("heading", name="You're signed off")).to_be_visible()
    expect(page.get_by_text("Nobody will ask why.")).to_be_visible()
    assert not Case.objects.filter(holder=moderator).exists()
    page.goto("/moderation/duty/")
    page.locator("main").get_by_role("button", name="Sign on").click()
    page.get_by_label("A note for whoever comes next").fill("All quiet.")
    page.get_by_role("button", name="Sign off").click()
    expect(page.get_by_role("heading", name="You are off shift")).to_be_visible()
    assert Duty.objects.filter(note="All quiet.").count() == 1


def look_plain(page: Page) -> None:
    """Without scripts nothing can be measured in the page: that it is all there is what counts."""
    expect(page.get_by_role("heading", name="What I would rather not read")).to_be_visible()


def test_the_pages_of_care_in_every_light(
    person: Callable[..., Page], evening: dict[str, Case], moderator: Any, other_moderator: Any, staff: Any
) -> None:
    late = timezone.localdate() - timedelta(days=2)
    set_team_care(staff, moderator, induction_on=late, buddy=other_moderator, supervision_on=late)
    page = person("heron")
    for name in ("care", "duty", "stop"):
        page.goto(f"/moderation/{name}/")
        look(page, f"own-{name}")
    page.get_by_role("button", name="I have to stop").click()
    look(page, "stopped")
    puffin = person("puffin")
    puffin.goto("/staff/team/")
    puffin.locator(f"#member-{moderator.pk} summary").click()
    look(puffin, "team")

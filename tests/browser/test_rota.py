"""Two of the staff make a week, see a gap, swap a night, and find their way on a small screen and without JavaScript."""

from typing import Any

import pytest

from forum.models import Member
from moderation.actions.rota import add_weekly
from moderation.models import Rank
from tests.browser.look import look
from tests.browser.watch import expect_status
from tests.moderation.rotas import EVENING, MORNING, fill_week

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_puffin_and_gannet_make_a_week_see_the_gap_and_swap_a_night_without_javascript(
    person: Any, staff: Member, other_staff: Member
) -> None:
    page = person(staff, javascript=False)
    page.goto("/staff/")
    page.get_by_role("link", name="Who is on call when").click()
    assert page.get_by_text("Nothing is planned yet.").is_visible()
    page.get_by_role("link", name="Change the rota").click()
    page.get_by_label("Day", exact=True).select_option("Monday")
    page.get_by_label("From", exact=True).fill("18:00")
    page.get_by_label("To", exact=True).fill("08:00")
    page.get_by_label("first", exact=True).first.check()
    page.get_by_label("Who", exact=True).select_option("puffin")
    page.get_by_role("button", name="Add it to the week").click()
    assert page.get_by_text("of the next day").is_visible()
    for day in range(1, 7):
        add_weekly(staff, day=day, starts=EVENING, ends=MORNING, rank=Rank.FIRST, who=staff)
    page.get_by_role("link", name="Back to who is on call").click()
    assert page.locator("td.gap", has_text="Nobody is planned.").first.is_visible()
    assert page.locator("td.gap", has_text="puffin has no way that rings").first.is_visible()
    page.get_by_role("link", name="Your times, and swaps").click()
    page.get_by_role("link", name="Ask to swap").first.click()
    page.get_by_label("gannet, with nothing in return").check()
    page.get_by_role("button", name="Ask them").click()
    assert page.get_by_text("You have asked gannet, who has not answered yet.").is_visible()

    second = person(other_staff, javascript=False)
    second.goto("/staff/on-call/mine/")
    second.get_by_role("button", name="Yes, swap").click()
    assert second.get_by_text("accepted", exact=True).is_visible()
    assert second.get_by_role("heading", name="When you are on call").is_visible()
    page.goto("/staff/on-call/change/")
    assert page.get_by_text("A swap that puffin asked for.").is_visible()
    assert page.get_by_text("accepted a swap").is_visible()


def test_the_pages_of_the_rota_in_each_of_their_states(person: Any, staff: Member, other_staff: Member) -> None:
    page = person(staff)
    page.goto("/staff/on-call/")
    look(page, "rota-empty")
    fill_week(staff, other_staff)
    page.goto("/staff/on-call/")
    look(page, "rota")
    page.goto("/staff/on-call/change/")
    page.locator("summary", has_text="Give somebody a time").click()
    page.locator("summary", has_text="Write down an exception").click()
    expect_status(page, 422)
    page.get_by_role("button", name="Write it down").click()
    page.locator("#errors").wait_for()
    look(page, "rota-change")
    page.goto("/staff/on-call/mine/")
    page.get_by_role("link", name="Ask to swap").first.click()
    look(page, "rota-mine")

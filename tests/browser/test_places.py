"""First steps, the house rules and the directory, as people use them; with and without JavaScript."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from forum.actions.rules import open_talk
from forum.models import Consent, Member, Post, RuleSet, SupportGroup
from moderation.demo.groups import fill_directory
from tests.browser.look import look
from tests.browser.watch import expect_status
from tests.forum.places import FIRST, draft_with_change, end_talk, make_group, publish_change

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_stranger_reads_what_this_place_is_before_joining(stranger: Any) -> None:
    fill_directory()
    stranger.goto("/")
    for name, picture in (
        ("First steps", "first-steps"),
        ("Supporting others", "supporting"),
        ("When we would step in", "stepping-in"),
        ("Support groups", "support-groups"),
        ("House rules", "rules"),
    ):
        where = stranger if name == "First steps" else stranger.locator("footer")
        where.get_by_role("link", name=name, exact=True).click()
        look(stranger, f"places-{picture}")
    stranger.get_by_role("link", name="Easy to read, with pictures").click()
    look(stranger, "places-rules-easy")
    assert stranger.get_by_text("That breaks no rule.", exact=True).is_visible()


def test_a_new_member_is_welcomed_and_says_hello(person: Any, make_member: Any) -> None:
    page = person(make_member("linnet", joined_at=timezone.now()))
    page.goto("/")
    look(page, "places-welcome-card")
    page.get_by_role("link", name="Say hello").click()
    assert page.evaluate("document.activeElement.name") == "body"
    page.keyboard.type("Hello, I am new.")
    page.get_by_role("button", name="Share on the wall").click()
    page.get_by_role("article").get_by_text("Hello, I am new.").wait_for()
    assert Post.objects.get().intent == "hello"
    page.get_by_role("button", name="Put this away").click()
    page.get_by_role("heading", name="The wall").wait_for()
    assert page.get_by_role("link", name="Say hello").count() == 0
    assert Member.objects.get(handle="linnet").welcomed_at is not None


def test_a_member_suggests_a_group_and_staff_publish_it(person: Any, stranger: Any, member: Any, staff: Any) -> None:
    page = person(member)
    page.goto("/support-groups/")
    page.get_by_role("link", name="Suggest a group").click()
    page.get_by_label("Name of the group").fill("Kettle and Chairs")
    page.get_by_role("button", name="Send it to staff").click()
    page.get_by_text("Something here needs another look.").wait_for()
    expect_status(page, 422)
    look(page, "places-suggest-refused")
    page.get_by_label("Self-help group").check()
    page.get_by_label("Open to all").check()
    page.get_by_label("Carers").check()
    page.get_by_label("Where it meets").fill("Leeds")
    page.get_by_label("Phone number").fill("0113 496 0123")
    page.get_by_role("button", name="Send it to staff").click()
    page.get_by_text("It has arrived").wait_for()
    look(page, "places-suggested")
    assert stranger.goto("/support-groups/").status == 200
    assert stranger.get_by_text("Kettle and Chairs").count() == 0

    make_group("The Long Way Round", checked_on=timezone.localdate() - timedelta(days=220))
    desk = person(staff, javascript=False)
    desk.goto("/support-groups/suggestions/")
    desk.get_by_role("button", name="Checked today").click()
    desk.get_by_role("link", name="Kettle and Chairs").click()
    desk.get_by_role("button", name="Looked at today: into the directory").click()
    desk.get_by_text("In the directory: Kettle and Chairs.").wait_for()

    stranger.goto("/support-groups/")
    stranger.get_by_label("Words to look for").fill("LEEDS")
    stranger.get_by_label("For whom").select_option("carers")
    stranger.get_by_role("button", name="Look").click()
    assert stranger.get_by_role("heading", name="Kettle and Chairs").is_visible()
    assert stranger.get_by_role("heading", name="The Long Way Round").count() == 0


def test_staff_see_what_waits_and_read_a_table_in(person: Any, member: Any, staff: Any) -> None:
    make_group("Kettle and Chairs", status="suggested", suggested_by=member, about="Tea.\n\nNobody has to talk.")
    make_group("Two Cups", checked_on=timezone.localdate() - timedelta(days=220))
    make_group("Shut", status="put_away", why="It closed.")
    page = person(staff)
    page.goto("/support-groups/suggestions/")
    look(page, "places-suggestions")
    page.get_by_role("link", name="Kettle and Chairs").click()
    look(page, "places-group")
    page.goto("/support-groups/import/")
    table = "name,kind,for_whom,where,phone,checked_on\nKettle,self_help,all,York,0113 496 0123,2026-11-01\nBad,cult,all,York,1,x\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "g.csv", "mimeType": "text/csv", "buffer": table.encode()}
    )
    page.get_by_role("button", name="Say what would happen").click()
    page.get_by_text("Would be new.").wait_for()
    look(page, "places-import")
    assert not SupportGroup.objects.filter(name="Kettle").exists()


def test_rules_are_drafted_talked_over_published_and_said_yes_to(person: Any, member: Any, staff: Any) -> None:
    Consent.objects.create(member=member, kind=Consent.Kind.RULES, version=FIRST)
    desk = person(staff)
    desk.goto("/rules/next/")
    desk.get_by_role("link", name="Write the next rules").click()
    desk.get_by_role("button", name="Begin a draft").click()
    desk.get_by_role("link", name="Change Be kind").click()
    desk.get_by_label("In plain words").fill("Be kind, tonight too.")
    look(desk, "places-draft-rule")
    desk.get_by_role("button", name="Keep this wording").click()
    desk.get_by_label("What this draft would change, and why").fill("One sentence is easier to keep than four.")
    look(desk, "places-draft")
    desk.get_by_role("button", name="Show it to members").click()

    page = person(member)
    page.goto("/rules/next/")
    page.get_by_label("Which rule is it about?").select_option("kindness")
    page.get_by_label("What would you say?").fill("I miss the line about being left alone.")
    page.get_by_role("button", name="Say it").click()
    page.locator(".comment").get_by_text("I miss the line about being left alone.").wait_for()
    look(page, "places-rules-next")

    end_talk(RuleSet.objects.get(state="draft"))
    desk.goto("/rules/next/draft/")
    desk.get_by_label("What we heard and what we did").fill("Robin misses a line. It comes back in spring.")
    look(desk, "places-draft-asked")
    desk.get_by_role("button", name="These are the rules now").click()
    desk.get_by_role("heading", name="House rules", exact=True).wait_for()

    page.goto("/")
    page.get_by_role("heading", name="The house rules have changed").wait_for()
    look(page, "places-rules-changed")
    page.get_by_role("link", name="Not now: to my room").click()
    page.get_by_role("heading", name="Your room").wait_for()
    page.goto("/")
    page.get_by_role("button", name="I will keep to these rules").click()
    page.get_by_role("heading", name="The wall").wait_for()


def test_a_wall_left_open_says_that_the_rules_have_changed_and_keeps_the_words(
    person: Any, member: Any, staff: Any
) -> None:
    page = person(member)
    page.goto("/")
    page.get_by_label("What's on your mind?").fill("Third night of not sleeping.")
    publish_change(staff)
    page.get_by_role("button", name="Share on the wall").click()
    page.get_by_text("The house rules have changed.").first.wait_for()
    assert page.get_by_label("What's on your mind?").input_value() == "Third night of not sleeping."
    assert not Post.objects.exists()


def test_without_javascript_the_rules_are_talked_about_and_said_yes_to(person: Any, member: Any, staff: Any) -> None:
    open_talk(staff, draft_with_change(staff), purpose="Shorter.", days=14)
    page = person(member, javascript=False)
    page.goto("/rules/next/")
    page.get_by_label("What would you say?").fill("Good.")
    page.get_by_role("button", name="Say it").click()
    page.get_by_role("button", name="Take this back").click()
    page.get_by_text("Your words are taken back.").wait_for()
    RuleSet.objects.filter(state="draft").delete()
    publish_change(staff)
    page.goto("/")
    page.get_by_role("button", name="I will keep to these rules").click()
    page.get_by_role("heading", name="The wall").wait_for()

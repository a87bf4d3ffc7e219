"""Steps against a member as people live them: a suspension read in the small room, a ban by two, an hour's stop, a second look."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from forum.actions.posts import publish_post
from forum.models import Member
from moderation.actions.cases import claim_case
from moderation.actions.reports import report_post
from moderation.models import Case, Decision, Duty, DutyKind, Proposal, SecondLook
from tests.browser.deciding import decide_and_tell
from tests.browser.look import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

WORDS = "You are all liars, and I know where two of you live."
OWN = "Hello Robin, this is Heron. A week's rest from the wall, please; then come back."


@pytest.fixture
def case(member: Member, other_member: Member, moderator: Member, other_moderator: Member, staff: Member) -> Case:
    """What robin wrote was reported, and heron has taken it."""
    for person, kind in ((moderator, DutyKind.SHIFT), (other_moderator, DutyKind.SHIFT), (staff, DutyKind.ON_CALL)):
        Duty.objects.create(member=person, kind=kind, standing=True)
    post = publish_post(member, body=WORDS, key=uuid4()).post
    return claim_case(report_post(other_member, post, "rule", "abuse", key=uuid4()).case, moderator)


def page_of(case: Case) -> str:
    return f"/moderation/cases/{case.pk}/"


def choose(page: Page, kind: str, lasting: str = "") -> None:
    page.get_by_role("radio", name=kind, exact=True).check()
    page.get_by_label("House rule").select_option("kindness")
    if lasting:
        page.get_by_label("For how long").select_option(label=lasting)


def test_a_suspension_is_previewed_told_and_read_in_the_small_room(person: Callable[..., Page], case: Case) -> None:
    robin, heron, kestrel = (person(handle) for handle in ("robin", "heron", "kestrel"))
    robin.goto("/")
    heron.goto(page_of(case))
    look(heron, "member-decide")
    expect(heron.get_by_label("For how long")).to_be_hidden()
    choose(heron, "Close the wall to them for a while", "1 week")
    preview = heron.locator("#decide-preview")
    expect(preview).to_contain_text("We have closed the wall to you until")
    expect(preview).not_to_contain_text("until …")
    look(heron, "member-decide-suspend")
    decide_and_tell(heron)
    expect(heron.locator("#second-looks")).to_contain_text("Somebody who had no hand in it looks at this.")
    look(heron, "member-decided")

    decision = Decision.objects.get()
    robin.goto("/")
    expect(robin).to_have_url(re.compile("/room/$"))
    expect(robin.get_by_role("heading", name="The wall is closed to you for a while")).to_be_visible()
    look(robin, "member-room-suspended")
    robin.get_by_role("link", name="Another look at this").click()
    expect(robin.locator(f"#decision-{decision.pk}")).to_contain_text("Until")
    look(robin, "member-statement-suspended")

    kestrel.goto("/moderation/")
    look(kestrel, "member-queue-second-look")
    kestrel.get_by_role("link", name="robin").first.click()
    kestrel.get_by_text("Ask to undo it", exact=True).first.click()
    kestrel.get_by_label("Why it should be undone").fill("It was said in anger, and taken back a minute later.")
    look(kestrel, "member-second-look")
    kestrel.get_by_role("button", name="Ask to undo it").click()
    expect(kestrel.locator("#second-looks")).to_contain_text("kestrel asks to undo it")
    kestrel.get_by_role("button", name="Undo it in full").click()
    expect(kestrel.locator("#decisions")).to_contain_text("undone")
    robin.goto("/")
    expect(robin.get_by_role("button", name="Share on the wall")).to_be_visible()


def test_two_people_ban_and_the_first_alone_changes_nothing(person: Callable[..., Page], case: Case) -> None:
    robin, heron, kestrel = (person(handle) for handle in ("robin", "heron", "kestrel"))
    heron.goto(page_of(case))
    choose(heron, "Close the wall to them for good")
    expect(heron.get_by_text("Nothing changes yet")).to_be_visible()
    decide_and_tell(heron)
    expect(heron.locator("#proposal")).to_contain_text("Nothing has changed for them.")
    look(heron, "member-ban-proposed")
    robin.goto("/")
    expect(robin.get_by_role("button", name="Share on the wall")).to_be_visible()
    kestrel.goto(page_of(case))
    look(kestrel, "member-ban-second-person")
    kestrel.get_by_role("button", name="I agree").click()
    expect(kestrel.locator("#decisions")).to_contain_text("kestrel agreed")
    robin.goto("/")
    expect(robin.get_by_role("heading", name="The wall is closed to you")).to_be_visible()
    look(robin, "member-room-banned")


def test_an_hours_stop_reaches_staff_and_the_open_wall(person: Callable[..., Page], case: Case) -> None:
    robin, heron, puffin = (person(handle) for handle in ("robin", "heron", "puffin"))
    puffin.goto("/staff/")
    heron.goto(page_of(case))
    heron.get_by_text("Others are being hurt").click()
    heron.locator("#id_stop_posts_note").fill("They are threatening two people.")
    look(heron, "member-stop")
    heron.get_by_role("button", name="Stop new posts and tell staff").click()
    expect(heron.locator("#case-facts")).to_contain_text("waiting for staff")
    expect(puffin.get_by_role("link", name="robin")).to_be_visible()  # by itself, on the open board
    robin.goto("/")
    expect(robin.get_by_text("Your posting is paused until")).to_be_visible()
    look(robin, "member-wall-stopped")


def test_everything_works_without_javascript(person: Callable[..., Page], case: Case) -> None:
    heron, kestrel, robin = (person(handle, javascript=False) for handle in ("heron", "kestrel", "robin"))
    heron.goto(page_of(case))
    choose(heron, "Pause their posting", "3 days")
    heron.get_by_role("button", name="Write it for me").click()
    expect(heron.locator("#decide-preview")).to_contain_text("We have paused your posting until")
    heron.get_by_label("What they will read").fill(OWN)
    heron.get_by_role("button", name="See it as they will").click()
    expect(heron.locator("#decide-preview")).to_contain_text(OWN)
    decide_and_tell(heron)
    assert Decision.objects.get().statement == OWN
    kestrel.goto("/moderation/")
    kestrel.get_by_role("link", name="robin").first.click()
    kestrel.get_by_role("button", name="I have looked at it, and agree").click()
    assert SecondLook.objects.get().agrees
    robin.goto("/")
    expect(robin.get_by_text("Your posting is paused until")).to_be_visible()
    robin.get_by_role("link", name="Why, and what you can do").click()
    expect(robin.get_by_text(OWN)).to_be_visible()
    assert not Proposal.objects.exists()


def test_what_is_typed_while_ours_is_still_on_its_way_is_what_is_shown_and_sent(
    person: Callable[..., Page], case: Case
) -> None:
    heron, held = person("heron"), list[Route]()

    def late_the_first_time(route: Route) -> None:
        if "do=draft" in (route.request.post_data or "") and not held:
            held.append(route)
        else:
            route.continue_()

    heron.goto(page_of(case))
    choose(heron, "A friendly word")
    preview = heron.locator("#decide-preview")
    expect(preview).to_contain_text("kind")
    heron.route("**/moderation/cases/*/", late_the_first_time)
    with heron.expect_request(lambda asked: "do=draft" in (asked.post_data or "")):
        heron.get_by_label("House rule").select_option("honest")
    heron.get_by_label("What they will read").fill(OWN)
    heron.wait_for_timeout(1_000)  # longer than the page waits after the last letter
    with heron.expect_response(lambda answer: "do=draft" in (answer.request.post_data or "")):
        held[0].continue_()
    expect(preview).to_contain_text(OWN)
    heron.wait_for_timeout(1_000)  # an answer that came too late would have taken its place by now
    expect(preview).to_contain_text(OWN)
    assert decide_and_tell(heron) == 303
    assert Decision.objects.get().statement == OWN


def test_who_is_slowed_reads_it_before_they_write(person: Callable[..., Page], case: Case) -> None:
    heron, robin = person("heron"), person("robin")
    heron.goto(page_of(case))
    choose(heron, "Slow their posting", "2 weeks")
    expect(heron.locator("#decide-preview")).to_contain_text("We have slowed your posting until")
    decide_and_tell(heron)
    expect(heron.locator("#decisions")).to_contain_text("until")
    robin.goto("/")
    expect(robin.get_by_text("your posting is slowed")).to_be_visible()
    look(robin, "member-wall-slowed")

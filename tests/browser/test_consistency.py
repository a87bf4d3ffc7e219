"""Reading each other's decisions, the figures of the team's work, and what members are told of it: seen, and walked without scripts."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import timezone

from forum.actions.posts import publish_post
from forum.models import Member
from moderation import tally
from moderation.actions.cases import claim_case
from moderation.actions.decisions import decide_case
from moderation.actions.reports import report_post
from moderation.actions.second_readings import answer_reading, choose, take_reading
from moderation.models import BlindReading, Case, Decision, Duty
from tests.browser.look import look
from tests.browser.watch import expect_status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "You people make me sick. Nobody here means a word of it, and you least of all."


@pytest.fixture
def reading(settings: Any, member: Member, other_member: Member, moderator: Member) -> BlindReading:
    """What robin wrote, which wren reported and heron folded."""
    settings.SECOND_READING = 100
    Duty.objects.create(member=moderator, kind="shift", standing=True, starts_at=timezone.now())
    post = publish_post(member, body=WORDS, key=uuid4()).post
    case = report_post(other_member, post, "rule", "abuse", note="It is about me, I think.", key=uuid4()).case
    case = claim_case(case, moderator)
    decide_case(case, moderator, "fold", rule="kindness", seen_post_version=post.version)
    choose()
    return BlindReading.objects.get()


def test_two_moderators_read_the_same_words_and_talk_it_through_without_a_script(
    person: Any, reading: BlindReading, moderator: Member, other_moderator: Member
) -> None:
    page = person(other_moderator, javascript=False)
    expect_status(page, 422)
    page.goto("/moderation/")
    page.get_by_role("link", name="Second readings").click()
    page.get_by_role("link", name="Words of a member").click()
    page.get_by_role("button", name="Read this one").click()
    assert WORDS in page.locator("main").inner_text()
    assert moderator.handle not in page.locator("main").inner_text()
    page.get_by_role("button", name="This is what I would have done").click()
    assert "Choose what you would have done." in page.locator("main").inner_text()
    page.get_by_role("radio", name="Leave it as it is").check()
    page.get_by_label("Why, in a few words").fill("They hurt, and nobody is named.")
    page.get_by_role("button", name="This is what I would have done").click()
    assert "The two of you decide differently" in page.locator("main").inner_text()
    theirs = person(moderator, javascript=False)
    theirs.goto("/notices/")
    theirs.get_by_role("link", name="without knowing what").click()
    theirs.get_by_label("A word to your colleague").fill("Wren was named in the post above.")
    theirs.get_by_role("button", name="Send").click()
    page.reload()
    assert "Wren was named in the post above." in page.locator("#talk").inner_text()
    page.get_by_role("button", name="We have talked it through").click()
    assert "Talked through" in page.locator("#talk [role=status]").inner_text()


def test_every_page_of_a_second_reading_is_fit_to_look_at(
    person: Any, reading: BlindReading, other_moderator: Member, moderator: Member
) -> None:
    page = person(other_moderator)
    page.goto("/moderation/second-reading/")
    look(page, "second-readings")
    page.goto(f"/moderation/second-reading/{reading.pk}/")
    look(page, "second-reading-open")
    take_reading(reading, other_moderator)
    page.reload()
    look(page, "second-reading-blind")
    answer_reading(reading, other_moderator, "no_action", "", "They hurt, and nobody is named.")
    page.reload()
    look(page, "second-reading-both")
    theirs = person(moderator)
    theirs.goto("/moderation/second-reading/")
    look(theirs, "second-readings-to-talk")


def test_the_figures_can_be_read_as_charts_and_as_tables(
    person: Any, member: Member, moderator: Member, other_moderator: Member
) -> None:
    _weeks_of_work(member, moderator, other_moderator)
    page = person(moderator, javascript=False)
    page.goto("/moderation/statistics/")
    arrivals = page.locator("#arrivals-section")
    assert arrivals.get_by_role("img", name="Cases that were opened, week by week").is_visible()
    assert "about 20" in arrivals.locator("tbody tr").first.inner_text()
    assert "about 25" in page.locator("#agreement tbody tr").first.inner_text()
    page = person(moderator)
    page.goto("/moderation/statistics/")
    look(page, "statistics-of-work")


def test_a_member_reads_what_the_team_decides(
    person: Any, member: Member, moderator: Member, other_moderator: Member
) -> None:
    page = person(member, javascript=False)
    page.goto("/")
    page.get_by_role("contentinfo").get_by_role("link", name="What the team decides").click()
    assert "Too few to say anything" in page.locator("main").inner_text()
    look_at = person(member)
    look_at.goto("/transparency/")
    look(look_at, "transparency-few")
    _quarter(member, moderator)
    page.reload()
    assert "about 35" in page.get_by_role("row", name="Take it down").inner_text()
    look_at.reload()
    look(look_at, "transparency")


def _weeks_of_work(member: Member, moderator: Member, other_moderator: Member) -> None:
    now = timezone.now()
    for weeks, count, waits in (
        (1, 20, (20, 70)),
        (2, 31, (10, 30)),
        (3, 3, (10,)),
        (4, 12, (2000, 30)),
        (6, 45, (60, 3000)),
    ):
        for place in range(count):
            _closed(member, now - timedelta(days=7 * weeks), waits[place % len(waits)])
    first = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    read = first - timedelta(days=3)
    for place in range(33):
        decision = _decision(_closed(member, read - timedelta(days=200), 5), member, moderator, "fold", read)
        BlindReading.objects.create(
            case=decision.case, decision=decision, judged_by=moderator, judged_kind="fold",
            category="abuse" if place < 24 else "spam", reader=other_moderator, taken_at=read, answered_at=read,
            kind="fold" if place % 3 else "remove",
        )  # fmt: skip


def _quarter(member: Member, moderator: Member) -> None:
    first = tally.last_quarter().first
    day = datetime(first.year, first.month, 10, tzinfo=ZoneInfo(settings.TIME_ZONE))
    for kind, count in (
        ("no_action", 60),
        ("remove", 34),
        ("fold", 21),
        ("content_note", 17),
        ("warning", 9),
        ("ban", 0),
    ):
        for _ in range(count):
            _decision(_closed(member, day, 20), member, moderator, kind, day)


def _closed(member: Member, opened: datetime, minutes: int) -> Case:
    looked = opened + timedelta(minutes=minutes)
    return Case.objects.create(
        kind="conduct", severity="routine", subject=member, subject_role="member", state="closed", opened_at=opened,
        first_looked_at=looked, closed_at=looked + timedelta(minutes=minutes * 2), outcome="decided",
    )  # fmt: skip


def _decision(case: Case, member: Member, moderator: Member, kind: str, at: datetime) -> Decision:
    return Decision.objects.create(
        case=case,
        case_kind="conduct",
        kind=kind,
        subject=member,
        decided_by=moderator,
        statement="So it is.",
        made_at=at,
    )

"""The team's figures: words and rounded numbers, and none of them for fewer than eight posts."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from forum.measures import measure
from forum.models import Post
from moderation import statistics

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)  # London is on UTC then
NOW = MONDAY + timedelta(days=9, hours=3)


@pytest.fixture
def ask(member, other_member):
    """`ask(day, 5, 20, None)`: posts of that day, answered after so many minutes."""

    def ask(day: datetime, *minutes: int | None) -> None:
        for wait in minutes:
            post = Post.objects.create(author=member, body="Help?", placed_at=day, key=uuid4())
            if wait is not None:
                at = day + timedelta(minutes=wait)
                Post.objects.create(author=other_member, parent=post, body="Yes.", placed_at=at, key=uuid4())

    return ask


@pytest.mark.django_db
def test_a_week_with_enough_posts_has_its_figures(ask, django_assert_num_queries):
    ask(MONDAY + timedelta(hours=1), *[12] * 9, *[48] * 3, *[200] * 9, None)
    with django_assert_num_queries(1):
        week = statistics.first_reply_weeks(NOW)[0]
    assert (week.first, week.last) == (MONDAY.date(), MONDAY.date() + timedelta(days=6))
    assert (week.posts, week.soon, week.median, week.slowest) == ("about 20", "55 %", "50 min", "too few to say")
    assert week.waiting == "too few to say"  # the posts less the others would tell of few that were answered late


@pytest.mark.django_db
def test_seven_posts_are_too_few_to_say_anything(ask):
    ask(MONDAY, *[5] * 7)
    weeks = statistics.first_reply_weeks(NOW)
    assert len(weeks) == statistics.WEEKS
    assert {(week.posts, week.soon, week.median, week.slowest, week.waiting) for week in weeks} == {("",) * 5}


@pytest.mark.django_db
def test_this_week_is_not_over_and_each_post_is_in_one_week(ask):
    ask(MONDAY - timedelta(minutes=1), *[5] * 8)
    ask(MONDAY + timedelta(days=7), *[5] * 30)
    weeks = statistics.first_reply_weeks(NOW)
    assert [bool(week.posts) for week in weeks[:3]] == [False, True, False]


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "5 min"),
        (5, "5 min"),
        (6, "10 min"),
        (55, "55 min"),
        (60, "1 h"),
        (61, "2 h"),
        (47 * 60, "47 h"),
        (47 * 60 + 1, "2 days"),
    ],
)
def test_a_wait_is_never_said_to_be_shorter_than_it_was(minutes, said):
    assert statistics._span(timedelta(minutes=minutes)) == said


def test_no_number_tells_of_fewer_than_eight_posts():
    asked = MONDAY
    for soon in range(31):
        for late in range(31 - soon):
            for waiting in range(31 - soon - late):
                ends = [5] * soon + [90] * late
                waits = [(asked, asked + timedelta(minutes=m)) for m in ends] + [(asked, None)] * waiting
                week = statistics._week(asked.date(), measure(waits, NOW))
                whole = soon + late + waiting
                assert bool(week.posts) == (whole >= 8)
                if "%" in week.soon:
                    assert min(soon, whole - soon) >= 8
                if week.waiting.startswith("about"):
                    assert waiting >= 8


@pytest.mark.django_db
def test_the_team_finds_it_from_the_queue_and_nobody_else_finds_it(
    as_, member, moderator, staff, administrator, client
):
    assert 'href="/moderation/statistics/"' in as_(moderator).get("/moderation/").text
    for person in (moderator, staff):
        page = as_(person).get("/moderation/statistics/")
        assert page.status_code == 200
        assert "too few to say anything" in page.text
    for person in (member, administrator):
        assert as_(person).get("/moderation/statistics/").status_code == 404
    assert client.get("/moderation/statistics/").status_code == 302


@pytest.mark.django_db
def test_the_wall_knows_nothing_of_it(as_, member, ask):
    ask(timezone.now() - timedelta(days=7), *[5] * 20)
    assert "statistics" not in as_(member).get("/").text

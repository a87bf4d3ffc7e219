"""How long a first reply takes: who counts, whose reply counts, and what a post that still waits does to the figures."""

from datetime import UTC, datetime, timedelta

import pytest

from forum.actions.posts import change_status, withdraw_post
from forum.measures import first_replies, measure
from forum.models import Post, Status

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def wait(minutes: int | None, ago: int = 600) -> tuple[datetime, datetime | None]:
    asked = NOON - timedelta(minutes=ago)
    return asked, None if minutes is None else asked + timedelta(minutes=minutes)


def test_the_figures_of_ten_posts():
    told = measure([wait(minutes) for minutes in (5, 10, 15, 20, 30, 45, 60, 61, 120, 600)], NOON)
    assert told.percentile(0.5) == timedelta(minutes=30)
    assert told.percentile(0.9) == timedelta(minutes=120)
    assert (told.posts, told.soon, told.waiting) == (10, 7, 0)


def test_a_post_that_waits_counts_as_longer_than_any_that_was_answered():
    told = measure([wait(5), wait(None), wait(300), wait(None)], NOON)
    assert told.percentile(0.5) == timedelta(minutes=300)
    assert told.percentile(0.9) is None
    assert (told.posts, told.soon, told.waiting) == (4, 1, 2)


def test_in_its_first_hour_an_unanswered_post_counts_nowhere():
    told = measure([wait(None, ago=59), wait(None, ago=60), wait(2, ago=10)], NOON)
    assert (told.posts, told.soon, told.waiting) == (2, 1, 1)


def test_of_nothing_there_is_nothing_to_say():
    told = measure([], NOON)
    assert told.percentile(0.5) is None
    assert told.posts == 0


def placed(post: Post, minutes: int) -> Post:
    Post.objects.filter(pk=post.pk).update(placed_at=NOON + timedelta(minutes=minutes))
    return post


@pytest.mark.django_db
def test_the_first_reply_by_somebody_else_that_stands_is_the_one(
    member, other_member, moderator, post_by, django_assert_num_queries
):
    asked = placed(post_by(member, intent="question"), 0)
    placed(post_by(member, "Anyone?", parent=asked), 1)
    withdraw_post(other_member, placed(post_by(other_member, parent=asked), 2))
    removed = placed(post_by(other_member, parent=asked), 3)
    change_status(removed, Status.REMOVED)
    placed(post_by(moderator, "With you.", parent=asked), 4)
    placed(post_by(other_member, "So am I.", parent=asked), 5)
    with django_assert_num_queries(1):
        assert first_replies(NOON, NOON + timedelta(days=1)) == [(NOON, NOON + timedelta(minutes=4))]


@pytest.mark.django_db
def test_posts_that_ask_for_nothing_or_no_longer_stand_are_not_counted(member, other_member, post_by):
    waits = placed(post_by(member, intent="support"), 0)
    placed(post_by(member, intent="hello"), 1)
    placed(post_by(member, intent="win"), 2)
    placed(post_by(member, intent="support"), -1)
    placed(post_by(member, intent="support"), 24 * 60)
    withdraw_post(member, placed(post_by(member), 3))
    change_status(placed(post_by(member), 4), Status.HELD)
    post_by(other_member, "A reply is no post.", parent=placed(post_by(member), 5), intent="support")
    rows = first_replies(NOON, NOON + timedelta(days=1))
    assert [asked for asked, _answered in rows] == [NOON, NOON + timedelta(minutes=5)]
    assert rows[0][1] is None
    assert waits.pk

"""More care cases than usual: counted against the same hours of the past eight weeks, said aloud, and never acted upon."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from forum.models import WallState
from moderation.models import Case
from moderation.whole_place import WEEKS, Usual, read_usual

counts = st.lists(st.integers(0, 60), min_size=WEEKS, max_size=WEEKS).map(tuple)


@given(st.integers(0, 4), counts)
def test_a_handful_is_never_an_alarm(now, before):
    assert not Usual(now, before).is_more


@given(st.integers(0, 200), counts)
def test_no_week_with_as_many_and_no_average_near_it(now, before):
    if Usual(now, before).is_more:
        assert now > max(before) and now >= 2 * round(sum(before) / WEEKS, 1)


def test_a_place_that_was_always_busy_is_not_alarmed():
    assert not Usual(12, (9, 11, 8, 10, 9, 10, 11, 9)).is_more
    assert Usual(24, (9, 11, 8, 10, 9, 10, 11, 9)).is_more
    assert Usual(5, (0, 1, 0, 2, 0, 0, 1, 0)).is_more


@pytest.fixture
def cared_for(make_member):
    """`cared_for(at, n)`: n care cases opened at a moment."""
    made = iter(range(1000))

    def make(at, number, kind="care"):
        for _each in range(number):
            subject = make_member(f"bird{next(made)}")
            Case.objects.create(
                kind=kind, subject=subject, subject_role="member", severity="soon", state="closed", opened_at=at
            )

    return make


@pytest.mark.django_db
def test_the_same_hours_are_counted_by_the_clock_on_the_wall(cared_for):
    """On 29 March 2026 the clocks went forward in London: 12:00 on 1 April was 11:00 UTC, a week before it was 12:00 UTC."""
    now = datetime(2026, 4, 1, 11, 0, tzinfo=UTC)
    cared_for(now - timedelta(hours=1), 3)
    cared_for(datetime(2026, 3, 25, 11, 30, tzinfo=UTC), 2)  # 11:30 in London
    cared_for(datetime(2026, 3, 25, 5, 30, tzinfo=UTC), 4)  # before the window there
    cared_for(datetime(2026, 2, 4, 8, 0, tzinfo=UTC), 1)  # eight weeks ago
    cared_for(now - timedelta(hours=2), 5, kind="conduct")
    usual = read_usual(now)
    assert usual.now == 3
    assert usual.before == (2, 0, 0, 0, 0, 0, 0, 1)


@pytest.mark.django_db
def test_in_its_first_days_a_place_has_nothing_that_is_usual(cared_for):
    now = timezone.now()
    cared_for(now - timedelta(hours=1), 9)
    assert not read_usual(now).is_more
    cared_for(now - timedelta(weeks=2), 1)
    assert read_usual(now).is_more


@pytest.mark.django_db
def test_it_costs_one_query(cared_for, django_assert_num_queries):
    cared_for(timezone.now(), 2)
    with django_assert_num_queries(1):
        read_usual()


def test_the_board_says_so_with_its_reasons_and_changes_nothing(as_, staff, independent, cared_for):
    now = timezone.now()
    cared_for(now - timedelta(minutes=30), 4)
    assert "More care cases than usual" not in as_(staff).get("/staff/").text
    cared_for(now - timedelta(minutes=20), 2)
    cared_for(now - timedelta(weeks=1, hours=1), 1)
    page = as_(staff).get("/staff/").text
    assert "More care cases than usual" in page
    assert (
        "Care cases opened in the last six hours: 6. In the same hours of the past eight weeks: 0.1 on average, 1 at most."
        in page
    )
    assert "More care cases than usual" in as_(staff).get("/staff/wall/").text
    assert "More care cases than usual" not in as_(independent).get("/staff/").text
    assert not WallState.objects.exists()

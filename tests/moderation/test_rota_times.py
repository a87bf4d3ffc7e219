"""The rota as times: never a hole, never two at once, and right in the nights in which the clock is changed."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.rota_times import Gap, Instead, Planned, Weekly, joined, moment_of, pieces, plan

LONDON = ZoneInfo("Europe/London")
ZONES = [LONDON, *map(ZoneInfo, ("UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"))]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PUFFIN, GANNET, TERN = 1, 2, 3
NIGHTS = [Weekly(day, time(18), time(8), "first", PUFFIN if day < 5 else GANNET) for day in range(7)]
DAYS = [Weekly(day, time(8), time(18), "first", GANNET if day < 5 else PUFFIN) for day in range(7)]
WEEK = NIGHTS + DAYS

times = st.builds(time, st.integers(0, 23), st.sampled_from((0, 1, 29, 30, 59)))
people = st.integers(1, 4)
ranks = st.sampled_from(("first", "second"))
patterns = st.lists(st.builds(Weekly, st.integers(0, 6), times, times, ranks, people), max_size=12)
moments = st.integers(0, 235 * 24 * 60).map(
    lambda minutes: datetime(2026, 3, 20, tzinfo=UTC) + timedelta(minutes=minutes)
)
lengths = st.integers(1, 80 * 60).map(lambda minutes: timedelta(minutes=minutes))
exceptions = st.lists(
    st.builds(
        lambda starts, length, rank, who, written: Instead(starts, starts + length, rank, who, written),
        moments,
        lengths,
        ranks,
        st.none() | people,
        moments,
    ),
    max_size=6,
)
days_off = st.sets(st.dates(date(2026, 3, 20), date(2026, 11, 10)), max_size=5)


def between(start: datetime, end: datetime, pattern=WEEK, instead=(), off=(), zone=LONDON) -> list[Planned]:
    return plan(pattern, instead, off, "first", (start, end), zone)


def at(moment: datetime, **more) -> Planned:
    return between(moment, moment + timedelta(minutes=1), **more)[0]


@given(patterns, exceptions, days_off, ranks, moments, lengths, st.sampled_from(ZONES))
def test_stretches_fill_the_time_without_a_hole_or_an_overlap(pattern, instead, off, rank, start, length, zone):
    found = plan(pattern, instead, off, rank, (start, start + length), zone)
    assert found[0].starts_at == start and found[-1].ends_at == start + length
    assert all(each.starts_at < each.ends_at for each in found)
    assert all(one.ends_at == other.starts_at for one, other in pairwise(found))
    assert all((each.who is None) == (each.why is not None) for each in found)
    assert all((one.who, one.why) != (other.who, other.why) for one, other in pairwise(found))
    assert found == list(joined(pieces(pattern, instead, off, rank, (start, start + length), zone)))


@given(patterns, exceptions, days_off, moments, lengths, st.data())
def test_a_moment_is_the_same_however_much_is_asked_for(pattern, instead, off, start, length, data):
    found = plan(pattern, instead, off, "first", (start, start + length), LONDON)
    inside = data.draw(st.integers(0, int(length / timedelta(minutes=1)) - 1))
    moment = start + timedelta(minutes=inside)
    whole = next(each for each in found if each.starts_at <= moment < each.ends_at)
    alone = at(moment, pattern=pattern, instead=instead, off=off)
    assert (alone.who, alone.why) == (whole.who, whole.why)


@given(st.dates(date(2026, 1, 1), date(2027, 12, 30)), times, times, st.sampled_from(ZONES))
def test_what_the_wall_shows_earlier_is_never_later(day, one, other, zone):
    early, late = sorted((one, other))
    assert moment_of(day, early, zone) <= moment_of(day, late, zone) <= moment_of(day + DAY, time(), zone)


@pytest.mark.parametrize("month", [3, 10])
def test_each_minute_of_a_month_in_which_the_clock_is_changed_has_exactly_one_first(month):
    start = datetime(2026, month, 1, tzinfo=LONDON)
    end = datetime(2026, month + 1, 1, tzinfo=LONDON)
    found = iter(between(start, end))
    stretch, minute, seen = next(found), start.astimezone(UTC), 0
    while minute < end:
        while minute >= stretch.ends_at:
            stretch = next(found)
        wall = minute.astimezone(LONDON)
        evening = wall.time() >= time(18)
        night_of = wall.weekday() if evening else (wall.weekday() - 1) % 7
        by_night = evening or wall.time() < time(8)
        weekday = (night_of if by_night else wall.weekday()) < 5
        expected = PUFFIN if by_night == weekday else GANNET
        assert stretch.who == expected, wall
        minute, seen = minute + timedelta(minutes=1), seen + 1
    assert seen == 31 * 24 * 60 + (60 if month == 10 else -60)


def test_the_night_with_the_hour_that_happens_twice_is_an_hour_longer_and_covered():
    night = between(datetime(2026, 10, 24, 12, tzinfo=LONDON), datetime(2026, 10, 25, 12, tzinfo=LONDON))
    saturday = next(each for each in night if each.who == GANNET)
    assert saturday.ends_at - saturday.starts_at == 15 * HOUR
    assert all(each.why is None for each in night)


def test_the_night_with_the_missing_hour_is_an_hour_shorter_and_covered():
    night = between(datetime(2026, 3, 28, 12, tzinfo=LONDON), datetime(2026, 3, 29, 12, tzinfo=LONDON))
    saturday = next(each for each in night if each.who == GANNET)
    assert saturday.ends_at - saturday.starts_at == 13 * HOUR
    assert all(each.why is None for each in night)


def test_a_hand_over_in_the_missing_hour_happens_when_the_clock_jumps():
    halves = [
        Weekly(6, time(0), time(1, 30), "first", PUFFIN),
        Weekly(6, time(1, 30), time(2), "first", TERN),
        Weekly(6, time(2), time(8), "first", GANNET),
    ]
    jump = datetime(2026, 3, 29, 1, tzinfo=UTC)
    found = between(datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 3, 29, 7, tzinfo=UTC), pattern=halves)
    assert [(each.ends_at, each.who) for each in found] == [
        (jump, PUFFIN),
        (datetime(2026, 3, 29, 7, tzinfo=UTC), GANNET),
    ]


def test_a_hand_over_in_the_hour_that_happens_twice_happens_once():
    halves = [
        Weekly(6, time(0), time(1, 30), "first", PUFFIN),
        Weekly(6, time(1, 30), time(8), "first", GANNET),
    ]
    start = datetime(2026, 10, 24, 23, tzinfo=UTC)
    found = between(start, datetime(2026, 10, 25, 8, tzinfo=UTC), pattern=halves)
    assert [each.who for each in found] == [PUFFIN, GANNET]
    assert found[0].ends_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_what_was_written_down_later_counts():
    start, written = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
    old = Instead(start, start + 2 * DAY, "first", TERN, written)
    new = Instead(start + DAY, start + 2 * DAY, "first", None, written + DAY)
    for instead in ([old, new], [new, old]):
        assert at(start + HOUR, instead=instead).who == TERN
        assert at(start + DAY + HOUR, instead=instead).why == Gap.NOBODY


def test_an_exception_of_one_rank_leaves_the_other():
    start = datetime(2026, 6, 1, tzinfo=UTC)
    instead = [Instead(start, start + DAY, "second", TERN, start)]
    assert at(start + HOUR, instead=instead).who != TERN


def test_a_day_off_is_a_gap_from_midnight_to_midnight_whatever_else_was_written():
    christmas = date(2026, 12, 25)
    start = datetime(2026, 12, 24, 12, tzinfo=UTC)
    instead = [Instead(start, start + 3 * DAY, "first", TERN, start)]
    found = between(start, start + 2 * DAY, instead=instead, off=[christmas])
    assert [(each.who, each.why) for each in found] == [(TERN, None), (None, Gap.HOLIDAY), (TERN, None)]
    assert found[1].ends_at - found[1].starts_at == DAY


def test_an_empty_rota_is_one_gap():
    start = datetime(2026, 6, 1, tzinfo=UTC)
    assert between(start, start + 14 * DAY, pattern=[]) == [Planned(start, start + 14 * DAY, None, Gap.UNPLANNED)]

"""What several decisions say together: at every moment the heaviest of those that have not ended."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from forum.standings import BY_WEIGHT, effective, line_of, packed, unpacked

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
hours = st.integers(-48, 24 * 90)
ends = st.one_of(st.none(), hours.map(lambda count: NOW + timedelta(hours=count)))
steps = st.lists(st.tuples(st.sampled_from(BY_WEIGHT), ends), max_size=6)
moments = hours.filter(lambda count: count >= 0).map(lambda count: NOW + timedelta(hours=count, minutes=30))
WEEK = timedelta(weeks=1)


def heaviest(taken, at):
    """Said another way: look at each step by itself."""
    going_on = [standing for standing, until in taken if until is None or until > at]
    return max(going_on, key=BY_WEIGHT.index, default="active")


def on_line(line, at):
    return next((standing for standing, until in line if until is None or until > at), "active")


@given(steps, moments)
def test_at_every_moment_the_heaviest_step_that_has_not_ended_counts(taken, at):
    assert on_line(line_of(taken, NOW), at) == heaviest(taken, at)


@given(steps, st.tuples(st.sampled_from(BY_WEIGHT), ends), moments)
def test_another_step_never_makes_anything_lighter(taken, more, at):
    before, after = on_line(line_of(taken, NOW), at), on_line(line_of([*taken, more], NOW), at)
    weights = ("active", *BY_WEIGHT)
    assert weights.index(after) >= weights.index(before)


@given(steps, st.randoms(use_true_random=False))
def test_the_order_in_which_they_were_decided_does_not_matter(taken, random):
    shuffled = list(taken)
    random.shuffle(shuffled)
    assert line_of(shuffled, NOW) == line_of(taken, NOW)


@given(steps, moments)
def test_what_is_left_later_is_what_was_foretold(taken, at):
    assert line_of(line_of(taken, NOW), at) == line_of(taken, at)


@given(steps)
def test_a_line_is_kept_and_read_again_unchanged(taken):
    line = line_of(taken, NOW)
    assert unpacked(packed(line)) == line


@given(steps, ends, moments)
def test_a_break_goes_on_over_an_open_wall_and_opens_no_closed_one(taken, rests_until, at):
    standing, _until = effective(taken, rests_until, at)
    team = heaviest(taken, at)
    rests = rests_until is not None and rests_until > at
    assert standing == (team if team in ("suspended", "banned") else "on_break" if rests else team)


def test_a_shorter_suspension_lifts_no_longer_pause():
    taken = [("paused", NOW + 4 * WEEK), ("suspended", NOW + WEEK)]
    assert line_of(taken, NOW) == [("suspended", NOW + WEEK), ("paused", NOW + 4 * WEEK)]


def test_a_later_shorter_pause_ends_no_earlier_longer_one():
    taken = [("paused", NOW + 4 * WEEK), ("paused", NOW + WEEK)]
    assert line_of(taken, NOW) == [("paused", NOW + 4 * WEEK)]


def test_nothing_comes_after_a_ban():
    assert line_of([("banned", None), ("suspended", NOW + WEEK)], NOW) == [("banned", None)]

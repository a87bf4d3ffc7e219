"""Opening hours as an operator writes them are read, or refused with a sentence that says what to write."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import Environment
from config.opening_hours import parse_opening_hours


def test_days_and_hours_are_read_in_the_order_of_the_week():
    assert parse_opening_hours("Sat 10:00-12:00, Mon-Tue 09:00-17:30") == (
        (0, 540, 1050),
        (1, 540, 1050),
        (5, 600, 720),
    )


def test_a_range_may_go_over_the_weekend_and_a_day_may_end_at_midnight():
    assert [opening.day for opening in parse_opening_hours("sat-mon 08:00-24:00")] == [0, 5, 6]
    assert parse_opening_hours("Sun 00:00-24:00")[0].shuts == 24 * 60


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("9 to 5", "'9 to 5' is not like Mon-Fri 09:00-17:00"),
        ("Mon-Fry 09:00-17:00", "names a day that is none of Mon, Tue"),
        ("Mon 17:00-09:00", "shuts before it opens"),
        ("Mon 09:00-09:00", "shuts before it opens"),
        ("Mon 09:75-17:00", "a time that no clock shows"),
        ("Mon 09:00-25:00", "a time that no clock shows"),
        ("Mon 09:00-17:00, Mon 16:00-18:00", "overlap on Mon"),
        ("Mon 09:00-17:00,", "is not like"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(monkeypatch, tmp_path, written, says):
    monkeypatch.setenv("HARBOUR_STAFFED_HOURS", written)
    with pytest.raises(ImproperlyConfigured) as refused:
        Environment(tmp_path).opening_hours("HARBOUR_STAFFED_HOURS", default="Mon 09:00-17:00")
    assert says in str(refused.value) and "HARBOUR_STAFFED_HOURS" in str(refused.value)


def test_what_is_not_set_is_the_default(monkeypatch, tmp_path):
    monkeypatch.setenv("HARBOUR_STAFFED_HOURS", "  ")
    assert Environment(tmp_path).opening_hours("HARBOUR_STAFFED_HOURS", default="Wed 09:00-17:00") == ((2, 540, 1020),)


def test_a_nation_that_is_none_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("HARBOUR_NATION", "narnia")
    with pytest.raises(ImproperlyConfigured, match="HARBOUR_NATION holds 'narnia'"):
        Environment(tmp_path).one_of("HARBOUR_NATION", ("scotland", "none"))

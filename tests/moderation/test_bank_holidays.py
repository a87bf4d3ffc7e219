"""The list of bank holidays, held against the rules that it was made from; opening hours, and when somebody is expected."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from config.opening_hours import parse_opening_hours
from moderation import clocks, duty, holidays, opening, rota
from moderation.actions.rota import confirm_holiday, end_holiday
from moderation.models import Duty

pytestmark = pytest.mark.django_db
MONDAY, DAY = 0, timedelta(days=1)
EASTER = {2026: date(2026, 4, 5), 2027: date(2027, 3, 28), 2028: date(2028, 4, 16)}
NATIONS = ("england-and-wales", "scotland", "northern-ireland")


def days_of(settings, nation: str, year: int) -> dict[date, str]:
    settings.NATION = nation
    return holidays.between(date(year, 1, 1), date(year, 12, 31))


@pytest.mark.parametrize("year", EASTER)
@pytest.mark.parametrize("nation", NATIONS)
def test_the_list_agrees_with_the_rules(settings, nation, year):
    days = days_of(settings, nation, year)
    assert len(days) == {"england-and-wales": 8, "scotland": 9, "northern-ireland": 10}[nation]
    assert all(day.weekday() < 5 for day in days)
    assert days[EASTER[year] - 2 * DAY] == "Good Friday"
    assert (EASTER[year] + DAY in days) == (nation != "scotland")
    in_may = [day for day in days if day.month == 5]
    assert [day.weekday() for day in in_may] == [MONDAY, MONDAY] and in_may[0].day <= 7 and in_may[1].day >= 25
    august = next(day for day in days if day.month == 8)
    assert august.weekday() == MONDAY and ((august.day <= 7) if nation == "scotland" else august.day >= 25)


def test_a_holiday_on_a_weekend_moves_to_the_next_working_day(settings):
    moved = days_of(settings, "england-and-wales", 2027)
    assert moved[date(2027, 12, 27)] == "Christmas Day (substitute day)"
    assert moved[date(2027, 12, 28)] == "Boxing Day (substitute day)"
    assert days_of(settings, "scotland", 2028)[date(2028, 1, 4)] == "2 January (substitute day)"
    assert days_of(settings, "northern-ireland", 2026)[date(2026, 7, 13)] == "Battle of the Boyne (substitute day)"


def test_a_site_elsewhere_has_none(settings):
    assert days_of(settings, "none", 2026) == {}


def test_the_file_says_where_it_comes_from_and_that_it_is_to_be_checked():
    told = holidays.FILE.read_text()
    assert (
        "gov.uk/bank-holidays" in told and "Banking and Financial Dealings Act 1971" in told and "To be checked" in told
    )


CHRISTMAS_EVE = datetime(2026, 12, 24, 18, tzinfo=UTC)


def test_the_next_staffed_morning_goes_past_a_bank_holiday_until_somebody_covers_it(staff):
    assert clocks.next_staffed_morning(CHRISTMAS_EVE) == datetime(2026, 12, 29, 9, tzinfo=UTC)
    covered = confirm_holiday(staff, date(2026, 12, 25), first=None, second=None)
    assert clocks.next_staffed_morning(CHRISTMAS_EVE) == datetime(2026, 12, 25, 9, tzinfo=UTC)
    end_holiday(staff, covered)
    assert clocks.next_staffed_morning(CHRISTMAS_EVE) == datetime(2026, 12, 29, 9, tzinfo=UTC)


def test_opening_hours_are_by_the_clock_on_the_wall(settings):
    settings.STAFFED_HOURS = parse_opening_hours("Sun 09:00-12:00")
    before = datetime(2026, 10, 24, 12, tzinfo=UTC)
    assert opening.next_opening(before) == datetime(2026, 10, 25, 9, tzinfo=UTC)  # after the clocks went back
    assert opening.next_opening(before - 7 * DAY) == datetime(2026, 10, 18, 8, tzinfo=UTC)
    assert opening.is_open(datetime(2026, 10, 18, 10, 59, tzinfo=UTC))
    assert not opening.is_open(datetime(2026, 10, 18, 11, tzinfo=UTC))


def test_one_opening_hour_a_week_on_a_holiday_is_still_found(settings):
    settings.STAFFED_HOURS = parse_opening_hours("Fri 09:00-24:00")
    assert opening.next_opening(CHRISTMAS_EVE) == datetime(2027, 1, 8, 9, tzinfo=UTC)


def test_nobody_is_promised_an_hour_that_nobody_has_set(settings):
    assert rota.expected_at(CHRISTMAS_EVE) is None
    settings.STAFFED_HOURS_SAID = True
    assert rota.expected_at(CHRISTMAS_EVE) == datetime(2026, 12, 29, 9, tzinfo=UTC)


def test_whoever_comes_sooner_is_expected(settings, moderator):
    settings.STAFFED_HOURS_SAID = True
    now = timezone.now()
    opens = opening.next_opening(now)
    assert duty.next_expected(now) == opens
    Duty.objects.create(member=moderator, kind="shift", starts_at=now + timedelta(seconds=30))
    assert duty.next_expected(now) == now + timedelta(seconds=30)

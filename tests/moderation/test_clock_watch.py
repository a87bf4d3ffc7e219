"""The team reads that the clock has stopped, within two minutes; members do not."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from moderation.clocks import CLOCK_BEAT, CLOCK_LATE_AFTER
from realtime import clock
from realtime.models import Tick

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_ran_here", {})


def ran(seconds_ago: float) -> None:
    Tick.objects.update_or_create(
        name=clock.HEARTBEAT, defaults={"last_run_at": timezone.now() - timedelta(seconds=seconds_ago)}
    )


@pytest.mark.parametrize("page_of", ["/moderation/", "/moderation/duty/", "/", "/moderation/clock/"])
def test_the_team_reads_it_on_every_page(as_, moderator, page_of):
    ran(5)
    assert "The clock has not run" not in as_(moderator).get(page_of).text
    ran(120)
    assert "The clock has not run since" in as_(moderator).get(page_of).text


def test_staff_and_the_independent_contacts_read_it_too(as_, staff, independent):
    ran(3600)
    for person in (staff, independent):
        assert "The clock has not run since" in as_(person).get("/staff/").text


def test_a_site_whose_clock_was_never_started_says_so(as_, moderator):
    assert "The clock has not run yet" in as_(moderator).get("/moderation/").text


def test_members_and_strangers_are_not_told(as_, client, member):
    ran(3600)
    for someone in (as_(member), client):
        assert "The clock has not run" not in someone.get("/").text
    assert as_(member).get("/moderation/clock/").status_code == 404


def test_it_is_said_within_two_minutes_on_a_page_that_stays_open(as_, moderator):
    """The last run is known to ten seconds, a page looks each minute, and the pages say it after so many seconds."""
    assert CLOCK_LATE_AFTER.total_seconds() + CLOCK_BEAT + clock.OWN_ROW_FROM <= 120
    ran(0)
    shown = as_(moderator).get("/moderation/").text
    assert f'hx-trigger="every {CLOCK_BEAT}s"' in shown and 'hx-get="/moderation/clock/"' in shown


def test_it_costs_no_query_of_its_own(as_, moderator):
    ran(0)
    as_(moderator).get("/moderation/duty/")
    with CaptureQueriesContext(connection) as asked:
        as_(moderator).get("/moderation/duty/")
    about = [each["sql"] for each in asked.captured_queries if "realtime_tick" in each["sql"]]
    assert len(about) == 1 and "moderation_duty" in about[0]  # with what the header reads already


def test_looking_is_no_act_of_ones_shift(as_, moderator, on_duty):
    shift = on_duty(moderator, standing=False, last_act_at=timezone.now() - timedelta(minutes=9))
    before = shift.last_act_at
    as_(moderator).get("/moderation/clock/")
    shift.refresh_from_db()
    assert shift.last_act_at == before

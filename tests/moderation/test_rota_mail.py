"""Each morning staff and the emergency contact hear of gaps, once, however many clocks run, and not at all without one."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from moderation.actions.rota import add_weekly
from moderation.models import RotaMail
from moderation.rota_clock import mail_gaps
from realtime.models import Delivery
from tests.moderation.rotas import EVENING, MORNING, fill_week

pytestmark = pytest.mark.django_db
EIGHT = datetime(2026, 11, 9, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def nights_alone(staff, other_staff, rings):
    rings.add(staff.pk)
    return [add_weekly(staff, day=day, starts=EVENING, ends=MORNING, rank="first", who=staff) for day in range(7)]


def addresses() -> list[str]:
    return sorted(Delivery.objects.values_list("address", flat=True))


def test_gaps_are_mailed_once_a_day_from_the_hour_that_is_set(nights_alone, settings, other_staff):
    settings.EMERGENCY_CONTACT = "chair@org.test"
    for at, mails in ((EIGHT - HOUR, 0), (EIGHT, 3), (EIGHT + HOUR, 0), (EIGHT + DAY, 3)):
        with time_machine.travel(at):
            assert mail_gaps() == mails
    assert addresses() == ["chair@org.test"] * 2 + ["gannet@harbour.test"] * 2 + ["puffin@harbour.test"] * 2
    body = Delivery.objects.filter(address="gannet@harbour.test").first().body
    assert "Monday 9 November, 08:00 to 18:00 (first): Nobody is planned." in body
    assert "/staff/on-call/" in body and "automatic mail" in body


def test_after_a_pause_of_the_clock_it_is_caught_up_on_the_same_day(nights_alone):
    with time_machine.travel(EIGHT + 9 * HOUR):
        assert mail_gaps() == 2


def test_the_hour_is_by_the_clock_on_the_wall_in_summer_too(nights_alone):
    with time_machine.travel(datetime(2026, 7, 6, 6, 59, tzinfo=UTC)):
        assert mail_gaps() == 0
    with time_machine.travel(datetime(2026, 7, 6, 7, 0, tzinfo=UTC)):
        assert mail_gaps() == 2


def test_without_a_gap_nobody_is_mailed(staff, other_staff, rings):
    rings |= {staff.pk, other_staff.pk}
    fill_week(staff, other_staff)
    with time_machine.travel(EIGHT):
        assert mail_gaps() == 0
    assert RotaMail.objects.get().gaps == 0 and addresses() == []


def test_a_site_without_a_rota_or_without_a_crisis_response_is_not_mailed(staff, settings, request):
    with time_machine.travel(EIGHT):
        assert mail_gaps() == 0
        request.getfixturevalue("nights_alone")
        settings.CRISIS_RESPONSE = False
        assert mail_gaps() == 0
    assert not RotaMail.objects.exists()


def test_four_clocks_mail_once(transactional_db, nights_alone, at_once):
    with time_machine.travel(EIGHT):
        results = at_once(*[mail_gaps] * 4)
    assert sorted(results) == [0, 0, 0, 2]
    assert addresses() == ["gannet@harbour.test", "puffin@harbour.test"]

"""What whoever watches the site can read in numbers, and that strangers cannot."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from forum.models import Member
from moderation.actions.reports import report_member
from moderation.models import Case
from realtime import clock, log
from realtime.log import NewEvent
from realtime.models import Delivery

TOKEN = "a-token-of-a-test-that-is-long-enough"


@pytest.fixture(autouse=True)
def token(settings):
    settings.METRICS_TOKEN = TOKEN


@pytest.fixture
def read(client, db):
    """`read()`: every sample as {(name, values by the labels' alphabet…): number}."""

    def read():
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        families = text_string_to_metric_families(answer.content.decode())
        return {
            (sample.name, *dict(sorted(sample.labels.items())).values()): sample.value
            for family in families
            for sample in family.samples
        }

    return read


@pytest.mark.parametrize("brought", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}])
def test_a_stranger_reads_nothing(client, read, brought):
    assert read()[("harbour_up",)] == 1
    answer = client.get("/metrics", headers=brought)
    assert answer.status_code == 401
    assert b"harbour_" not in answer.content


def test_without_a_token_there_is_no_such_page(client, db, settings):
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_a_signed_in_administrator_is_a_stranger_too(as_, administrator):
    assert as_(administrator).get("/metrics").status_code == 401


def test_the_clock_is_as_old_as_its_last_run(read, time_machine):
    assert read()[("harbour_clock_age_seconds",)] == float("inf")
    clock.tick()
    assert read()[("harbour_clock_age_seconds",)] < 15
    time_machine.move_to(timezone.now() + timedelta(minutes=5))
    assert read()[("harbour_clock_age_seconds",)] >= 290


def test_deliveries_that_are_due_are_counted_and_those_of_tomorrow_are_not(read):
    now = timezone.now()
    for number, (due, urgent) in enumerate([(-90, False), (-10, False), (-30, True), (86_400, False)]):
        due_at = now + timedelta(seconds=due)
        Delivery.objects.create(kind="mail", dedupe=str(number), address="x@harbour.test", urgent=urgent, due_at=due_at)
    found = read()
    assert found[("harbour_deliveries_waiting", "false")] == 2
    assert found[("harbour_deliveries_waiting", "true")] == 1
    assert 90 <= found[("harbour_deliveries_oldest_seconds", "false")] < 150


def test_cases_that_nobody_holds_are_counted_by_severity(read, member, other_member):
    report_member(other_member, member, "worry", "worried", key=uuid4())
    case = Case.objects.get()
    Case.objects.update(opened_at=timezone.now() - timedelta(hours=1))
    found = read()
    of_all = [number for name, number in found.items() if name[0] == "harbour_cases_waiting"]
    assert (len(of_all), sum(of_all)) == (8, 1)
    assert found[("harbour_cases_waiting", case.severity, "open")] == 1
    assert 3600 <= found[("harbour_cases_oldest_wait_seconds", case.severity, "open")] < 3700


def test_sockets_and_what_they_have_not_read_are_counted(read, listen, member):
    assert read()[("harbour_sockets",)] == 0
    with listen(member) as socket:
        socket.until("hello")
        for number in range(3):
            with transaction.atomic():
                log.append(NewEvent(f"member:{member.pk}", "notice.changed", number))
        for _each in range(3):
            socket.event()
        found = read()
        assert found[("harbour_sockets",)] == 1
        assert found[("harbour_unacknowledged_events_sum",)] == found[("harbour_unacknowledged_events_max",)] == 3
        assert found[("harbour_hub_lag_events",)] == 0


def test_without_a_database_it_says_so(client, read):
    def away(*args):
        raise OperationalError("the database is away")

    assert read()[("harbour_up",)] == 1
    with connection.execute_wrapper(away):
        found = read()
    assert found[("harbour_up",)] == 0
    assert not any(name[0].startswith("harbour_cases") for name in found)
    assert found[("process_resident_memory_bytes",)] > 0


def test_nothing_in_it_is_about_anybody(client, member, other_member):
    report_member(other_member, member, "worry", "worried", key=uuid4(), note="They are not like this.")
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    labels = {name for family in text_string_to_metric_families(answer) for s in family.samples for name in s.labels}
    ours = {"state", "severity", "urgent", "version"}
    assert labels - ours <= {"generation", "implementation", "major", "minor", "patchlevel"}
    for person in Member.objects.all():
        assert person.handle not in answer
        assert person.email not in answer
    assert "not like this" not in answer
    assert 'harbour_cases_waiting{severity="soon",state="open"} 1.0' in answer, (
        "the premise: it is told that there is one"
    )

"""The clock proves the audit chain; when it does not hold, staff and administrators read it on every page and in a mail a day."""

import logging
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from moderation import audit, audit_anchor, audit_watch
from moderation.actions.cases import note_case
from moderation.models import CaseEvent
from realtime import clock, triggers
from realtime.models import Delivery, Tick

pytestmark = pytest.mark.django_db
LINE = "The record of who did what in cases does not hold"


@pytest.fixture(autouse=True)
def who_is_told(settings):
    settings.PRIVACY_LEAD, settings.EMERGENCY_CONTACT = "lead@harbour.test", "oncall@harbour.test"


@pytest.fixture
def chain(held_case, moderator):
    note_case(held_case(), moderator, "Rang twice.")
    return CaseEvent.objects.order_by("n")


@pytest.fixture
def broken(chain):
    triggers.drop(connection)
    chain.filter(n=2).update(action="release")
    triggers.install(connection)
    return chain


def told() -> list[str]:
    return sorted(Delivery.objects.filter(dedupe__startswith="audit-broken").values_list("address", flat=True))


def test_while_it_holds_nobody_is_told_and_its_head_is_logged(chain, staff, as_, caplog):
    with caplog.at_level(logging.INFO):
        audit_watch.look_at_all()
        audit_watch.look_at_end()
    assert f"audit_head: 3 events, {chain[2].digest}" in caplog.text
    assert told() == []
    assert LINE not in as_(staff).get("/staff/").text
    assert (audit_anchor.read().n, audit_anchor.read().digest) == audit.head()


def test_the_clock_looks_at_its_end_each_minute_and_at_all_of_it_each_day(db):
    every = {name: (task.every, task.lane) for name, task in clock._tasks.items() if task.lane == "audit"}
    assert every == {
        "moderation.audit_end": (timedelta(minutes=1), "audit"),
        "moderation.audit": (timedelta(days=1), "audit"),
    }


def test_when_it_does_not_hold_it_is_said_loudly(broken, staff, administrator, moderator, member, as_, caplog):
    audit_watch.look_at_all()
    assert "audit_broken: link 2 of the audit chain: its columns do not match what was sealed" in caplog.text
    assert told() == ["admin@harbour.test", "lead@harbour.test", "oncall@harbour.test", "puffin@harbour.test"]
    for someone, page in ((staff, "/staff/"), (staff, "/"), (administrator, "/")):
        assert LINE in as_(someone).get(page).text
    for someone in (moderator, member):
        assert LINE not in as_(someone).get("/").text


def test_no_mail_about_it_names_anybody(broken, staff, member):
    audit_watch.look_at_all()
    bodies = " ".join(Delivery.objects.values_list("body", flat=True))
    assert "When the chain does not hold" in bodies
    assert member.handle not in bodies and "Rang" not in bodies


def test_it_is_mailed_once_a_day_while_it_lasts(broken, staff):
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        audit_watch.look_at_all()
        audit_watch.look_at_end()
    assert len(told()) == 3
    with time_machine.travel(now + timedelta(days=1), tick=False):
        audit_watch.look_at_all()
    assert len(told()) == 6
    assert Tick.objects.get(name=audit_watch.SINCE).last_run_at == now, "since when, not when last"


def test_once_it_holds_again_the_line_goes(broken, staff, as_, caplog):
    audit_watch.look_at_all()
    triggers.drop(connection)
    broken.filter(n=2).update(action="claim")
    triggers.install(connection)
    audit_watch.look_at_end()
    assert LINE in as_(staff).get("/staff/").text, "its end alone proves nothing of the rest"
    audit_watch.look_at_all()
    assert LINE not in as_(staff).get("/staff/").text
    assert "audit_holds" in caplog.text


def test_a_row_without_its_seal_is_told_within_the_minute(chain, staff):
    audit_watch.look_at_end()
    last = chain[2]
    CaseEvent.objects.create(
        n=4, case=last.case, action="close", to_state="closed", previous=last.digest, canonical="{}", digest="0" * 64
    )
    audit_watch.look_at_end()
    assert "puffin@harbour.test" in told()


def test_after_a_backup_was_put_back_the_command_takes_the_chain_as_it_is(chain):
    audit_anchor._write((9, "0" * 64))
    with pytest.raises(CommandError, match="older database put back"):
        call_command("verify_audit")
    said = StringIO()
    call_command("verify_audit", "--restored", stdout=said)
    assert "The audit chain holds: 3 events" in said.getvalue()
    call_command("verify_audit", stdout=said)


def test_a_chain_that_does_not_hold_is_not_taken_as_restored(broken):
    with pytest.raises(CommandError, match="Link 2"):
        call_command("verify_audit", "--restored")
    assert audit_anchor.read() is None

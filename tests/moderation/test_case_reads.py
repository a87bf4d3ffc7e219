"""Who has read a case: written down once in a while, moves nothing, and counts as no act."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from moderation import audit
from moderation.actions.appeals import ask_again
from moderation.actions.cases import claim_case, note_case, release_case
from moderation.actions.decisions import decide_case
from moderation.actions.reads import note_read
from moderation.actions.reports import report_member
from moderation.models import AuditHead, Case, CaseEvent, Duty
from moderation.refusals import CaseMoved

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_page(as_):
    return lambda person, case, name="case": as_(person).get(reverse(name, args=[case.pk]))


def reads(case: Case) -> list[str]:
    return [event.actor.handle for event in case.events.filter(action="read").order_by("n")]


def test_whoever_opens_a_case_is_in_the_audit_chain(open_page, open_case, moderator, staff):
    case = open_case()
    open_page(moderator, case)
    open_page(staff, case, "staff_case")
    assert reads(case) == ["heron", "puffin"]
    assert audit.verify() is None


def test_reading_on_is_one_read_for_a_quarter_of_an_hour_and_then_another(
    open_page, open_case, moderator, other_moderator
):
    case, now = open_case(), timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        open_page(moderator, case)
        open_page(moderator, case)
        clock.shift(timedelta(minutes=14))
        open_page(moderator, case)
        open_page(other_moderator, case)
        assert reads(case) == ["heron", "kestrel"]
        clock.shift(timedelta(minutes=2))
        open_page(moderator, case)
    assert reads(case) == ["heron", "kestrel", "heron"]


def test_each_case_is_read_for_itself(open_page, open_case, moderator, make_member):
    one, other = open_case(), open_case(subject=make_member("finch"))
    open_page(moderator, one)
    open_page(moderator, other)
    assert (reads(one), reads(other)) == (["heron"], ["heron"])


def test_whoever_finds_nothing_there_has_read_nothing(
    open_page, open_case, member, other_member, moderator, administrator
):
    case = open_case(subject=moderator, door="rule")
    for person in (member, other_member, moderator, administrator):
        assert open_page(person, case).status_code == 404
    assert reads(case) == []


def test_an_answer_to_a_press_shows_the_case_and_is_a_read_too(as_, held_case, moderator):
    case = held_case()
    as_(moderator).post(reverse("case", args=[case.pk]), {"do": "note", "seen": case.version, "note": " "})
    assert reads(case) == ["heron"]


def test_the_queue_is_no_read(as_, open_case, moderator):
    case = open_case()
    as_(moderator).get(reverse("queue"))
    assert reads(case) == []


def test_a_read_moves_nothing(open_page, open_case, moderator, other_moderator, told):
    case = claim_case(open_case(), moderator)
    before = Case.objects.filter(pk=case.pk).values().get()
    assert told(lambda: open_page(other_moderator, case)) == []
    assert Case.objects.filter(pk=case.pk).values().get() == before


def test_a_read_is_no_act_of_whoever_is_on_shift(open_page, open_case, moderator, other_moderator, on_duty):
    case = open_case()
    long_ago = timezone.now() - timedelta(minutes=12)
    on_duty(other_moderator, standing=False, last_act_at=long_ago)
    open_page(other_moderator, case)
    assert Duty.objects.get(member=other_moderator).last_act_at == long_ago


def test_a_colleague_who_reads_makes_nobodys_page_stale(held_case, moderator, other_moderator):
    case = held_case()
    note_read(case, other_moderator)
    note_case(case, moderator, "Mine.")
    seen = Case.objects.get(pk=case.pk)
    seen.version -= 1  # as the page showed it before the note of one's own
    note_read(seen, other_moderator)

    decide_case(seen, moderator, "no_action")
    assert Case.objects.get(pk=case.pk).state == "closed"


def test_what_somebody_else_did_is_still_told_when_it_was_read_after(held_case, moderator, other_moderator):
    case = held_case()
    old = Case.objects.get(pk=case.pk)
    release_case(case, moderator)
    claim_case(Case.objects.get(pk=case.pk), other_moderator)
    note_read(case, moderator)
    with pytest.raises(CaseMoved) as moved:
        note_case(old, moderator, "Too late.")
    assert (moved.value.what, moved.value.who) == ("claim", other_moderator)


@pytest.mark.django_db(transaction=True)
def test_two_pages_of_one_person_at_once_are_one_read(open_case, moderator, at_once):
    case = open_case()
    assert at_once(*[lambda: note_read(case, moderator)] * 6) == [None] * 6
    assert reads(case) == ["heron"]
    assert audit.verify() is None


def test_a_chain_that_cannot_be_written_keeps_nobody_from_a_person_in_danger(
    open_page, open_case, moderator, caplog, monkeypatch
):
    case = open_case()

    def full_disk(*_args, **_named):
        raise DatabaseError("disk full")

    monkeypatch.setattr(AuditHead.objects, "get_or_create", full_disk)
    assert open_page(moderator, case).status_code == 200
    assert not CaseEvent.objects.filter(action="read").exists()
    assert f"case {case.pk} was read by member {moderator.pk}" in caplog.text


def test_the_page_lists_who_has_read_it_apart_from_what_happened(open_page, open_case, moderator, other_moderator):
    case = open_case()
    open_page(moderator, case)
    answer = open_page(other_moderator, case)
    assert "read" not in [line.event.action for line in answer.context["timeline"]]
    assert [(each.handle, each.times) for each in answer.context["readers"]] == [("kestrel", 1), ("heron", 1)]
    assert "Who has read this" in answer.text


def test_a_read_tells_no_reporter(as_, open_page, open_case, moderator, other_member, member):
    case = open_case()
    before = as_(other_member).get("/me/reports/").text
    open_page(moderator, case)
    assert "heron" not in as_(other_member).get("/me/reports/").text
    assert ("Nobody has read" in before) == ("Nobody has read" in as_(other_member).get("/me/reports/").text)
    report_member(other_member, member, "worry", "worried", key=uuid4())


def test_whoever_hears_an_appeal_has_read_its_case(as_, held_case, moderator, other_moderator, member):
    case = held_case(door="rule")
    decision = decide_case(case, moderator, "fold", seen_post_version=case.post.version, rule="kindness")
    appeal = ask_again(member, decision, "It was not meant like that.", uuid4())
    assert as_(other_moderator).get(reverse("appeal", args=[appeal.pk])).status_code == 200
    as_(moderator).get(reverse("appeal", args=[appeal.pk]))  # who decided it is shown nothing of it
    assert reads(case) == ["kestrel"]

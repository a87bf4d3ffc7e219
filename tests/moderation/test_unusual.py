"""Floods from inside, a moderator who reads too much, many who join at once: people hear of it, and nobody is stopped by it."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from forum.models import Member
from moderation import audit
from moderation.actions import unusual as acts
from moderation.actions.cases import claim_case
from moderation.actions.escalation import take_case
from moderation.actions.raising import raise_case
from moderation.actions.reads import note_read
from moderation.actions.reports import ask_for_team, report_member
from moderation.actions.resting import ask_again
from moderation.deadlines import run_deadlines
from moderation.models import Case, CaseEvent, LadderStep, Report, Unusual
from moderation.receipts import receipt_for
from realtime.models import Delivery

pytestmark = pytest.mark.django_db
FLOOD = 9


@pytest.fixture
def crowd(make_member):
    return [make_member(f"wader{number}") for number in range(FLOOD)]


@pytest.fixture
def flood(crowd, other_member):
    """wren says of nine people that they may be in danger now."""

    def send(door="worry", category="danger_now", people=crowd):
        return [report_member(other_member, each, door, category, key=uuid4()) for each in people]

    return send


def rung(staff) -> int:
    return Delivery.objects.filter(dedupe__startswith="ladder:", address=staff.email).count()


# --- A flooder ----------------------------------------------------------------------------------------------------------------


def test_a_flood_of_worries_is_kept_whole_and_rings_for_the_first_five_people(flood, staff, other_member):
    reports = flood()
    run_deadlines()
    assert len(reports) == Report.objects.count() == FLOOD, "no worry is refused"
    assert [report.gathered for report in reports] == [False] * 5 + [True] * 4
    assert rung(staff) == 5
    assert [report.case.severity for report in reports] == ["emergency"] * 5 + ["soon"] * 4
    assert [report.case.state for report in reports][5:] == ["open"] * 4, (
        "they wait in the queue, beneath what is urgent"
    )


def late(reports) -> list[int]:
    """The cases of these reports about which the ladder called somebody."""
    called = LadderStep.objects.filter(case__in=[each.case_id for each in reports]).values_list("case", flat=True)
    return sorted(set(called))


def test_danger_among_many_is_mailed_at_once_and_one_rings_for_all_that_wait_once_the_hour_is_over(
    flood, staff, rings, as_, other_member
):
    reports = flood()
    waiting = reports[5:]
    told = Delivery.objects.filter(dedupe__startswith="gathered:")
    assert {mail.address for mail in told} == {staff.email} and told.count() == 4
    assert "may be in danger" in told[0].subject and other_member.handle not in told[0].subject + told[0].body
    assert "telephones ring for it from" in as_(staff).get(reverse("case", args=[waiting[0].case_id])).text
    with time_machine.travel(timezone.now() + timedelta(minutes=59)):
        run_deadlines()
        assert late(waiting) == []
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        run_deadlines()
        run_deadlines()
        assert late(waiting) == [waiting[0].case_id], "one rings"
        first = Case.objects.get(pk=waiting[0].case_id)
        assert (first.severity, first.state) == ("emergency", "escalated")
        assert Case.objects.filter(pk__in=[each.case_id for each in waiting], state="escalated").count() == 4
        assert "people were called" in as_(staff).get(reverse("staff_case", args=[first.pk])).text
        take_case(Case.objects.get(pk=waiting[1].case_id), staff)
    with time_machine.travel(timezone.now() + timedelta(minutes=122)):
        run_deadlines()
        assert late(waiting) == [waiting[0].case_id, waiting[2].case_id], "what somebody took rings no more"
    assert audit.verify() is None


def test_whoever_told_us_of_five_raiders_is_heard_when_a_friend_is_in_danger(flood, crowd, member, other_member, staff):
    flood("rule", "threat", crowd[:5])
    report = report_member(other_member, member, "worry", "danger_now", key=uuid4())
    assert (report.gathered, report.case.severity, report.case.state) == (False, "emergency", "escalated")


def test_whoever_asked_for_themselves_has_room_for_five_others(flood, crowd, other_member, staff):
    ask_for_team(other_member, "danger_now", key=uuid4())
    assert not any(report.gathered for report in flood(people=crowd[:5]))


def test_danger_among_many_wakes_a_case_that_rests_and_tells_whoever_keeps_it(
    flood, crowd, other_member, moderator, on_duty, rings
):
    on_duty(moderator)
    friend = crowd[-1]
    case = report_member(moderator, friend, "worry", "worried", key=uuid4()).case
    case = claim_case(case, moderator)
    ask_again(case, moderator, timezone.now() + timedelta(days=2), "How was the night?", keep=True)
    report = flood()[-1]
    assert report.gathered and report.case_id == case.pk
    case.refresh_from_db()
    assert case.asks_again_at is None and case.holder == moderator
    assert Delivery.objects.filter(dedupe__startswith=f"gathered:{report.pk}", address=moderator.email).exists()
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        Report.objects.exclude(pk=report.pk).filter(rang_at=None).update(rings_from=None)
        run_deadlines()
        case.refresh_from_db()
    assert case.severity == "emergency" and Report.objects.get(pk=report.pk).rang_at


def test_staff_hear_of_it_once_by_mail_and_see_them_together(flood, staff, other_member, as_):
    reports = flood()
    mails = Delivery.objects.filter(dedupe__startswith="unusual:")
    assert [mail.address for mail in mails] == [staff.email]
    assert "wren" not in mails[0].subject + mails[0].body
    page = as_(staff).get(reverse("staff_board")).text
    assert "wren</bdi> has told us about 9 people within an hour" in page
    for report in reports[5:]:
        assert reverse("staff_case", args=[report.case_id]) in page
    row = Unusual.objects.get()
    assert as_(staff).post(reverse("unusual_seen", args=[row.pk])).status_code == 302
    assert "has told us about" not in as_(staff).get(reverse("staff_board")).text
    assert Unusual.objects.get().seen_by == staff


def test_whoever_sent_them_reads_what_becomes_of_them_and_may_do_all_they_could(flood, other_member, as_, post_by):
    reports = flood()
    assert "these are looked at together. If nobody has read this by" in receipt_for(reports[-1]).text
    assert "ring 999" in receipt_for(reports[-1]).text
    assert "looked at together" not in receipt_for(reports[0]).text
    other_member.refresh_from_db()
    assert (other_member.standing, other_member.role) == ("active", "member")
    assert post_by(other_member).status == "visible"
    assert not Case.objects.filter(subject=other_member).exists()


def test_what_wakes_nobody_does_not_bury_the_queue_either(make_member, other_member, member, moderator, on_duty, as_):
    on_duty(moderator)
    people = [make_member(f"knot{number}") for number in range(14)]
    flooded = [report_member(other_member, each, "worry", "worried", key=uuid4()) for each in people]
    assert [report.gathered for report in flooded] == [False] * 10 + [True] * 4
    assert {report.case.severity for report in flooded[10:]} == {"routine"}
    real = report_member(make_member("dunlin"), member, "worry", "thoughts", key=uuid4())
    page = as_(moderator).get("/moderation/").text
    assert page.index(f"/moderation/cases/{real.case_id}/") < page.index(f"/moderation/cases/{flooded[10].case_id}/")


def test_the_same_people_told_of_again_are_no_flood(flood, crowd):
    for _time in range(4):
        reports = flood(people=crowd[:3])
    assert not any(report.gathered for report in reports)


def test_another_member_who_worries_about_one_of_them_wakes_people(flood, member, staff):
    last = flood()[-1]
    again = report_member(member, last.case.subject, "worry", "danger_now", key=uuid4())
    run_deadlines()
    assert (again.case_id, again.case.severity, again.case.state) == (last.case_id, "emergency", "escalated")
    assert rung(staff) == 6


def test_a_person_who_finds_one_of_them_true_raises_it(flood, moderator, on_duty, staff):
    last = flood()[-1]
    on_duty(moderator)
    raise_case(last.case, moderator, "emergency", "Her last post says so too.")
    assert Case.objects.get(pk=last.case_id).severity == "emergency"


def test_whoever_asks_for_themselves_after_a_flood_is_heard_like_anybody(flood, other_member, staff):
    flood()
    report = ask_for_team(other_member, "danger_now", key=uuid4())
    assert (report.gathered, report.case.severity, report.case.state) == (False, "emergency", "escalated")


def test_rules_that_ring_staff_are_no_way_round_it(flood, staff):
    reports = flood("rule", "child")
    run_deadlines()
    assert [report.gathered for report in reports] == [False] * 5 + [True] * 4
    assert rung(staff) == 5
    assert {report.case.reserved_for for report in reports} == {"staff"}, "and they stay with staff alone"


def test_after_an_hour_it_is_as_before(flood, crowd, make_member, other_member):
    flood()
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        report = report_member(other_member, make_member("whimbrel"), "worry", "danger_now", key=uuid4())
    assert not report.gathered


@pytest.mark.django_db(transaction=True)
def test_nine_at_once_wake_people_about_five(crowd, other_member, at_once, staff):
    results = at_once(
        *[(lambda who=who: report_member(other_member, who, "worry", "danger_now", key=uuid4())) for who in crowd]
    )
    assert [type(each) for each in results] == [Report] * FLOOD
    assert Report.objects.filter(gathered=False).count() == 5


# --- A moderator gone bad -----------------------------------------------------------------------------------------------------


@pytest.fixture
def cases(open_case, make_member, settings):
    settings.CASES_READ_IN_AN_HOUR = 3
    return [open_case(subject=make_member(f"wader{number}"), about_post=False) for number in range(6)]


def read_all(as_, reader, cases, name="case"):
    return [as_(reader).get(reverse(name, args=[case.pk])).status_code for case in cases]


def test_whoever_reads_many_cases_is_kept_from_none_and_staff_and_they_themselves_hear_of_it(
    as_, cases, moderator, staff, other_moderator
):
    assert read_all(as_, moderator, cases) == [200] * 6
    assert CaseEvent.objects.filter(action="read", actor=moderator).count() == 6 and audit.verify() is None
    told = Delivery.objects.filter(dedupe__regex="^(unusual|own-reads):").values_list("address", flat=True)
    assert sorted(told) == sorted([moderator.email, staff.email]), "once, though it went on"
    page = as_(staff).get(reverse("staff_board")).text
    assert "heron</bdi> has opened 6 cases within an hour" in page
    read_all(as_, other_moderator, cases[:3])
    assert Unusual.objects.count() == 1, "three are usual"


def test_of_staff_the_independent_contacts_hear_and_not_they_themselves(as_, cases, staff, other_staff, independent):
    read_all(as_, staff, cases, "staff_case")
    assert "puffin</bdi> has opened" in as_(independent).get(reverse("staff_board")).text
    for person in (staff, other_staff):
        assert "has opened" not in as_(person).get(reverse("staff_board")).text
        row = Unusual.objects.get()
        assert as_(person).post(reverse("unusual_seen", args=[row.pk])).status_code == 404
    assert Unusual.objects.get().seen_at is None


def test_an_alarm_that_breaks_keeps_nobody_from_a_case(cases, moderator, monkeypatch, as_):
    def broken(*_args, **_named):
        raise DatabaseError("disk full")

    monkeypatch.setattr(Unusual.objects, "get_or_create", broken)
    assert read_all(as_, moderator, cases) == [200] * 6


def test_the_same_case_again_and_again_is_one(cases, moderator):
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        for _time in range(3):
            note_read(cases[0], moderator)
            clock.shift(timedelta(minutes=16))
    assert not Unusual.objects.exists()


def test_a_moderator_takes_nothing_away_as_a_file(as_, cases, moderator, staff):
    """No page of a moderator's gives a file: what the team can take is made by staff, for a request that two decided."""
    from tests.moderation.test_pages_gate import TEAMS, address

    files = []
    for name in TEAMS:
        before = transaction.savepoint()
        answer = as_(moderator).get(address(name, cases[0]))
        html = "text/html" in answer.headers.get("Content-Type", "")
        if answer.headers.get("Content-Disposition") or (answer.status_code == 200 and not html):
            files.append(name)
        transaction.savepoint_rollback(before)
    assert len(TEAMS) > 30 and files == []


def test_its_subject_reads_it_in_their_copy(as_, flood, other_member):
    from forum import data_rights

    flood()
    entry = next(each for each in data_rights.entries() if each.model == "moderation.Unusual")
    assert entry.model_class.objects.filter(about=other_member).exists()


# --- Mass sign-up -------------------------------------------------------------------------------------------------------------


def test_when_many_more_join_than_usual_staff_hear_once_and_nothing_else_happens(make_member, staff, as_):
    now = timezone.now()
    for week in range(1, 9):
        for number in range(4):
            make_member(f"was{week}x{number}", joined_at=now - timedelta(weeks=week, hours=1))
    for number in range(14):
        make_member(f"new{number}", joined_at=now - timedelta(minutes=number))
    assert not acts.note_joined(), "a workshop that joins together is no news"
    for number in range(14, 30):
        make_member(f"new{number}", joined_at=now - timedelta(minutes=number))
    assert acts.note_joined() and not acts.note_joined()
    assert Delivery.objects.filter(dedupe__startswith="unusual:").count() == 1
    assert "30 people have joined within six hours" in as_(staff).get(reverse("staff_board")).text
    assert set(Member.objects.filter(handle__startswith="new").values_list("standing", flat=True)) == {"active"}


def test_one_address_cannot_make_accounts_all_day(client, settings):
    from tests.forum.signing import sign_up

    settings.ACCOUNT_RATE_LIMITS = {"signup": "20/m/ip,5/h/ip"}
    answers = [sign_up(client, handle=f"linnet{n}", email=f"linnet{n}@example.org").status_code for n in range(7)]
    assert answers == [302] * 5 + [429] * 2
    assert sign_up(type(client)(REMOTE_ADDR="198.51.100.7"), handle="dunlin", email="d@example.org").status_code == 302


def test_the_clock_looks_how_many_join_and_forgets():
    from realtime import clock

    ran = clock.tick()
    assert {"moderation.joined", "forget.unusual"} <= set(ran)

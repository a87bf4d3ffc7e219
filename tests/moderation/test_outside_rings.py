"""Five emergencies from outside ring once an hour. Each stands on the board and is mailed at once, and none is ever lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import OperationalError, transaction
from django.utils import timezone

from forum.access import facts_of
from forum.actions.posts import publish_post
from moderation import letters as known_letters
from moderation.actions import escalation
from moderation.actions.cases import claim_case
from moderation.actions.escalation import return_case, take_case
from moderation.actions.letters import put_aside, read_letter, settle_letter
from moderation.actions.reports import report_member
from moderation.models import Case, EscalationSource, LadderStep, Letter, Unusual
from realtime import log
from realtime.models import Delivery
from tests.moderation.outside import climbed, clock, mails, rings

pytestmark = pytest.mark.django_db


def test_five_from_one_address_about_five_people_ring_once_and_are_all_on_the_board(telephone, send, crowd, staff, as_):
    letters = [send(each.handle) for each in crowd]
    assert rings() == 1
    assert mails(staff) == 5, "each is told at once, without a sound"
    quiet = Delivery.objects.filter(kind="mail", urgent=False)
    assert quiet.count() == 4, "and none of those leaves before what rings"
    cases = list(Case.objects.filter(subject__in=crowd))
    assert {(case.severity, case.state) for case in cases} == {("emergency", "escalated")}
    board = as_(staff).get("/staff/").text
    assert all(f"/staff/cases/{letter.report.case_id}/" in board for letter in letters)
    assert board.count("telephones ring for it from") == 4


def test_five_from_five_addresses_while_the_first_still_rings_are_one_ring(telephone, send, crowd):
    for number, each in enumerate(crowd):
        send(each.handle, address=f"203.0.113.{number}")
    assert rings() == 1


def test_those_that_name_nobody_are_one_ring_too(telephone, send, staff):
    for number in range(5):
        send(f"my friend Anna, number {number}", address=f"203.0.113.{number}")
    assert (rings(), mails(staff)) == (1, 5)


def test_what_rings_goes_on_ringing_until_somebody_takes_it(telephone, send, crowd, staff):
    first, second = send(crowd[0].handle), send(crowd[1].handle)
    with time_machine.travel(timezone.now() + timedelta(minutes=26), tick=False):
        clock()
    told = Delivery.objects.filter(kind="webhook").values_list("payload__case_id", flat=True)
    assert len(told) >= 2 and set(told) == {first.report.case_id}
    assert not any(step.case_id == second.report.case_id for step in second.report.case.ladder_steps.all())


def test_a_truly_new_one_rings_at_once_when_those_before_were_looked_at(telephone, send, crowd, staff):
    first = send(crowd[0].handle)
    take_case(Case.objects.get(pk=first.report.case_id), staff)
    send(crowd[1].handle, address="198.51.100.7")
    assert rings() == 2
    again = send(crowd[2].handle)  # the address that rang before
    assert rings() == 2 and again.report.case.state == "escalated"


def test_from_ever_new_addresses_three_ring_in_an_hour_however_fast_they_are_answered(telephone, send, crowd, staff):
    for number, each in enumerate(crowd):
        letter = send(each.handle, address=f"203.0.113.{number}")
        take_case(Case.objects.get(pk=letter.report.case_id), staff)
    assert rings() == 3


def test_when_the_hour_is_over_what_nobody_looked_at_rings_once_more_and_its_ladder_begins_at_its_foot(
    telephone, send, crowd, staff
):
    first, *held = [send(each.handle) for each in crowd[:3]]
    take_case(Case.objects.get(pk=first.report.case_id), staff)
    one, other = [Case.objects.get(pk=letter.report.case_id) for letter in held]

    def climbed(case):
        return [step.step for step in case.ladder_steps.all()]

    with time_machine.travel(timezone.now() + timedelta(minutes=59), tick=False) as moved:
        clock()
        assert rings(*held) == 0
        moved.shift(timedelta(minutes=2))
        clock()
        assert (rings(*held), climbed(one), climbed(other)) == (1, [0], []), "not four levels at once, and not both"
        moved.shift(timedelta(minutes=3))
        clock()
        assert climbed(one) == [0, 1]
        moved.shift(timedelta(minutes=60))
        clock()
        assert climbed(other) == [0], "none waits for ever"


def test_one_that_names_nobody_rings_after_its_hour_and_again_until_it_is_read(telephone, send, staff):
    first, second = send("Anna"), send("Berta")
    put_aside(first, staff, "She wrote again: it was about a film.")
    before = rings()
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False) as moved:
        clock()
        assert rings() == before + 1
        moved.shift(timedelta(minutes=16))
        clock()
        assert rings() == before + 2
        read_letter(second, staff)
        moved.shift(timedelta(minutes=16))
        clock()
        assert rings() == before + 2


def test_what_staff_gave_back_waits_for_no_hour(telephone, send, crowd, staff):
    send(crowd[0].handle)
    held = send(crowd[1].handle)
    case = take_case(Case.objects.get(pk=held.report.case_id), staff)
    return_case(case, staff, "Please look first.")
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        clock()
        assert LadderStep.objects.filter(case=case, step=0).exists()


def test_a_member_who_worries_too_ends_the_waiting(telephone, send, crowd, member):
    send(crowd[0].handle)
    held = send(crowd[1].handle)
    before = rings()
    report_member(member, crowd[1], "worry", "danger_now", key=uuid4())
    clock()
    case = Case.objects.get(pk=held.report.case_id)
    assert rings() == before + 1 and [step.step for step in case.ladder_steps.all()] == [0]


def test_somebody_who_knows_whom_it_is_about_ends_the_waiting(telephone, send, crowd, staff):
    send(crowd[0].handle)
    held = send("the girl with the boat")
    settle_letter(held, staff, crowd[1].handle)
    clock()
    assert Case.objects.get(subject=crowd[1]).ladder_steps.exists()


def test_whoever_holds_the_case_hears_of_more_without_a_sound(telephone, send, crowd, staff):
    first = send(crowd[0].handle)
    take_case(Case.objects.get(pk=first.report.case_id), staff)
    before, told = rings(), mails(staff)
    send(crowd[0].handle)
    assert (rings(), mails(staff)) == (before, told + 1)


def test_while_somebody_is_on_shift_they_see_each_and_nobody_is_woken_before_it_is_late(
    telephone, send, crowd, moderator, on_duty, as_
):
    on_duty(moderator)
    letters = [send(each.handle) for each in crowd[:2]]
    assert rings() == 0
    page = as_(moderator).get("/moderation/").text
    assert all(f"/moderation/cases/{letter.report.case_id}/" in page for letter in letters)
    claim_case(Case.objects.get(pk=letters[1].report.case_id), moderator)


def test_what_is_not_urgent_is_never_held(send, crowd):
    letters = [send(each.handle, category="worried") for each in crowd]
    assert {(letter.rings_from, letter.rang_at) for letter in letters} == {(None, None)}


def test_no_address_is_kept(send, crowd):
    send(crowd[0].handle)
    assert "203.0.113" not in str(list(Letter.objects.values()))


# --- What comes from outside silences nothing that is true --------------------------------------------------------------------


def test_however_many_quiet_worries_came_one_in_danger_rings_from_any_address(telephone, send, member, settings):
    settings.OUTSIDE_REPORTS_PER_ADDRESS, settings.OUTSIDE_REPORTS_PER_HOUR = 2, 4
    for number in range(6):
        send("who", address=f"203.0.113.{number // 2}", category="worried")
    real = send(member.handle, address="203.0.113.0")
    assert Letter.objects.filter(gathered=True).count() == 2, "the premise: the door is full for what wakes nobody"
    assert (real.gathered, rings(real)) == (False, 1)


def test_in_a_flood_one_in_danger_has_a_case_and_a_mail_at_once_and_one_ring_for_all_when_the_hour_ends(
    telephone, send, crowd, staff, as_, settings
):
    settings.OUTSIDE_REPORTS_PER_HOUR, settings.OUTSIDE_RINGS_PER_HOUR = 2, 50
    for number in range(2):
        put_aside(send(f"number {number}", address=f"198.51.100.{number}"), staff, "Somebody is trying us.")
    before, told = rings(), mails(staff)
    real = [send(each.handle, address=f"203.0.113.{number}") for number, each in enumerate(crowd[:3])]
    assert not any(letter.gathered for letter in real)
    assert rings() == before, "nobody is woken by a flood"
    assert mails(staff) == told + 3
    board = as_(staff).get("/staff/").text
    assert all(f"/staff/cases/{letter.report.case_id}/" in board for letter in real)
    assert board.count("telephones ring for it from") == 3
    with time_machine.travel(timezone.now() + timedelta(minutes=62), tick=False) as moved:
        clock()
        assert rings() == before + 1, "one for all of them"
        moved.shift(timedelta(minutes=1))
        clock()
        assert rings() == before + 1
        for _hour in range(2):
            moved.shift(timedelta(minutes=61))
            clock()
        assert all(LadderStep.objects.filter(case=letter.report.case_id).exists() for letter in real)


@time_machine.travel("2026-11-24 10:20Z")
def test_staff_hear_once_an_hour_that_the_door_is_flooded(send, staff, as_, settings):
    settings.OUTSIDE_REPORTS_PER_HOUR = 3
    for number in range(2):
        send("who", address=f"203.0.113.{number}", category="worried")
    assert not Unusual.objects.exists()
    for number in range(2, 7):
        send("who", address=f"203.0.113.{number}", category="worried")
    assert Delivery.objects.filter(dedupe__startswith="unusual:", address=staff.email).count() == 1
    assert Unusual.objects.get().number == 7
    assert "The door is flooded: 7 reports have come from outside" in as_(staff).get("/staff/").text


def test_the_most_urgent_stands_first_however_many_came_before_it(telephone, send, staff, monkeypatch):
    monkeypatch.setattr(known_letters, "SHOWN", 3)
    for number in range(4):
        send(f"quiet {number}", address=f"203.0.113.{number}", category="worried")
    urgent, danger = send("Berta", category="ending_life"), send("Anna")
    trapped = send("buy this")
    Letter.objects.filter(pk=trapped.pk).update(gathered=True)
    rows = [row.letter for row in known_letters.read_waiting(facts_of(staff))]
    assert rows[:2] == [danger, urgent] and len(rows) == 3
    monkeypatch.setattr(known_letters, "SHOWN", 9)
    assert known_letters.read_waiting(facts_of(staff))[-1].letter == trapped, "and what was gathered comes last"


def in_crisis(author) -> Case:
    """Screening finds words that are an emergency."""
    publish_post(author, body="Cannot write more.", content_note="I have taken an overdose", key=uuid4())
    return Case.objects.get(subject=author)


def test_a_letter_that_waits_stops_no_ladder_that_climbs_for_screening(telephone, send, crowd):
    case = in_crisis(crowd[1])
    clock()
    assert climbed(case) == [0], "the premise: it rings"
    send(crowd[0].handle)
    held = send(crowd[1].handle)
    assert (held.rings_from is None, held.report.case_id) == (False, case.pk), "the premise: it waits in the same case"
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        clock()
        assert len(climbed(case)) > 1


def test_screening_that_finds_an_emergency_ends_the_waiting_of_a_letter(telephone, send, crowd):
    send(crowd[0].handle)
    held = send(crowd[1].handle)
    assert climbed(held.report.case) == []
    assert in_crisis(crowd[1]).pk == held.report.case_id
    clock()
    assert climbed(held.report.case) == [0] and rings(held) == 1


def test_a_letter_that_waits_stops_no_case_that_was_with_staff_before_it(telephone, send, crowd, member):
    case = report_member(member, crowd[1], "worry", "worried", key=uuid4()).case
    with transaction.atomic():
        log.append(*escalation.call_for_staff(case, EscalationSource.CLOCK))
    send(crowd[0].handle)
    assert send(crowd[1].handle).report.case_id == case.pk
    assert climbed(case) == [0]


def fail_once(monkeypatch) -> None:
    save = Letter.save

    def fails(letter, *args, **named):
        monkeypatch.setattr(Letter, "save", save)
        raise OperationalError("database is locked")

    monkeypatch.setattr(Letter, "save", fails)


def test_an_emergency_that_could_not_be_stored_rings_when_it_is_sent_again(telephone, send, crowd, staff, monkeypatch):
    take_case(Case.objects.get(pk=send(crowd[0].handle, address="198.51.100.7").report.case_id), staff)
    before, key = rings(), uuid4()
    fail_once(monkeypatch)
    with pytest.raises(OperationalError):
        send(crowd[1].handle, key=key)
    again = send(crowd[1].handle, key=key)
    assert (again.rings_from, rings()) == (None, before + 1)


def test_an_emergency_that_was_written_anew_after_it_was_lost_rings_where_nothing_else_did(
    telephone, send, crowd, monkeypatch
):
    fail_once(monkeypatch)
    with pytest.raises(OperationalError):
        send(crowd[1].handle)
    again = send(crowd[1].handle)
    assert (again.rings_from, rings()) == (None, 1)

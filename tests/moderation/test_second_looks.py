"""Another person looks at every pause, suspension and ban within a day; nobody at their own."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from forum.access import facts_of
from moderation.actions.cases import claim_case
from moderation.actions.decisions import undo_decision
from moderation.actions.reports import report_post
from moderation.actions.second_looks import agree_with, ask_to_undo, let_stand
from moderation.models import Report, SecondLook
from moderation.refusals import CaseMoved, Missing, NotAllowed, NothingToDo
from moderation.second_look_clock import remind_of_late_looks
from moderation.second_looks import for_board, for_viewer
from realtime import clock
from realtime.models import Delivery
from tests.moderation.members import again, ban, decide


@pytest.fixture
def conduct(held_case):
    return held_case(door="rule")


@pytest.fixture
def look(conduct, moderator):
    decide(conduct, moderator, "suspend")
    return SecondLook.objects.get()


@pytest.mark.parametrize(("kind", "owed"), [("warning", 0), ("slow", 0), ("pause", 1), ("suspend", 1)])
def test_what_closes_a_mouth_or_the_wall_waits_for_another_look_within_a_day(conduct, moderator, kind, owed):
    decision = decide(conduct, moderator, kind)
    looks = SecondLook.objects.filter(decision=decision, due_at=decision.made_at + timedelta(hours=24))
    assert looks.count() == owed


def test_a_ban_waits_for_a_third_person(conduct, moderator, other_moderator, staff):
    ban(conduct, moderator, other_moderator)
    look = SecondLook.objects.get()
    for had_a_hand in (moderator, other_moderator):
        with pytest.raises(NotAllowed, match="no hand in it"):
            agree_with(look, had_a_hand)
    assert agree_with(look, staff).looked_by == staff


def test_agreed_it_stands_and_waits_no_more(look, other_moderator, conduct):
    agree_with(look, other_moderator)
    assert agree_with(look, other_moderator).agrees  # twice is once
    assert conduct.events.filter(action="second_look", actor=other_moderator).count() == 1
    assert for_viewer(facts_of(other_moderator)) == []


def test_asked_to_undo_it_stands_until_somebody_does_and_who_decided_hears_why(
    told, look, moderator, other_moderator, staff, member
):
    with pytest.raises(Missing):
        ask_to_undo(look, other_moderator, "")
    heard = told(lambda: ask_to_undo(look, other_moderator, "It was a joke between friends."))
    assert (f"member:{moderator.pk}", "notice.changed", look.decision_id) in heard
    member.refresh_from_db()
    assert member.standing == "suspended"
    assert for_board(facts_of(staff)).asked == [look]
    undo_decision(look.decision, moderator)
    assert for_board(facts_of(staff)).asked == []


def test_a_third_person_may_let_it_stand_and_says_why(look, moderator, other_moderator, staff):
    with pytest.raises(NotAllowed, match="Nobody asks to undo"):
        let_stand(look, staff, "It is right.")
    ask_to_undo(look, other_moderator, "Too long.")
    for not_they in (moderator, other_moderator):
        with pytest.raises(NotAllowed):
            let_stand(look, not_they, "It is right.")
    assert let_stand(look, staff, "It is right.").kept_because == "It is right."
    assert let_stand(look, staff, "It is right.").kept_by == staff  # twice is once
    assert for_board(facts_of(staff)).asked == []


def test_nobody_looks_at_their_own_or_at_what_they_reported(look, conduct, moderator, other_moderator, make_member):
    report = Report.objects.get()
    Report.objects.filter(pk=report.pk).update(reporter=other_moderator)
    for had_a_hand in (moderator, other_moderator):
        assert for_viewer(facts_of(had_a_hand)) == []
        with pytest.raises(NotAllowed, match="no hand in it"):
            agree_with(look, had_a_hand)


@pytest.mark.parametrize("who", ["member", "other_member", "administrator", "independent"])
def test_nobody_else_learns_of_it(request, look, who):
    person = request.getfixturevalue(who)
    assert for_viewer(facts_of(person)) == [] == for_board(facts_of(person)).waiting
    with pytest.raises(NotAllowed, match="nothing here"):
        agree_with(look, person)


def test_what_was_undone_waits_for_nobody(look, moderator, other_moderator):
    undo_decision(look.decision, moderator)
    assert for_viewer(facts_of(other_moderator)) == []
    with pytest.raises(NothingToDo):
        agree_with(look, other_moderator)


def test_who_has_blocked_them_leaves_it_to_others(look, other_moderator, member):
    other_moderator.blocks_made.create(blocked=member)
    assert for_viewer(facts_of(other_moderator)) == []
    with pytest.raises(NotAllowed, match="blocked"):
        agree_with(look, other_moderator)


def test_the_database_keeps_the_two_apart(look, moderator, other_moderator):
    rows = SecondLook.objects.filter(pk=look.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(looked_by=moderator, looked_at=timezone.now(), agrees=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(looked_by=other_moderator, looked_at=timezone.now(), agrees=False)  # without a reason
    assert rows.update(looked_by=other_moderator, looked_at=timezone.now(), agrees=False, reason="No.")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(kept_by=other_moderator, kept_at=timezone.now(), kept_because="Mine.")


def test_late_it_stands_on_the_staff_board_and_mails_staff_once(look, staff, other_staff, moderator, time_machine):
    remind_of_late_looks()
    assert not Delivery.objects.filter(subject__contains="second look").exists()
    time_machine.move_to(look.due_at)
    assert remind_of_late_looks() == 1
    assert remind_of_late_looks() == 0
    mails = Delivery.objects.filter(subject__contains="second look")
    assert {mail.address for mail in mails} == {staff.email, other_staff.email}
    assert all("robin" not in mail.subject + mail.body for mail in mails)
    board = for_board(facts_of(staff))
    assert board.waiting == [look] and look.due_at <= board.now


def test_the_clock_knows_it(db):
    assert "moderation.second_looks" in set(clock.tick())


def test_one_about_the_team_is_the_independents_own(
    make_member, other_member, other_moderator, independent, post_by, time_machine
):
    other_independent = make_member("plover", role="independent")
    case = report_post(other_member, post_by(other_moderator), "rule", "abuse", key=uuid4()).case
    claim_case(case, independent)
    decide(again(case), independent, "suspend")
    look = SecondLook.objects.get()
    assert for_viewer(facts_of(other_independent)) == [look]
    time_machine.move_to(look.due_at)
    remind_of_late_looks()
    late = Delivery.objects.filter(subject__contains="second look")
    assert [mail.address for mail in late] == [other_independent.email]


@pytest.mark.django_db(transaction=True)
def test_of_two_looks_at_once_one_counts(look, other_moderator, staff, at_once):
    results = at_once(lambda: agree_with(look, other_moderator), lambda: ask_to_undo(look, staff, "No."))
    assert sum(isinstance(result, SecondLook) for result in results) == 1
    assert (
        sum(isinstance(result, CaseMoved) and "has looked at this already" in result.message for result in results) == 1
    )

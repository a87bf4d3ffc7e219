"""Passing a case to staff, taking it, recording, closing, returning."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from moderation.actions.cases import claim_case
from moderation.actions.escalation import (
    close_case,
    escalate_case,
    reopen_case,
    return_case,
    take_case,
)
from moderation.actions.records import read_record
from moderation.models import Case, CaseEvent, CrisisRecord, Outcome, State
from moderation.refusals import CaseMoved, Missing, NotAllowed
from tests.moderation.records import write_record


def test_a_moderator_escalates_with_a_note(told, held_case, moderator):
    case = held_case()
    heard = told(lambda: escalate_case(case, moderator, "They have a plan."))
    case.refresh_from_db()
    assert (case.state, case.holder, case.escalated_by, case.episode) == (State.ESCALATED, None, moderator, 1)
    assert {stream for stream, kind, _ref in heard if kind == "case.changed"} == {"moderation", "staff"}
    assert case.events.get(action="escalate").said.words == "They have a plan."


def test_anybody_of_the_team_escalates_what_a_colleague_holds(held_case, other_moderator):
    assert escalate_case(held_case(), other_moderator, "I know this person.").escalated_by == other_moderator


def test_escalating_needs_a_note(held_case, moderator):
    with pytest.raises(Missing):
        escalate_case(held_case(), moderator, " ")


def test_a_member_escalates_nothing(open_case, other_member):
    with pytest.raises(NotAllowed):
        escalate_case(open_case(), other_member, "Please.")


def test_what_is_with_staff_is_not_escalated_again(staff_case, moderator):
    with pytest.raises(NotAllowed):
        escalate_case(staff_case(), moderator, "Please.")


def test_escalating_twice_is_refused_with_who_was_first(held_case, moderator, other_moderator):
    case = held_case()
    seen = Case.objects.get(pk=case.pk)
    escalate_case(case, moderator, "Please.")
    with pytest.raises(CaseMoved, match="escalate"):
        escalate_case(seen, other_moderator, "Please.")


@pytest.mark.parametrize(
    ("category", "within"), [("danger_now", timedelta(minutes=30)), ("ending_life", timedelta(hours=4))]
)
def test_staff_take_it_and_owe_the_next_action(escalated_case, staff, category, within):
    case = take_case(escalated_case(category), staff)
    assert (case.state, case.holder) == (State.WITH_STAFF, staff)
    assert timedelta(0) < case.next_action_due - timezone.now() <= within


def test_a_moderator_takes_nothing(escalated_case, moderator, staff):
    case = escalated_case()
    with pytest.raises(NotAllowed, match="staff"):
        take_case(case, moderator)
    assert take_case(case, staff)


def test_taking_twice_is_taking_once(escalated_case, staff):
    case = escalated_case()
    take_case(Case.objects.get(pk=case.pk), staff)
    take_case(case, staff)
    assert CaseEvent.objects.filter(action="take").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_staff_one_takes_it(escalated_case, staff, other_staff, at_once):
    case = escalated_case()
    seen = [Case.objects.get(pk=case.pk), Case.objects.get(pk=case.pk)]
    results = at_once(lambda: take_case(seen[0], staff), lambda: take_case(seen[1], other_staff))
    assert sorted(type(result).__name__ for result in results) == ["Case", "CaseMoved"]


def test_a_care_case_is_not_closed_without_a_record(staff_case, staff):
    case = staff_case()
    with pytest.raises(Missing) as refused:
        close_case(case, staff)
    assert refused.value.field == "because"
    assert Case.objects.get(pk=case.pk).state == State.WITH_STAFF


def test_a_care_case_is_closed_with_its_record(staff_case, staff, told, other_member):
    case = staff_case()
    write_record(case, staff)
    case.refresh_from_db()
    heard = told(lambda: close_case(case, staff))
    case.refresh_from_db()
    assert (case.state, case.outcome, case.closed_by) == (State.CLOSED, Outcome.RECORDED, staff)
    assert (f"member:{other_member.pk}", "notice.changed", case.pk) in heard


def test_a_record_of_an_earlier_escalation_does_not_close_this_one(staff_case, staff, moderator):
    case = staff_case()
    write_record(case, staff)
    back = return_case(Case.objects.get(pk=case.pk), staff, "Please stay with them.")
    again = take_case(escalate_case(claim_case(back, moderator), moderator, "Worse."), staff)
    with pytest.raises(Missing):
        close_case(again, staff)


def test_a_short_close_says_why_and_a_second_person_reads_it(staff_case, staff, other_staff, moderator):
    case = close_case(staff_case(), staff, because="They were quoting a song.")
    record = CrisisRecord.objects.get()
    assert case.outcome == Outcome.NOT_A_CRISIS
    assert timedelta(hours=23) < record.second_due_at - timezone.now() <= timedelta(hours=24)
    for person in (staff, moderator):
        with pytest.raises(NotAllowed):
            read_record(record, person)
    read_record(record, other_staff)
    assert read_record(record, other_staff).second_reader == other_staff
    assert case.events.filter(action="second_reading").count() == 1


def test_a_conduct_case_is_closed_with_a_note(staff_case, staff):
    case = staff_case(door="rule")
    with pytest.raises(Missing):
        close_case(case, staff)
    assert close_case(case, staff, note="Spoke with them.").state == State.CLOSED


def test_a_returned_case_is_offered_to_who_escalated_it(staff_case, staff, moderator):
    case = return_case(staff_case(), staff, "All yours again.")
    assert (case.state, case.holder, case.offered_to) == (State.OPEN, None, moderator)
    assert case.due_at is not None
    assert claim_case(case, moderator).offered_to is None


def test_another_of_the_staff_does_not_return_it(staff_case, other_staff):
    with pytest.raises(NotAllowed):
        return_case(staff_case(), other_staff, "Mine.")


def test_closing_twice_is_refused_with_who_closed(staff_case, staff):
    case = staff_case()
    seen = Case.objects.get(pk=case.pk)
    close_case(case, staff, because="No.")
    with pytest.raises(CaseMoved, match="close"):
        close_case(seen, staff, because="No.")
    assert CrisisRecord.objects.count() == 1


def test_staff_open_a_closed_case_again(staff_case, staff, moderator):
    case = close_case(staff_case(), staff, because="No.")
    with pytest.raises(NotAllowed):
        reopen_case(case, moderator, "I think it was.")
    assert reopen_case(case, staff, "It was.").state == State.OPEN


def test_a_case_is_not_opened_again_beside_a_live_one(staff_case, staff, member):
    from moderation.actions.reports import ask_for_team

    case = close_case(staff_case(), staff, because="No.")
    ask_for_team(member, "when_you_can", key=uuid4())
    with pytest.raises(NotAllowed, match="live case"):
        reopen_case(case, staff, "It was.")


def test_independent_contacts_take_what_escalates_about_the_team(open_case, moderator, independent, make_member, staff):
    other = make_member("dunlin", role="independent")
    case = escalate_case(claim_case(open_case(door="rule", subject=moderator), independent), independent, "Please.")
    with pytest.raises(NotAllowed):
        take_case(case, staff)
    assert take_case(case, other).holder == other

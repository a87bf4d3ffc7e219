"""Giving a case back, handing it to a colleague, and notes for colleagues."""

from uuid import uuid4

import pytest

from forum.models import Block
from moderation.actions.cases import claim_case, note_case, release_case
from moderation.actions.handing import hand_over_case
from moderation.actions.reports import report_post
from moderation.models import Case, CaseEvent, Report, State
from moderation.refusals import CaseMoved, Missing, NotAllowed

NOTE = "Rang twice. They would like to be written to tomorrow."


def test_a_case_goes_back_to_the_queue_with_a_clock_that_runs(told, held_case, moderator):
    case = held_case()
    heard = told(lambda: release_case(case, moderator))
    case.refresh_from_db()
    assert (case.state, case.holder, case.lapses_at) == (State.OPEN, None, None)
    assert case.due_at is not None
    assert heard == [("moderation", "case.changed", case.pk)]


def test_only_the_holder_gives_it_back(held_case, other_moderator, moderator):
    case = held_case()
    with pytest.raises(NotAllowed, match="Somebody else holds"):
        release_case(case, other_moderator)
    assert release_case(case, moderator)


def test_an_open_case_is_not_given_back(open_case, moderator):
    with pytest.raises(NotAllowed):
        release_case(open_case(), moderator)


def test_giving_back_twice_is_refused_with_what_happened(held_case, moderator):
    case = held_case()
    seen = Case.objects.get(pk=case.pk)
    release_case(case, moderator)
    with pytest.raises(CaseMoved) as refused:
        release_case(seen, moderator)
    assert "heron gave this back at" in refused.value.message


@pytest.mark.django_db(transaction=True)
def test_given_back_and_passed_on_at_once_one_thing_happens(held_case, moderator, at_once):
    from moderation.actions.escalation import escalate_case

    case = held_case()
    seen = [Case.objects.get(pk=case.pk), Case.objects.get(pk=case.pk)]
    at_once(lambda: release_case(seen[0], moderator), lambda: release_case(seen[1], moderator))
    assert CaseEvent.objects.filter(action="release").count() == 1
    assert escalate_case(Case.objects.get(pk=case.pk), moderator, "Please.")


def test_a_case_is_handed_to_a_colleague_who_hears(told, held_case, moderator, other_moderator, on_duty):
    on_duty(other_moderator)
    case = held_case()
    heard = told(lambda: hand_over_case(case, moderator, other_moderator, NOTE))
    assert Case.objects.get(pk=case.pk).holder == other_moderator
    assert (f"member:{other_moderator.pk}", "notice.changed", case.pk) in heard


def test_a_case_is_not_handed_to_who_may_not_handle_it(held_case, moderator, other_moderator, other_member, member):
    case = held_case()
    Block.objects.create(blocker=other_moderator, blocked=member)
    for colleague in (other_moderator, other_member, moderator):
        with pytest.raises(NotAllowed):
            hand_over_case(case, moderator, colleague, NOTE)
    assert Case.objects.get(pk=case.pk).holder == moderator


def test_a_member_cannot_choose_who_handles_their_case_by_blocking(
    held_case, moderator, other_moderator, member, on_duty
):
    on_duty(other_moderator)
    case = held_case()
    Block.objects.create(blocker=member, blocked=other_moderator)
    hand_over_case(case, moderator, other_moderator, NOTE)
    assert Case.objects.get(pk=case.pk).holder == other_moderator


def test_a_conduct_case_is_not_handed_to_who_reported_it(held_case, moderator, other_moderator):
    case = held_case(door="rule")
    report_post(other_moderator, case.post, "rule", "abuse", key=uuid4())
    Report.objects.filter(reporter=other_moderator).update(source="member")
    with pytest.raises(NotAllowed):
        hand_over_case(Case.objects.get(pk=case.pk), moderator, other_moderator, NOTE)


def test_a_note_is_for_colleagues_and_stays_in_the_case(told, held_case, moderator, member):
    case = held_case()
    heard = told(lambda: note_case(case, moderator, "Rang twice."))
    assert case.events.get(action="note").said.words == "Rang twice."
    assert not any(stream == f"member:{member.pk}" for stream, _kind, _ref in heard)


def test_an_empty_note_is_refused_and_so_is_anothers(held_case, moderator, other_moderator):
    case = held_case()
    with pytest.raises(Missing):
        note_case(case, moderator, "\n")
    with pytest.raises(NotAllowed):
        note_case(case, other_moderator, "Hello.")
    assert not CaseEvent.objects.filter(action="note").exists()


def test_a_lapsed_claim_can_be_claimed_by_the_next(held_case, moderator, other_moderator):
    case = release_case(held_case(), moderator)
    assert claim_case(case, other_moderator).holder == other_moderator

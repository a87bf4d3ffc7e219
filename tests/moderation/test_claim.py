"""A moderator takes a case."""

from datetime import timedelta

import pytest
from django.utils import timezone

from forum.models import Block
from moderation.actions.cases import claim_case
from moderation.models import Case, CaseEvent, State
from moderation.refusals import CaseMoved, NotAllowed


def test_a_moderator_claims_an_open_case(open_case, moderator):
    case = claim_case(open_case(), moderator)
    case.refresh_from_db()
    assert (case.state, case.holder, case.first_looked_at is not None) == (State.IN_REVIEW, moderator, True)
    assert case.lapses_at - timezone.now() <= timedelta(minutes=30)
    assert case.due_at > timezone.now() + timedelta(hours=23)
    assert [event.action for event in case.events.all()] == ["open", "claim"]


def test_the_queue_and_the_reporter_hear_of_it(told, open_case, moderator, other_member):
    case = open_case()
    heard = told(lambda: claim_case(case, moderator))
    assert ("moderation", "case.changed", case.pk) in heard
    assert (f"member:{other_member.pk}", "notice.changed", case.pk) in heard
    assert not any(stream == "staff" for stream, _kind, _ref in heard)
    assert not any(stream == f"member:{case.subject_id}" for stream, _kind, _ref in heard)


def test_the_report_counts_as_read(open_case, moderator):
    case = open_case()
    assert case.reports.get().read_at is None
    claim_case(case, moderator)
    assert case.reports.get().read_by == moderator


def test_a_member_claims_nothing(open_case, moderator, other_member):
    case = open_case()
    with pytest.raises(NotAllowed):
        claim_case(case, other_member)
    assert claim_case(case, moderator).holder == moderator  # the premise: somebody else can


def test_nobody_claims_a_case_about_someone_they_blocked(open_case, moderator, other_moderator, member):
    case = open_case()
    Block.objects.create(blocker=other_moderator, blocked=member)
    with pytest.raises(NotAllowed, match="somebody else"):
        claim_case(case, other_moderator)
    assert claim_case(case, moderator).holder == moderator


def test_a_moderator_away_on_a_break_claims_nothing(open_case, other_moderator):
    other_moderator.standing = "on_break"
    other_moderator.save()
    with pytest.raises(NotAllowed):
        claim_case(open_case(), other_moderator)


def test_a_closed_case_is_not_claimed(staff_case, staff, moderator):
    from moderation.actions.escalation import close_case

    closed = close_case(staff_case(), staff, because="A misunderstanding.")
    with pytest.raises(NotAllowed):
        claim_case(closed, moderator)


def test_a_missing_case_is_not_claimed(moderator, db):
    with pytest.raises(Case.DoesNotExist):
        claim_case(Case(pk=404), moderator)


def test_claiming_twice_is_claiming_once(open_case, moderator):
    case = open_case()
    seen = Case.objects.get(pk=case.pk)
    claim_case(case, moderator)
    claim_case(seen, moderator)
    assert CaseEvent.objects.filter(case=case, action="claim").count() == 1


def test_only_one_of_two_moderators_gets_the_case(open_case, moderator, other_moderator):
    case = open_case()
    seen = Case.objects.get(pk=case.pk)
    claim_case(case, moderator)
    with pytest.raises(CaseMoved) as refused:
        claim_case(seen, other_moderator)
    assert (refused.value.who, refused.value.what) == (moderator, "claim")
    assert "heron took this at" in refused.value.message
    assert Case.objects.get(pk=case.pk).holder == moderator


def test_a_report_that_joins_meanwhile_does_not_stop_a_claim(open_case, moderator, staff, member):
    from uuid import uuid4

    from moderation.actions.reports import report_member

    case = open_case()
    seen = Case.objects.get(pk=case.pk)
    report_member(staff, member, "worry", "worried", key=uuid4())
    assert Case.objects.get(pk=case.pk).version > seen.version
    assert claim_case(seen, moderator).holder == moderator


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_press_at_once_one_gets_it(open_case, make_member, at_once):
    case = open_case()
    crowd = [make_member(f"mod{letter}", role="moderator") for letter in "abcdefghij"]
    results = at_once(*[lambda who=who: claim_case(Case.objects.get(pk=case.pk), who) for who in crowd])
    assert sum(isinstance(result, Case) for result in results) == 1
    assert sum(isinstance(result, CaseMoved | NotAllowed) for result in results) == 9
    assert CaseEvent.objects.filter(case=case, action="claim").count() == 1

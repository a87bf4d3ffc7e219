"""Who undoes a decision: nobody who could not have made it. Whoever gives rights back needs no second name."""

from uuid import uuid4

import pytest
from django.urls import reverse

from forum.models import Member
from moderation.actions.cases import claim_case
from moderation.actions.decisions import undo_decision
from moderation.actions.reports import report_post
from moderation.models import Case, Decision
from moderation.refusals import NotAllowed
from tests.moderation.hearings import decide
from tests.moderation.members import again

pytestmark = pytest.mark.django_db
BUTTON = '<button name="do" value="undo">'


@pytest.fixture
def reported_by(member, moderator, on_duty, post_by):
    """`reported_by(kestrel)`: a post of robin's, reported for a rule by one of the team."""

    def make(person):
        on_duty(moderator)
        return report_post(person, post_by(member), "rule", "abuse", key=uuid4()).case

    return make


def test_whoever_noticed_it_does_not_undo_what_they_could_not_have_decided(
    as_, reported_by, moderator, other_moderator, staff
):
    case = reported_by(other_moderator)
    decision = decide(claim_case(again(case), moderator), moderator, "remove")
    url = reverse("case", args=[case.pk])
    assert BUTTON in as_(moderator).get(url).text, "the premise"
    assert BUTTON not in as_(other_moderator).get(url).text
    with pytest.raises(NotAllowed, match="You noticed this yourself"):
        undo_decision(decision, other_moderator)
    assert Decision.objects.get().undone_at is None
    undo_decision(decision, staff)
    assert Decision.objects.get().undone_by == staff


def test_but_a_small_step_that_they_may_take_they_may_take_back(reported_by, moderator, other_moderator):
    decision = decide(claim_case(again(reported_by(other_moderator)), moderator), moderator, "fold")
    undo_decision(decision, other_moderator)
    assert Decision.objects.get().undone_by == other_moderator


def test_whoever_reported_it_before_they_had_a_role_undoes_nothing(reported_by, other_member, moderator):
    decision = decide(claim_case(again(reported_by(other_member)), moderator), moderator, "fold")
    Member.objects.filter(pk=other_member.pk).update(role="moderator")
    with pytest.raises(NotAllowed, match="You reported this"):
        undo_decision(decision, Member.objects.get(pk=other_member.pk))


def test_while_somebody_holds_the_case_nobody_else_undoes_in_it(as_, staff_case, moderator, staff):
    case = staff_case(door="rule")
    decision = decide(case, staff, "fold")
    assert again(case).holder == staff, "the premise"
    with pytest.raises(NotAllowed, match="Somebody else holds this"):
        undo_decision(decision, moderator)
    assert BUTTON not in as_(moderator).get(reverse("case", args=[case.pk])).text
    undo_decision(decision, staff)
    assert Decision.objects.get().undone_at is not None


def test_once_it_is_closed_another_undoes_it_as_before(held_case, moderator, other_moderator):
    decision = decide(held_case(door="rule"), moderator, "fold")
    assert Case.objects.get().state == "closed", "the premise"
    undo_decision(decision, other_moderator)
    assert Decision.objects.get().undone_by == other_moderator

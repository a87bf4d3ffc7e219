"""Who may see which case: the database and the memory agree, and the people it is about never learn of it."""

from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.access import ViewerFacts
from forum.models import Member, Role, Standing
from moderation import access, vocabulary, workflow
from moderation.actions.cases import claim_case
from moderation.live import case_sight
from moderation.models import Case, DecisionKind, Kind, Severity, State
from moderation.refusals import NotAllowed
from moderation.vocabulary import CaseFacts
from moderation.workflow import allowed_actions, decision_kinds, may_see_case, why_not

roles = st.sampled_from(Role.values)
people = st.builds(
    ViewerFacts,
    id=st.integers(1, 4),
    role=roles,
    standing=st.sampled_from(Standing.values),
    own_blocks=st.frozensets(st.integers(1, 4)),
)
cases = st.builds(
    CaseFacts,
    id=st.just(1),
    kind=st.sampled_from(Kind.values),
    state=st.sampled_from(State.values),
    severity=st.sampled_from(Severity.values),
    subject=st.integers(1, 4),
    subject_role=roles,
    holder=st.none() | st.integers(1, 4),
    escalated_by=st.none() | st.integers(1, 4),
    about_post=st.booleans(),
    reported_by=st.frozensets(st.integers(1, 4)),
    noticed_by=st.frozensets(st.integers(1, 4)),
    in_care=st.booleans(),
    carers=st.frozensets(st.integers(1, 4)),
)


def test_the_table_knows_the_words_the_rows_use():
    assert set(vocabulary.Role) == set(Role.values)
    assert [*vocabulary.State] == State.values
    assert [*vocabulary.Kind] == Kind.values
    assert [*vocabulary.Severity] == Severity.values
    assert [*vocabulary.DecisionKind] == DecisionKind.values


@pytest.fixture
def everybody(db):
    """One member per role now and role when the case was opened, with a case of each kind."""
    for number, (now, then) in enumerate(product(Role.values, Role.values)):
        flags = {"is_staff": now == Role.ADMINISTRATOR}
        person = Member.objects.create(
            email=f"{number}@x.test", handle=f"p{number}", handle_key=f"p{number}", role=now, **flags
        )
        for kind in Kind.values:
            Case.objects.create(kind=kind, subject=person, subject_role=then, severity=Severity.SOON)
    return Case.objects.all()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(viewer=people)
def test_database_and_memory_agree(everybody, viewer):
    viewer = ViewerFacts(everybody[viewer.id].subject_id, viewer.role, viewer.standing)
    facts = access.cases_facts(everybody)
    in_memory = {case for case, about in facts.items() if may_see_case(viewer, about)}
    assert set(everybody.filter(access.cases_visible_to(viewer)).values_list("pk", flat=True)) == in_memory


def test_the_comparison_has_something_to_compare(everybody):
    seen = [everybody.filter(access.cases_visible_to(ViewerFacts(0, role))).count() for role in Role.values]
    assert seen == [0, 2, 26, 24, 0]


@given(viewer=people, case=cases)
def test_who_may_do_anything_may_see_it_and_is_neither_its_subject_nor_apart(viewer, case):
    if allowed_actions(case, viewer) or decision_kinds(case, viewer):
        assert may_see_case(viewer, case)
        assert case_sight(viewer, case) == "state"
        assert case.subject != viewer.id
        assert case.subject not in viewer.own_blocks
        assert viewer.role not in (Role.MEMBER, Role.ADMINISTRATOR)


@given(viewer=people, case=cases)
def test_a_conduct_case_about_the_team_is_the_independent_contacts_alone(viewer, case):
    if case.kind == Kind.CONDUCT and case.subject_role != Role.MEMBER and may_see_case(viewer, case):
        assert viewer.role == Role.INDEPENDENT


@given(viewer=people, case=cases)
def test_a_care_case_about_the_team_is_for_staff(viewer, case):
    if case.kind == Kind.CARE and case.subject_role != Role.MEMBER and may_see_case(viewer, case):
        assert viewer.role == Role.STAFF


@given(viewer=people, case=cases)
def test_nobody_is_ever_warned_in_a_care_case(viewer, case):
    assert case.kind == Kind.CONDUCT or DecisionKind.WARNING not in decision_kinds(case, viewer)


@given(viewer=people, case=cases)
def test_nobody_decides_a_conduct_case_on_their_own_report(viewer, case):
    if case.kind == Kind.CONDUCT and viewer.id in case.reported_by:
        assert decision_kinds(case, viewer) == []
    if case.kind == Kind.CONDUCT and viewer.id in case.noticed_by:
        assert set(decision_kinds(case, viewer)) <= workflow.REVERSIBLE


@given(viewer=people, case=cases)
def test_every_refusal_is_a_sentence_and_every_button_is_allowed(viewer, case):
    for action in workflow.TRANSITIONS:
        sentence = why_not(action, case, viewer)
        assert (sentence == "") == (action in allowed_actions(case, viewer))
        assert sentence == "" or sentence.endswith(".")


def test_moderators_do_not_see_a_case_about_one_of_them(
    open_case, make_member, moderator, other_moderator, independent, staff
):
    case = open_case(door="rule", subject=moderator)
    for person in (moderator, other_moderator, staff):
        assert not Case.objects.filter(access.cases_visible_to(person)).exists()
        with pytest.raises(NotAllowed):
            claim_case(case, person)
    assert claim_case(case, independent).holder == independent


def test_a_case_about_the_team_stays_theirs_to_see_no_more_when_the_role_is_laid_down(
    open_case, moderator, other_moderator, independent
):
    case = open_case(door="rule", subject=moderator)
    moderator.role = Role.MEMBER
    moderator.save()
    assert not Case.objects.filter(access.cases_visible_to(other_moderator)).exists()
    assert Case.objects.filter(access.cases_visible_to(independent)).get() == case


def test_the_streams_of_the_team_are_joined_by_the_team():
    assert access.staff_streams(ViewerFacts(1, Role.MEMBER)) == []
    assert access.staff_streams(ViewerFacts(1, Role.ADMINISTRATOR)) == []
    assert access.staff_streams(ViewerFacts(1, Role.MODERATOR)) == ["moderation"]
    assert access.staff_streams(ViewerFacts(1, Role.MODERATOR, Standing.SUSPENDED)) == []
    assert access.staff_streams(ViewerFacts(1, Role.STAFF)) == ["moderation", "staff"]

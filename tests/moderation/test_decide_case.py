"""Deciding a case: what happens to the words, what the member is told, what closes."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from forum.models import Post, Status
from moderation.actions.cases import claim_case, note_case
from moderation.actions.decisions import decide_case, undo_decision
from moderation.actions.reports import report_post
from moderation.models import Case, Decision, State
from moderation.refusals import CaseMoved, Missing, NotAllowed, NothingToDo, TwoLanes, WordsChanged


@pytest.fixture
def conduct(held_case):
    return held_case(door="rule")


def decide(case, actor, kind, **more):
    more.setdefault("seen_post_version", case.post.version if case.post else None)
    more.setdefault("rule", "kindness")
    return decide_case(case, actor, kind, **more)


@pytest.mark.parametrize(
    ("kind", "status"),
    [("no_action", Status.VISIBLE), ("fold", Status.FOLDED), ("remove", Status.REMOVED), ("warning", Status.VISIBLE)],
)
def test_a_decision_is_done_told_and_closes_the_case(conduct, moderator, kind, status):
    decision = decide(conduct, moderator, kind)
    conduct.refresh_from_db()
    assert (conduct.state, conduct.holder, conduct.closed_by) == (State.CLOSED, None, moderator)
    assert conduct.post.status == status
    assert decision.told and decision.subject == conduct.subject
    assert decision.before == {"status": "visible", "held_for": "", "content_note": ""}
    assert "heron" in decision.statement and "robin" in decision.statement


def test_a_statement_names_the_rule_and_how_to_ask_again(conduct, moderator):
    statement = decide(conduct, moderator, "fold").statement
    assert "Be kind" in statement
    assert "Somebody other than heron" in statement
    assert "a person" in statement


def test_the_moderators_own_words_are_the_statement(conduct, moderator):
    assert decide(conduct, moderator, "fold", statement=" Hello Robin. ").statement == "Hello Robin."


def test_a_content_note_folds_the_words_behind_it(conduct, moderator):
    decide(conduct, moderator, "content_note", content_note="self-harm")
    assert Post.objects.get(pk=conduct.post_id).content_note == "self-harm"


def test_the_member_the_reporter_and_the_wall_hear_of_it(told, conduct, moderator, member, other_member):
    heard = told(lambda: decide(conduct, moderator, "remove"))
    assert ("wall", "post.removed", conduct.post_id) in heard
    assert ("moderation", "case.changed", conduct.pk) in heard
    decision = Decision.objects.get()
    assert (f"member:{member.pk}", "notice.changed", decision.pk) in heard
    assert (f"member:{other_member.pk}", "notice.changed", conduct.pk) in heard


def test_only_who_holds_it_decides(conduct, moderator, other_moderator):
    with pytest.raises(NotAllowed, match="Somebody else holds"):
        decide(conduct, other_moderator, "fold")
    assert decide(conduct, moderator, "fold")


def test_an_open_case_is_not_decided(open_case, moderator):
    with pytest.raises(NotAllowed):
        decide(open_case(door="rule"), moderator, "fold")


def test_nobody_decides_what_they_reported_through_a_door(make_member, post_by, open_case, moderator, other_moderator):
    from uuid import uuid4

    from moderation.actions.reports import report_post
    from moderation.models import Report

    case = open_case(door="rule")
    report_post(other_moderator, case.post, "rule", "abuse", key=uuid4())
    Report.objects.filter(reporter=other_moderator).update(source="member")  # reported from before they had a role
    with pytest.raises(NotAllowed, match="You reported this"):
        claim_case(Case.objects.get(pk=case.pk), other_moderator)
    assert claim_case(Case.objects.get(pk=case.pk), moderator)


def test_what_a_moderator_noticed_they_fold_and_the_next_person_decides(member, moderator, other_moderator, post_by):
    case = report_post(moderator, post_by(member), "rule", "abuse", key=uuid4()).case
    claim_case(case, moderator)
    case.refresh_from_db()
    with pytest.raises(NotAllowed, match="noticed this yourself"):
        decide(case, moderator, "remove")
    decide(case, moderator, "fold")
    case.refresh_from_db()
    assert (case.state, case.holder, case.post.status) == (State.OPEN, None, Status.FOLDED)
    claim_case(case, other_moderator)
    case.refresh_from_db()
    decide(case, other_moderator, "remove")
    assert Case.objects.get(pk=case.pk).state == State.CLOSED


def test_staff_take_steps_and_go_on_holding_the_case(staff_case, staff):
    case = staff_case(door="rule")
    decide(case, staff, "fold")
    case.refresh_from_db()
    assert (case.state, case.holder, case.post.status) == (State.WITH_STAFF, staff, Status.FOLDED)


def test_a_case_that_is_not_there_is_not_decided(moderator, member, db):
    with pytest.raises(Case.DoesNotExist):
        decide_case(Case(pk=404, subject=member), moderator, "no_action")


def test_words_that_changed_are_not_judged_unseen(conduct, moderator):
    Post.objects.filter(pk=conduct.post_id).update(version=2, body="Something else.")
    with pytest.raises(WordsChanged):
        decide(conduct, moderator, "remove", seen_post_version=1)
    with pytest.raises(WordsChanged):
        decide(conduct, moderator, "remove", seen_post_version=None)
    assert Decision.objects.count() == 0
    assert decide(conduct, moderator, "remove", seen_post_version=2).post_version == 2


def test_a_fold_needs_a_rule_and_a_note_needs_words(conduct, moderator):
    with pytest.raises(Missing) as refused:
        decide(conduct, moderator, "fold", rule="")
    assert refused.value.field == "rule"
    with pytest.raises(Missing) as refused:
        decide(conduct, moderator, "content_note", content_note=" ")
    assert refused.value.field == "content_note"
    assert Case.objects.get(pk=conduct.pk).state == State.IN_REVIEW


def test_a_content_note_names_a_rule_or_that_it_is_for_safety(conduct, moderator):
    with pytest.raises(Missing) as refused:
        decide(conduct, moderator, "content_note", content_note="self-harm", rule="")
    assert refused.value.field == "rule"
    decision = decide(conduct, moderator, "content_note", content_note="self-harm", rule="safety")
    assert (decision.rule, decision.rules_version != "") == ("safety", True)
    assert "It breaks no rule and does not count against you." in decision.statement


def test_what_stands_is_not_put_back(conduct, moderator):
    with pytest.raises(NothingToDo):
        decide(conduct, moderator, "restore")


def test_deciding_twice_is_refused_with_who_decided(conduct, moderator):
    seen = Case.objects.get(pk=conduct.pk)
    decide(conduct, moderator, "fold")
    with pytest.raises(CaseMoved) as refused:
        decide(seen, moderator, "fold", seen_post_version=2)
    assert "heron decided this" in refused.value.message
    assert Decision.objects.count() == 1


def test_a_report_that_joined_unseen_stops_a_decision(conduct, moderator, staff):
    from uuid import uuid4

    from moderation.actions.reports import report_post

    seen = Case.objects.get(pk=conduct.pk)
    report_post(staff, conduct.post, "rule", "threat", key=uuid4())
    with pytest.raises(CaseMoved, match="report"):
        decide(seen, moderator, "no_action")
    assert Case.objects.get(pk=conduct.pk).state == State.IN_REVIEW
    assert decide(Case.objects.get(pk=conduct.pk), moderator, "no_action")


def test_ones_own_note_makes_ones_own_page_no_older(conduct, moderator):
    seen = Case.objects.get(pk=conduct.pk)
    note_case(conduct, moderator, "Read it twice.")
    assert decide(seen, moderator, "no_action")


@pytest.mark.django_db(transaction=True)
def test_of_two_opposite_decisions_one_happens(conduct, moderator, at_once):
    results = at_once(
        lambda: decide(Case.objects.get(pk=conduct.pk), moderator, "remove", seen_post_version=1),
        lambda: decide(Case.objects.get(pk=conduct.pk), moderator, "no_action", seen_post_version=1),
    )
    assert sum(isinstance(result, Decision) for result in results) == 1
    assert Decision.objects.count() == 1
    assert conduct.events.filter(action="decide").count() == 1


def test_nobody_is_warned_for_a_worry(held_case, moderator):
    case = held_case()
    with pytest.raises(NotAllowed, match="worried about"):
        decide_case(case, moderator, "warning", rule="kindness")


def test_the_database_refuses_a_warning_on_a_care_case(held_case, conduct, moderator, member):
    def warn(case, case_kind):
        with transaction.atomic():
            return Decision.objects.create(
                case=case, case_kind=case_kind, kind="warning", statement="", decided_by=moderator, subject=member
            )

    assert warn(conduct, "conduct")  # the premise: it can be written
    care = held_case()
    with pytest.raises(IntegrityError):
        warn(care, "care")
    with pytest.raises(IntegrityError):
        warn(care, "conduct")  # and nobody gets round it by calling the case something else
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=care.pk).update(kind="conduct")


def test_words_in_a_care_case_are_folded_for_safety_without_a_rule(held_case, moderator, member):
    case = held_case()
    post = member.posts.get()
    decision = decide_case(case, moderator, "fold", post=post, seen_post_version=1, rule="kindness")
    assert decision.rule == Decision.SAFETY
    assert "does not count against you" in decision.statement


def test_a_worry_that_led_to_nothing_is_not_told(held_case, moderator):
    assert not decide_case(held_case(), moderator, "no_action").told


def test_somebody_elses_words_are_not_judged_in_this_case(held_case, moderator, other_member, post_by):
    with pytest.raises(NotAllowed, match="somebody else's"):
        decide_case(held_case(), moderator, "fold", post=post_by(other_member), seen_post_version=1)


def test_a_step_against_a_member_waits_for_who_looks_after_them(open_case, conduct, moderator, other_moderator):
    care = claim_case(open_case("ending_life", about_post=False), other_moderator)
    with pytest.raises(TwoLanes, match="looking after"):
        decide(conduct, moderator, "warning")
    folded = decide(Case.objects.get(pk=conduct.pk), moderator, "fold")
    assert folded.rule == Decision.SAFETY  # words may still be folded, but nothing is held against them
    assert care.holder == other_moderator


def test_a_mild_worry_stops_no_warning(open_case, conduct, moderator):
    open_case("worried", about_post=False)
    assert decide(conduct, moderator, "warning")


@pytest.mark.parametrize("kind", ["fold", "remove", "content_note"])
def test_a_decision_is_undone_in_full(conduct, moderator, other_moderator, kind):
    decision = decide(conduct, moderator, kind, content_note="hard")
    undo_decision(decision, other_moderator)
    post = Post.objects.get(pk=conduct.post_id)
    assert (post.status, post.content_note) == (Status.VISIBLE, "")
    decision.refresh_from_db()
    assert decision.undone_by == other_moderator
    assert conduct.events.filter(action="undo").count() == 1


def test_undoing_twice_is_undoing_once(conduct, moderator):
    decision = decide(conduct, moderator, "fold")
    undo_decision(decision, moderator)
    undo_decision(decision, moderator)
    assert conduct.events.filter(action="undo").count() == 1


def test_a_member_undoes_nothing(conduct, moderator, other_member):
    decision = decide(conduct, moderator, "fold")
    with pytest.raises(NotAllowed):
        undo_decision(decision, other_member)
    assert Post.objects.get(pk=conduct.post_id).status == Status.FOLDED


def test_words_their_author_took_back_stay_back(conduct, moderator, member):
    from forum.actions.posts import withdraw_post

    decision = decide(conduct, moderator, "fold")
    withdraw_post(member, Post.objects.get(pk=conduct.post_id))
    undo_decision(decision, moderator)
    assert Post.objects.get(pk=conduct.post_id).status == Status.WITHDRAWN

"""A ban takes two people: the first proposes and nothing changes, a second who had no hand in it agrees or says why not."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from forum.models import Member
from moderation.actions.cases import claim_case
from moderation.actions.decisions import decide_case, undo_decision
from moderation.actions.escalation import close_case
from moderation.actions.proposals import confirm_ban, propose_ban, refuse_ban
from moderation.actions.reports import report_post
from moderation.models import Case, Decision, Proposal, State
from moderation.refusals import CaseMoved, Missing, NotAllowed, StandsAlready, TwoLanes
from tests.moderation.members import again, ban, decide, propose


@pytest.fixture
def conduct(held_case):
    return held_case(door="rule")


@pytest.fixture
def proposed(conduct, moderator):
    return propose(conduct, moderator)


def stands(member):
    return Member.objects.get(pk=member.pk).current_standing


def test_a_proposal_changes_nothing_and_tells_the_member_nothing(told, conduct, moderator, member):
    heard = told(lambda: propose(conduct, moderator))
    assert stands(member) == "active" and not Decision.objects.exists()
    assert not [event for event in heard if event[0] == f"member:{member.pk}"]
    case = again(conduct)
    assert (case.state, case.holder) == (State.OPEN, None)
    assert conduct.events.filter(action="propose", actor=moderator).exists()


def test_a_second_person_agrees_and_the_member_is_told_by_whom(
    told, proposed, conduct, moderator, other_moderator, member
):
    heard = told(lambda: confirm_ban(again(conduct), other_moderator, proposed))
    decision = Decision.objects.get()
    assert (decision.decided_by, decision.confirmed_by, decision.until) == (moderator, other_moderator, None)
    assert decision.statement == proposed.statement and "Two people decided this" in decision.statement
    assert (stands(member), again(conduct).state) == ("banned", State.CLOSED)
    assert (f"member:{member.pk}", "rights.changed", member.pk) in heard
    assert (f"member:{member.pk}", "notice.changed", decision.pk) in heard
    assert (f"member:{moderator.pk}", "notice.changed", proposed.pk) in heard
    assert (
        not conduct.subject.is_active or Member.objects.get(pk=member.pk).is_active
    )  # signing in leads to the small room


def test_agreeing_twice_is_agreeing_once(proposed, conduct, other_moderator):
    first = confirm_ban(again(conduct), other_moderator, proposed)
    assert confirm_ban(again(conduct), other_moderator, proposed) == first
    assert Decision.objects.count() == 1


def test_refused_nothing_changes_and_the_case_goes_on(told, proposed, conduct, moderator, other_moderator, member):
    with pytest.raises(Missing):
        refuse_ban(again(conduct), other_moderator, proposed, " ")
    heard = told(lambda: refuse_ban(again(conduct), other_moderator, proposed, "A week would do."))
    assert (stands(member), again(conduct).state) == ("active", State.OPEN)
    assert not [event for event in heard if event[0] == f"member:{member.pk}"]
    assert (f"member:{moderator.pk}", "notice.changed", proposed.pk) in heard
    claim_case(again(conduct), other_moderator)
    assert decide(again(conduct), other_moderator, "suspend")


def test_who_proposed_it_does_not_answer(proposed, conduct, moderator):
    for answer in (
        lambda: confirm_ban(again(conduct), moderator, proposed),
        lambda: refuse_ban(again(conduct), moderator, proposed, "No."),
    ):
        with pytest.raises(NotAllowed, match="no hand in it"):
            answer()
    claim_case(again(conduct), moderator)
    with pytest.raises(NotAllowed, match="no hand in it"):
        confirm_ban(again(conduct), moderator, proposed)


def test_who_noticed_or_decided_something_in_it_does_not_answer(
    conduct, moderator, other_moderator, staff, make_member
):
    decide_case(conduct, moderator, "no_action", seen_post_version=1)
    case = report_post(staff, conduct.post, "rule", "abuse", key=uuid4()).case
    claim_case(case, other_moderator)
    proposal = propose(again(case), other_moderator)
    with pytest.raises(NotAllowed, match="no hand in it"):
        confirm_ban(again(case), staff, proposal)
    assert confirm_ban(again(case), moderator, proposal)  # another case's decision is another hand


@pytest.mark.parametrize("who", ["member", "other_member", "administrator", "independent"])
def test_nobody_else_answers_or_learns_of_it(request, proposed, conduct, who):
    person = request.getfixturevalue(who)
    with pytest.raises(NotAllowed, match="nothing here"):
        confirm_ban(again(conduct), person, proposed)


def test_while_it_waits_nothing_else_is_decided_about_them_and_the_case_stays(
    proposed, conduct, other_moderator, make_member
):
    claim_case(again(conduct), other_moderator)
    for kind in ("warning", "suspend", "no_action"):
        with pytest.raises(NotAllowed, match="A ban was proposed"):
            decide(again(conduct), other_moderator, kind)
    with pytest.raises(NotAllowed, match="A ban was proposed"):
        propose(again(conduct), other_moderator)
    decide(again(conduct), other_moderator, "fold")  # words can still be folded
    assert again(conduct).state == State.OPEN


def test_staff_who_hold_it_go_on_holding_it(staff_case, staff, other_staff, member):
    case = staff_case(door="rule")
    proposal = propose(case, staff)
    with pytest.raises(NotAllowed, match="A ban was proposed"):
        close_case(again(case), staff, note="Done.")
    confirm_ban(again(case), other_staff, proposal)
    case = again(case)
    assert (case.state, case.holder, stands(member)) == (State.WITH_STAFF, staff, "banned")
    assert close_case(case, staff, note="Done.").state == State.CLOSED


def test_it_needs_a_rule_and_nobody_is_punished_twice(conduct, moderator, other_moderator, other_member):
    with pytest.raises(Missing):
        propose(conduct, moderator, rule="")
    decide(conduct, moderator, "warning")
    case = report_post(other_member, conduct.post, "rule", "abuse", key=uuid4()).case
    claim_case(case, other_moderator)
    with pytest.raises(StandsAlready):
        propose(again(case), other_moderator)


def test_agreeing_waits_for_who_looks_after_them(proposed, conduct, open_case, other_moderator, staff, member):
    claim_case(open_case("ending_life", about_post=False), staff)
    with pytest.raises(TwoLanes):
        confirm_ban(again(conduct), other_moderator, proposed)
    assert stands(member) == "active"
    assert refuse_ban(again(conduct), other_moderator, proposed, "Not tonight.")


def test_one_person_alone_never_bans(conduct, moderator):
    with pytest.raises(NotAllowed, match="two people"):
        decide_case(conduct, moderator, "ban", rule="kindness", seen_post_version=1)


def test_nobody_is_proposed_for_a_ban_because_of_a_worry(held_case, moderator):
    with pytest.raises(NotAllowed, match="being worried about"):
        propose_ban(held_case(), moderator, rule="kindness")


def test_the_database_knows_two_people_from_one(conduct, moderator, other_moderator, member):
    facts = {"case": conduct, "case_kind": "conduct", "kind": "ban", "statement": "", "subject": member}
    for second in (None, moderator):
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.create(decided_by=moderator, confirmed_by=second, **facts)
    assert Decision.objects.create(decided_by=moderator, confirmed_by=other_moderator, **facts)
    proposal = Proposal.objects.create(case=conduct, subject=member, proposed_by=moderator, rule="kindness")
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(
            answered_by=moderator, answered_at=timezone.now(), reason="Mine."
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.create(case=conduct, subject=member, proposed_by=other_moderator, rule="kindness")


def test_a_ban_is_undone_in_full(conduct, moderator, other_moderator, staff, member):
    undo_decision(ban(conduct, moderator, other_moderator), staff)
    assert stands(member) == "active"


@pytest.mark.django_db(transaction=True)
def test_of_yes_and_no_at_once_one_counts_and_the_other_hears_who(
    proposed, conduct, other_moderator, staff, member, at_once
):
    results = at_once(
        lambda: confirm_ban(again(conduct), other_moderator, proposed),
        lambda: refuse_ban(again(conduct), staff, proposed, "No."),
    )
    refused = [result for result in results if isinstance(result, CaseMoved)]
    assert len(refused) == 1 and ("agree" in refused[0].message)
    answered = Proposal.objects.get()
    assert (stands(member) == "banned") == (answered.decision is not None)
    assert Case.objects.get().events.filter(action__in=["confirm", "refuse"]).count() == 1

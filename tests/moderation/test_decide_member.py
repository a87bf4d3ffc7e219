"""Deciding about a member, in cases about conduct alone: what it does, until when, what they are told, and never twice."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from forum.actions.membership import lift_ended_standings
from forum.models import Member, Post, RuleSet
from moderation import access, vocabulary
from moderation.actions.cases import claim_case
from moderation.actions.decisions import decide_case, undo_decision
from moderation.actions.reports import report_member, report_post
from moderation.lasting import CHOICES, end_of
from moderation.models import Case, Decision, Kind, State
from moderation.refusals import CaseMoved, Missing, NotAllowed, StandsAlready, TwoLanes
from moderation.vocabulary import ON_THE_MEMBER
from moderation.workflow import decision_kinds
from tests.moderation.members import LASTING, TOLD, WEEK, again, decide

STANDINGS = {"slow": "slowed", "pause": "paused", "suspend": "suspended"}
OFFERED = [*TOLD, *LASTING, "ban"]


@pytest.fixture
def conduct(held_case):
    return held_case(door="rule")


def stands(member):
    return Member.objects.get(pk=member.pk).current_standing


@pytest.mark.parametrize("kind", TOLD)
def test_a_friendly_word_and_a_warning_are_told_and_change_nothing(conduct, moderator, member, kind):
    decision = decide(conduct, moderator, kind)
    assert (stands(member), decision.until) == ("active", None)
    assert decision.told and "Be kind" in decision.statement
    assert again(conduct).state == State.CLOSED


@pytest.mark.parametrize("kind", LASTING)
def test_a_step_against_a_member_holds_until_its_end_and_says_so(conduct, moderator, member, kind, time_machine):
    decision = decide(conduct, moderator, kind)
    assert stands(member) == STANDINGS[kind]
    assert timedelta(0) <= decision.until - decision.made_at - WEEK <= timedelta(hours=1)
    assert f"{timezone.localtime(decision.until):%-d %B %Y, %H:%M}" in decision.statement
    time_machine.move_to(decision.until)
    assert stands(member) == "active"
    lift_ended_standings()
    assert Member.objects.get(pk=member.pk).standing == "active"


@pytest.mark.parametrize("kind", LASTING)
def test_how_long_it_lasts_is_chosen_from_what_is_offered(conduct, moderator, kind):
    for wrong in ("", "10y"):
        with pytest.raises(Missing) as refused:
            decide(conduct, moderator, kind, lasting=wrong)
        assert refused.value.field == "lasting"
    assert decide(conduct, moderator, kind, lasting="3d")


def test_it_ends_when_the_statement_that_was_read_says(conduct, moderator):
    begun = timezone.now() - timedelta(minutes=70)
    assert decide(conduct, moderator, "pause", lasting="1d", begun=begun).until == end_of("1d", begun, timezone.now())


@pytest.mark.parametrize("begun", [timedelta(hours=-3), timedelta(days=30)])
def test_a_moment_that_is_long_gone_or_to_come_lengthens_and_shortens_nothing(begun):
    now = timezone.now()
    assert end_of("1w", now + begun, now) == end_of("1w", None, now)


def test_every_length_ends_on_a_whole_hour_and_none_is_shorter_than_it_says():
    now = timezone.now()
    for key, (_label, span) in CHOICES.items():
        end = end_of(key, None, now)
        assert (end.minute, end.second) == (0, 0) and timedelta(0) <= end - now - span < timedelta(hours=1)


@pytest.mark.parametrize("kind", [kind for kind in OFFERED if kind != "ban"])
def test_a_rule_of_the_present_version_is_named(conduct, moderator, kind):
    for wrong in ("", "never-a-rule"):
        with pytest.raises(Missing) as refused:
            decide(conduct, moderator, kind, rule=wrong)
        assert refused.value.field == "rule"
    assert decide(conduct, moderator, kind).rules_version == RuleSet.objects.get(state="published").version


def test_a_step_for_safety_names_no_rule_and_a_warning_always_does(conduct, moderator):
    with pytest.raises(Missing):
        decide(conduct, moderator, "warning", rule="safety")
    assert "does not count against you" in decide(conduct, moderator, "suspend", rule="safety").statement


@pytest.mark.parametrize("kind", OFFERED)
def test_a_worry_holds_nothing_against_anybody(held_case, open_case, moderator, member, kind):
    care = held_case()
    with pytest.raises(NotAllowed, match="being worried about"):
        decide_case(care, moderator, kind, rule="kindness", lasting="1w")
    assert kind not in decision_kinds(access.case_facts(care), access.facts_of(moderator))
    assert stands(member) == "active"


@pytest.mark.parametrize("kind", sorted(ON_THE_MEMBER))
def test_the_database_keeps_every_step_out_of_care_cases(conduct, held_case, moderator, other_moderator, member, kind):
    care = held_case()

    def write(case, case_kind):
        with transaction.atomic():
            return Decision.objects.create(
                case=case,
                case_kind=case_kind,
                kind=kind,
                statement="",
                decided_by=moderator,
                confirmed_by=other_moderator if kind == "ban" else None,
                subject=member,
                until=timezone.now() + WEEK if kind in vocabulary.LASTING | {"stop_posts"} else None,
            )

    assert write(conduct, Kind.CONDUCT)  # the premise: such a row can be written
    for lie in (Kind.CARE, Kind.CONDUCT):
        with pytest.raises(IntegrityError):
            write(care, lie)


def test_the_database_asks_for_an_end_where_there_is_one(conduct, moderator, member):
    facts = {"case": conduct, "case_kind": "conduct", "statement": "", "decided_by": moderator, "subject": member}
    for kind in (*LASTING, "stop_posts"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.create(kind=kind, **facts)


@pytest.mark.parametrize("kind", OFFERED)
def test_it_waits_for_who_looks_after_the_member(open_case, conduct, moderator, other_moderator, kind):
    care = claim_case(open_case("ending_life", about_post=False), other_moderator)
    with pytest.raises(TwoLanes, match="looking after"):
        decide(conduct, moderator, kind)
    assert kind not in decision_kinds(access.case_facts(conduct), access.facts_of(moderator))
    Case.objects.filter(pk=care.pk).update(holder=moderator)  # now it is theirs to say what comes first
    assert kind in decision_kinds(access.case_facts(again(conduct)), access.facts_of(moderator))


@pytest.mark.parametrize("kind", OFFERED)
def test_who_noticed_it_leaves_the_step_to_the_next_person(member, moderator, post_by, kind):
    case = claim_case(report_post(moderator, post_by(member), "rule", "abuse", key=uuid4()).case, moderator)
    with pytest.raises(NotAllowed, match="noticed this yourself"):
        decide(again(case), moderator, kind)


@pytest.mark.parametrize("kind", LASTING)
def test_moderators_never_act_on_the_team(member, moderator, other_moderator, independent, kind):
    case = report_member(member, other_moderator, "rule", "abuse", key=uuid4()).case
    with pytest.raises(NotAllowed, match="nothing here"):
        decide(case, moderator, kind)
    claim_case(case, independent)
    assert decide(again(case), independent, kind)
    assert stands(other_moderator) == STANDINGS[kind]


def test_a_later_shorter_step_lifts_no_earlier_longer_one(conduct, open_case, moderator, member):
    other = claim_case(open_case(door="rule"), moderator)
    long = decide(conduct, moderator, "pause", lasting="1m")
    decide(again(other), moderator, "slow", lasting="1d")
    fresh = Member.objects.get(pk=member.pk)
    assert (fresh.standing, fresh.standing_until) == ("paused", long.until)


def test_undone_the_remaining_decisions_say_what_stands(conduct, open_case, moderator, member):
    other = claim_case(open_case(door="rule"), moderator)
    slowed = decide(conduct, moderator, "slow", lasting="1m")
    closed = decide(again(other), moderator, "suspend")
    undo_decision(closed, moderator)
    fresh = Member.objects.get(pk=member.pk)
    assert (fresh.standing, fresh.standing_until) == ("slowed", slowed.until)
    undo_decision(slowed, moderator)
    assert stands(member) == "active"


def test_nobody_is_punished_twice_for_the_same_words(conduct, moderator, other_moderator, other_member, member):
    first = decide(conduct, moderator, "warning")
    case = report_post(other_member, conduct.post, "rule", "abuse", key=uuid4()).case
    claim_case(case, other_moderator)
    with pytest.raises(StandsAlready) as refused:
        decide(again(case), other_moderator, "suspend")
    assert refused.value.stands == first and "heron has decided about this already" in refused.value.message
    assert stands(member) == "active"
    undo_decision(first, other_moderator)
    assert decide(again(case), other_moderator, "suspend")


def test_a_friendly_word_is_no_punishment(staff_case, staff):
    case = staff_case(door="rule")
    decide(case, staff, "advice")
    assert decide(again(case), staff, "warning")
    with pytest.raises(StandsAlready):
        decide(again(case), staff, "pause")


def test_new_words_and_new_reports_are_something_new(staff_case, staff, make_member, member, time_machine):
    about_words, about_person = staff_case(door="rule"), staff_case(door="rule", about_post=False)
    decide(about_words, staff, "warning")
    Post.objects.filter(pk=about_words.post_id).update(edited_at=timezone.now() + timedelta(seconds=1))
    assert decide(again(about_words), staff, "pause")
    decide(about_person, staff, "warning")
    with pytest.raises(StandsAlready):
        decide(again(about_person), staff, "suspend")
    time_machine.move_to(timezone.now() + timedelta(minutes=5))
    report_member(make_member("finch"), member, "rule", "abuse", key=uuid4())
    assert decide(again(about_person), staff, "suspend")


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_decide_at_once_one_does(conduct, moderator, other_moderator, member, at_once):
    results = at_once(
        lambda: decide(again(conduct), moderator, "suspend"),
        lambda: decide(again(conduct), other_moderator, "suspend"),
        lambda: decide(again(conduct), moderator, "pause"),
    )
    assert sum(isinstance(result, Decision) for result in results) == 1
    assert all(isinstance(result, Decision | CaseMoved | NotAllowed) for result in results)
    assert Decision.objects.count() == 1 and conduct.events.filter(action="decide").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_cases_decided_at_once_both_count(open_case, moderator, other_moderator, member, at_once):
    one = claim_case(open_case(door="rule"), moderator)
    other = claim_case(open_case(door="rule"), other_moderator)
    results = at_once(
        lambda: decide(again(one), moderator, "slow", lasting="1m"),
        lambda: decide(again(other), other_moderator, "suspend", lasting="1w"),
    )
    assert all(isinstance(result, Decision) for result in results)
    fresh = Member.objects.get(pk=member.pk)
    assert [standing for standing, _until in fresh.team_line] == ["suspended", "slowed"]


def test_what_was_decided_is_heard_by_the_members_sockets(told, conduct, moderator, member):
    heard = told(lambda: decide(conduct, moderator, "suspend"))
    assert (f"member:{member.pk}", "rights.changed", member.pk) in heard

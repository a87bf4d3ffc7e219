"""The three doors: what opens, what joins, what comes nearer, and what never happens to anybody."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from forum.models import Block, Member, Post
from forum.refusals import KeyUsed, NotThere
from moderation.actions.cases import claim_case
from moderation.actions.decisions import decide_case
from moderation.actions.reports import ask_for_team, report_member, report_post
from moderation.categories import CATEGORIES
from moderation.clocks import FIRST_LOOK
from moderation.models import Case, Kind, Report, Severity, Source, State
from moderation.refusals import Missing, NotAllowed


@pytest.fixture
def post(post_by, member):
    return post_by(member)


@pytest.fixture(autouse=True)
def somebody_is_here(moderator, on_duty):
    on_duty(moderator)


def test_a_worry_opens_a_care_case_about_the_author(post, member, other_member):
    report = report_post(
        other_member,
        post,
        "worry",
        "ending_life",
        key=uuid4(),
        note="She said goodbye.",
        whereabouts="Leeds",
        seen_version=1,
    )
    case = report.case
    assert (case.kind, case.subject, case.post, case.state, case.severity) == ("care", member, None, "open", "urgent")
    assert (report.snapshot, report.snapshot_version, report.whereabouts) == (post.body, 1, "Leeds")
    assert case.due_at - timezone.now() <= timedelta(hours=1)


def test_a_broken_rule_opens_a_conduct_case_about_the_post(post, member, other_member):
    case = report_post(other_member, post, "rule", "abuse", key=uuid4()).case
    assert (case.kind, case.subject, case.post) == ("conduct", member, post)


def test_a_broken_rule_by_a_person_opens_a_conduct_case_about_them(member, other_member):
    case = report_member(other_member, member, "rule", "grooming", key=uuid4()).case
    assert (case.kind, case.subject, case.post, case.severity) == ("conduct", member, None, "urgent")


def test_the_third_door_opens_a_care_case_about_oneself(member):
    report = ask_for_team(member, "please_answer", key=uuid4())
    assert (report.source, report.case.kind, report.case.subject, report.severity) == ("self", "care", member, "urgent")


@pytest.mark.parametrize("standing", ["suspended", "banned", "on_break", "deactivated", "paused"])
def test_the_third_door_is_open_in_any_standing(member, standing):
    Member.objects.filter(pk=member.pk).update(standing=standing)
    assert ask_for_team(Member.objects.get(pk=member.pk), "when_you_can", key=uuid4()).case.state == State.OPEN


def test_a_worry_changes_nothing_for_whom_it_is_about(post, member, make_member, told):
    def many_worries():
        for letter in "abcdefgh":
            report_post(make_member(f"friend{letter}"), post, "worry", "danger_now", key=uuid4())

    before = Post.objects.filter(pk=post.pk).values().get(), Member.objects.filter(pk=member.pk).values().get()
    heard = told(many_worries)
    assert before == (
        Post.objects.filter(pk=post.pk).values().get(),
        Member.objects.filter(pk=member.pk).values().get(),
    )
    assert {stream for stream, _kind, _ref in heard} == {"moderation"}
    assert Case.objects.get().reports.count() == 8


def test_a_second_report_joins_the_live_case(post, member, other_member, moderator):
    first = report_post(other_member, post, "worry", "worried", key=uuid4())
    second = report_member(moderator, member, "worry", "thoughts", key=uuid4())
    assert first.case == second.case
    assert second.source == Source.NOTICED
    assert [event.action for event in first.case.events.all()] == ["open", "report"]


def test_a_graver_report_pulls_severity_and_time_and_a_milder_one_leaves_them(post, member, other_member, moderator):
    case = report_post(other_member, post, "worry", "worried", key=uuid4()).case
    report_member(other_member, member, "worry", "ending_life", key=uuid4())
    case.refresh_from_db()
    urgent = case.due_at
    assert (case.severity, urgent < timezone.now() + FIRST_LOOK["urgent"]) == ("urgent", True)
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        report_member(other_member, member, "worry", "worried", key=uuid4())
    case.refresh_from_db()
    assert (case.severity, case.due_at) == ("urgent", urgent)


def test_a_graver_report_shortens_a_claim(post, member, other_member, moderator):
    case = claim_case(report_post(other_member, post, "worry", "worried", key=uuid4()).case, moderator)
    report_member(other_member, member, "worry", "danger_now", key=uuid4())
    case.refresh_from_db()
    assert case.lapses_at <= timezone.now() + timedelta(minutes=5)
    assert case.due_at <= timezone.now() + timedelta(minutes=30)


def test_a_report_after_the_case_was_closed_opens_another_offered_to_who_knew(post, member, other_member, moderator):
    case = claim_case(report_post(other_member, post, "rule", "abuse", key=uuid4()).case, moderator)
    decide_case(case, moderator, "no_action", seen_post_version=1)
    again = report_post(other_member, post, "rule", "abuse", key=uuid4()).case
    assert again != case
    assert again.offered_to == moderator


def test_nobody_worries_about_themselves_through_the_wrong_door(post, member):
    with pytest.raises(NotAllowed, match="door of its own"):
        report_post(member, post, "worry", "worried", key=uuid4())


def test_who_cannot_see_a_post_does_not_report_it(post, member, other_member):
    Block.objects.create(blocker=member, blocked=other_member)
    with pytest.raises(NotThere):
        report_post(other_member, post, "rule", "abuse", key=uuid4())


def test_a_category_of_another_door_is_refused(post, other_member):
    with pytest.raises(Missing) as refused:
        report_post(other_member, post, "rule", "danger_now", key=uuid4())
    assert refused.value.field == "category"
    assert not Report.objects.exists()
    assert not Case.objects.exists()


def test_what_the_team_reports_was_noticed_on_shift(post, other_member, moderator):
    assert report_post(moderator, post, "rule", "abuse", key=uuid4()).source == Source.NOTICED
    assert report_post(other_member, post, "rule", "abuse", key=uuid4()).source == Source.MEMBER


def test_the_same_key_is_one_report(post, other_member):
    key = uuid4()
    first = report_post(other_member, post, "worry", "worried", key=key)
    assert report_post(other_member, post, "worry", "worried", key=key) == first
    assert Report.objects.count() == 1
    assert first.case.events.count() == 1


def test_the_same_key_with_other_words_swallows_nothing(post, member, other_member):
    key = uuid4()
    first = report_post(other_member, post, "worry", "worried", key=key)
    for said in ({"note": "They have gone quiet."}, {"whereabouts": "Leeds"}):
        with pytest.raises(KeyUsed) as refused:
            report_post(other_member, post, "worry", "worried", key=key, **said)
        assert refused.value.first_id == first.pk
    with pytest.raises(KeyUsed):
        report_member(other_member, member, "worry", "worried", key=key)
    key = uuid4()
    ask_for_team(member, "when_you_can", key=key)
    with pytest.raises(KeyUsed):
        ask_for_team(member, "danger_now", key=key)
    assert Report.objects.count() == 2


def test_another_persons_key_is_their_own(post, member, other_member, make_member):
    key = uuid4()
    report_post(other_member, post, "worry", "worried", key=key)
    report_post(make_member("finch"), post, "worry", "worried", key=key)
    assert Report.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_key_ten_times_at_once_is_one_report(post, other_member, at_once):
    key = uuid4()
    results = at_once(*[lambda: report_post(other_member, post, "worry", "worried", key=key)] * 10)
    assert {result.pk for result in results} == {Report.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_many_people_at_once_make_one_case(post, make_member, at_once):
    friends = [make_member(f"friend{letter}") for letter in "abcdefgh"]
    at_once(*[lambda who=who: report_post(who, post, "worry", "worried", key=uuid4()) for who in friends])
    assert Case.objects.get().reports.count() == 8


def test_an_urgent_worry_with_nobody_here_goes_straight_to_staff(post, other_member, moderator):
    moderator.duties.all().delete()
    case = report_post(other_member, post, "worry", "ending_life", key=uuid4()).case
    assert (case.state, case.escalation_source) == (State.ESCALATED, "human")


def test_a_mild_worry_with_nobody_here_waits(post, other_member, moderator):
    moderator.duties.all().delete()
    assert report_post(other_member, post, "worry", "worried", key=uuid4()).case.state == State.OPEN


def test_an_urgent_worry_about_a_moderator_does_not_wait_for_moderators(
    moderator, other_moderator, other_member, on_duty
):
    on_duty(other_moderator)
    assert report_member(other_member, moderator, "worry", "ending_life", key=uuid4()).case.state == State.ESCALATED


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "care"},
        {"kind": "conduct"},
        {"kind": "conduct", "post": True},
    ],
)
def test_the_database_allows_one_live_case_per_subject_and_kind(post, member, fields):
    fields = {
        **fields,
        "post": post if fields.get("post") else None,
        "subject": member,
        "subject_role": "member",
        "severity": "soon",
    }
    first = Case.objects.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(**fields)
    Case.objects.filter(pk=first.pk).update(state="closed")
    assert Case.objects.create(**fields)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "blame"},
        {"state": "lost"},
        {"severity": "dire"},
        {"state": "in_review"},
        {"post": True, "kind": "care"},
    ],
)
def test_the_database_refuses_a_case_that_cannot_be(post, member, wrong):
    right = {"kind": "conduct", "severity": "soon", "subject": member, "subject_role": "member", "post": post}
    assert Case.objects.create(**right)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(**{**right, "post": None, **wrong, **({"post": post} if wrong.get("post") else {})})


def test_the_rank_orders_the_queue(member, make_member):
    for severity in ("routine", "emergency", "soon", "urgent"):
        subject = make_member(f"a{severity}")
        Case.objects.create(kind=Kind.CARE, severity=severity, subject=subject, subject_role="member")
    assert [case.severity for case in Case.objects.all()] == Severity.values


def test_every_category_fits_its_column_and_has_words():
    for offered in CATEGORIES.values():
        assert all(len(each.key) <= 24 and str(each.words) for each in offered)

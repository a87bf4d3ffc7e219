"""While nobody is on duty, three people's word folds what could hurt somebody: the words, never their author."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from forum import rules
from forum.models import Member, Notice, Post, Status
from moderation import audit
from moderation.actions.cases import claim_case
from moderation.actions.decisions import undo_decision
from moderation.actions.reports import report_post, withdraw_report
from moderation.models import Decision

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(member: Any, post_by: Any) -> Any:
    return post_by(member, "Words that say how.")


@pytest.fixture
def neighbours(make_member: Any, post_by: Any) -> list[Any]:
    people = [make_member(name) for name in ("dunlin", "plover", "curlew", "knot")]
    for person in people:
        post_by(person, "Soup tonight.")
    return people


def told(post: Any, people: list[Any], category: str = "method") -> list[Any]:
    return [report_post(person, post, "rule", category, key=uuid4()) for person in people]


def status_of(post: Any) -> str:
    post.refresh_from_db()
    return str(post.status)


def test_the_third_report_folds_the_post_and_nothing_else(post, member, neighbours):
    told(post, neighbours[:2])
    assert status_of(post) == Status.VISIBLE
    told(post, neighbours[2:3])
    assert status_of(post) == Status.FOLDED
    member.refresh_from_db()
    assert member.standing == "active"
    decision = Decision.objects.get()
    assert (decision.decided_by, decision.rule) == (None, "safety")
    assert "Written by the site itself, not by a person." in decision.statement
    assert " I " not in decision.statement
    assert Notice.objects.filter(member=member, kind="decision", ref=decision.pk).exists()


def test_the_fold_stands_in_the_time_line_and_in_the_chain(post, neighbours, staff, as_):
    told(post, neighbours[:3])
    case, decision = Decision.objects.get().case, Decision.objects.get()
    last = case.events.order_by("n").last()
    assert (last.action, last.actor, last.said.words) == ("fold", None, f"decision {decision.pk}")
    assert case.events.exclude(action="read").count() == case.version - 1  # a new row is version 1
    assert audit.verify() is None
    assert "so the words were folded by themselves" in as_(staff).get(f"/moderation/cases/{case.pk}/").text


def test_the_author_keeps_the_words_whatever_becomes_of_the_post(post, member, neighbours, as_):
    told(post, neighbours[:3])
    decision = Decision.objects.get()
    assert (decision.frozen.body, decision.rules_version) == ("Words that say how.", rules.version_in_force())
    assert decision.before == {"status": "visible", "held_for": "", "content_note": ""}
    Post.objects.filter(pk=post.pk).update(body="Something else by now.")
    assert "Words that say how." in as_(member).get("/me/decisions/").text


def test_its_author_reads_who_wrote_it(post, member, neighbours, as_):
    told(post, neighbours[:3])
    assert "the site itself, while nobody from the team was here" in as_(member).get("/me/decisions/").text


def test_while_somebody_is_here_a_person_decides(post, neighbours, moderator, on_duty):
    on_duty(moderator)
    told(post, neighbours)
    assert status_of(post) == Status.VISIBLE


@pytest.mark.parametrize("category", ["unkind", "spam", "abuse", "other"])
def test_other_reports_fold_nothing(post, neighbours, category):
    told(post, neighbours, category)
    assert status_of(post) == Status.VISIBLE


def test_people_who_have_just_come_do_not_count(post, neighbours):
    Member.objects.filter(pk=neighbours[0].pk).update(joined_at=timezone.now() - timedelta(days=6))
    neighbours[0].refresh_from_db()
    told(post, neighbours[:3])
    assert status_of(post) == Status.VISIBLE


def test_one_person_is_one_however_often_they_tell_us(post, neighbours):
    told(post, [neighbours[0], neighbours[0], neighbours[0]])
    assert status_of(post) == Status.VISIBLE


def test_a_report_that_was_taken_back_does_not_count(post, neighbours):
    first, *_rest = told(post, neighbours[:2])
    withdraw_report(neighbours[0], first)
    told(post, neighbours[2:3])
    assert status_of(post) == Status.VISIBLE


def test_a_worry_never_folds_anything(post, neighbours):
    for person in neighbours:
        report_post(person, post, "worry", "worried", key=uuid4())
    assert status_of(post) == Status.VISIBLE


def test_a_person_who_unfolds_it_has_the_last_word(post, neighbours, make_member, moderator):
    told(post, neighbours[:3])
    claim_case(Decision.objects.get().case, moderator)
    undo_decision(Decision.objects.get(), moderator)
    told(post, neighbours[3:])
    assert status_of(post) == Status.VISIBLE


def test_people_who_have_said_nothing_here_fold_nothing_and_are_heard(post, neighbours):
    """Three accounts that were made a month ago and kept for this."""
    Post.objects.filter(author__in=neighbours[:2]).delete()
    reports = told(post, neighbours[:3])
    assert status_of(post) == Status.VISIBLE
    assert {report.case for report in reports} == {reports[0].case}
    assert reports[0].case.reports.count() == 3
    told(post, neighbours[3:])  # two who count by now
    assert status_of(post) == Status.VISIBLE


def test_a_few_together_cannot_fold_all_that_somebody_says(post, member, neighbours, post_by):
    posts = [post, *(post_by(member, f"More words, {number}.") for number in range(4))]
    for each in posts:
        told(each, neighbours[:3])
    assert [status_of(each) for each in posts] == ["folded", "folded", "visible", "visible", "visible"]
    assert len({report.case_id for each in posts for report in each.reports.all()}) == 5, "each is in the queue"


def test_once_a_person_has_looked_others_can_be_folded_again(post, member, neighbours, post_by, moderator):
    posts = [post, *(post_by(member, f"More words, {number}.") for number in range(2))]
    told(posts[0], neighbours[:3])
    told(posts[1], neighbours[:3])
    claim_case(Decision.objects.get(post=posts[0]).case, moderator)
    told(posts[2], neighbours[:3])
    assert status_of(posts[2]) == Status.FOLDED

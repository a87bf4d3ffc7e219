"""What the team's work tells members: a word, a decision, what came of a report. Told, read where it leads, never twice."""

from uuid import uuid4

import pytest

from forum import access
from forum.actions.notices import choose_notices
from forum.models import Notice
from forum.notices import read_page, unread
from moderation.actions.cases import claim_case, send_word
from moderation.actions.decisions import decide_case, undo_decision
from moderation.actions.escalation import escalate_case, take_case
from moderation.actions.reports import ask_for_team, report_post
from moderation.models import Case, Duty, DutyKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(member):
    from forum.actions.posts import publish_post

    return publish_post(member, body="Third night of not sleeping.", key=uuid4()).post


@pytest.fixture(autouse=True)
def somebody_is_here(moderator):
    Duty.objects.create(member=moderator, kind=DutyKind.SHIFT, standing=True)


def told(person) -> list[str]:
    entries = read_page(access.facts_of(person)).entries
    return [str(line.words).replace("<bdi>", "").replace("</bdi>", "") for _notice, line in entries]


def count(person, **which) -> int:
    return unread(access.facts_of(person)).filter(**which).count()


def now(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_a_report_tells_its_reporter_when_it_is_read_and_when_it_is_closed(as_, post, other_member, moderator):
    case = report_post(other_member, post, "rule", "other", key=uuid4()).case
    assert told(other_member) == []
    claim_case(case, moderator)
    assert told(other_member) == ["heron has read what you told us."]
    assert as_(other_member).get("/me/reports/").status_code == 200
    assert count(other_member) == 0
    decide_case(now(case), moderator, "no_action", post=post, seen_post_version=post.version)
    assert told(other_member) == ["What you told us has been looked into."] and count(other_member) == 1
    assert Notice.objects.filter(member=other_member).count() == 1


def test_outcomes_can_be_turned_off_and_what_the_team_noticed_tells_nobody(post, other_member, moderator, staff):
    choose_notices(other_member, off=["outcome", "word"])
    case = report_post(other_member, post, "worry", "worried", key=uuid4()).case
    report_post(moderator, post, "worry", "worried", key=uuid4())
    claim_case(now(case), moderator)
    assert not Notice.objects.exists()


def test_a_word_is_told_and_read_by_opening_the_conversation(as_, member, moderator):
    case = ask_for_team(member, "please_answer", key=uuid4()).case
    case = claim_case(case, moderator)
    send_word(case, moderator, "Hello Robin, this is Heron.", uuid4())
    send_word(now(case), moderator, "Still here.", uuid4())
    assert told(member) == ["A word from heron, a person.", "heron has read what you told us."]
    assert count(member, kind="word") == 1 and count(member, pressing=True) == 0
    as_(member).get(f"/me/words/{case.pk}/")
    assert count(member, kind="word") == 0


def test_a_word_of_staff_crosses_quiet_hours_and_cannot_be_turned_off(member, moderator, staff):
    choose_notices(member, off=["word", "reply"])
    member.refresh_from_db()
    assert member.notices_off == ["reply"]
    case = claim_case(ask_for_team(member, "please_answer", key=uuid4()).case, moderator)
    take_case(escalate_case(now(case), moderator, "Please."), staff)
    send_word(now(case), staff, "Hello Robin, this is Puffin.", uuid4())
    assert count(member, kind="word", pressing=True) == 1


def test_a_decision_is_told_once_and_again_when_it_is_undone(as_, post, member, other_member, moderator, staff):
    case = claim_case(report_post(other_member, post, "rule", "other", key=uuid4()).case, moderator)
    decision = decide_case(
        now(case),
        moderator,
        "content_note",
        post=post,
        seen_post_version=post.version,
        content_note="low mood",
        rule="safety",
    )
    assert told(member) == ["Something was decided about your words. The reasons are there for you to read."]
    as_(member).get("/me/decisions/")
    assert count(member) == 0
    undo_decision(decision, moderator)
    assert told(member) == ["A decision about your words was taken back."] and count(member) == 1


def test_a_worry_that_led_to_nothing_tells_its_subject_nothing(post, member, other_member, moderator):
    case = claim_case(report_post(other_member, post, "worry", "worried", key=uuid4()).case, moderator)
    decide_case(now(case), moderator, "no_action")
    assert told(other_member) == ["What you told us has been looked into."]
    assert not Notice.objects.filter(member=member).exists()


def test_two_outcomes_that_say_the_same_say_what_each_is_about(post, other_member, moderator):
    for door, category in (("worry", "worried"), ("rule", "other")):
        claim_case(report_post(other_member, post, door, category, key=uuid4(), note="I saw it.").case, moderator)
    lines = [line for _notice, line in read_page(access.facts_of(other_member)).entries]
    assert len({line.words for line in lines}) == 1 and len({line.about for line in lines}) == 2
    for line in lines:
        assert "robin" not in line.about and "I saw it." not in line.about and "Third night" not in line.about

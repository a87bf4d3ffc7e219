"""Talking with the team about a decision: begun by the member alone, read by whoever decided or the next, settled in the end."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from forum.models import Member
from forum.refusals import KeyUsed, NotThere
from moderation.actions.cases import answer_word, claim_case, conversations_of, send_word
from moderation.actions.decisions import decide_case, undo_decision
from moderation.actions.reports import report_post
from moderation.actions.talks import settle_case, talk_about
from moderation.models import Case, Decision, Word
from moderation.receipts import stage_of
from moderation.refusals import Missing, NotAllowed

pytestmark = pytest.mark.django_db
ASKED = "What was unkind in it?"


@pytest.fixture
def decision(held_case, moderator):
    case = held_case(door="rule")
    return decide_case(case, moderator, "fold", seen_post_version=1, rule="kindness")


def case_of(decision) -> Case:
    return Case.objects.get(pk=decision.case_id)


def talk(decision, member, body=ASKED):
    return talk_about(decision, member, body, uuid4())


def test_it_opens_the_case_again_for_whoever_decided_and_changes_nothing_that_was_decided(
    told, decision, member, moderator
):
    heard = told(lambda: talk(decision, member))
    case = case_of(decision)
    assert (case.state, case.offered_to, case.outcome) == ("open", moderator, "decided")
    assert case.due_at is not None  # it has a clock, so it never waits unread
    assert decision.post.status == "folded" and Decision.objects.get().undone_at is None
    assert ("moderation", "case.changed", case.pk) in heard
    assert (f"member:{moderator.pk}", "notice.changed", decision.pk) in heard


def test_the_next_on_duty_can_answer_and_settle_it(decision, member, other_moderator):
    talk(decision, member)
    case = claim_case(case_of(decision), other_moderator)
    with pytest.raises(NotAllowed, match="written last"):
        settle_case(case, other_moderator)
    send_word(case, other_moderator, "It was the second line. Thank you for asking.", uuid4())
    settle_case(case_of(decision), other_moderator)
    case = case_of(decision)
    assert (case.state, case.holder, case.closed_by, Decision.objects.count()) == ("closed", None, other_moderator, 1)


def test_the_talk_goes_on_where_it_was_and_opens_again(decision, member, moderator):
    talk(decision, member)
    send_word(claim_case(case_of(decision), moderator), moderator, "It was the second line.", uuid4())
    settle_case(case_of(decision), moderator)
    answer_word(case_of(decision), member, "I see. May I write it anew?", uuid4())
    assert case_of(decision).state == "open"
    assert Word.objects.filter(case=decision.case_id).count() == 3


def test_nobody_writes_in_a_case_about_conduct_before_the_member_asks(held_case, moderator, decision, member):
    other = held_case(door="rule", category="spam")
    with pytest.raises(NotAllowed, match="unless the member asks"):
        send_word(other, moderator, "Hello.", uuid4())
    assert list(conversations_of(member)) == []


def test_nothing_is_settled_while_something_new_waits(decision, member, moderator, staff):
    talk(decision, member)
    report_post(staff, decision.post, "rule", "threat", key=uuid4())
    case = claim_case(case_of(decision), moderator)
    send_word(case, moderator, "It was the second line.", uuid4())
    with pytest.raises(NotAllowed, match="new has been reported"):
        settle_case(case_of(decision), moderator)


def test_nothing_is_settled_where_nothing_stands(decision, member, moderator):
    undo_decision(decision, moderator)
    talk(decision, member)
    case = claim_case(case_of(decision), moderator)
    with pytest.raises(NotAllowed, match="Nothing stands decided"):
        settle_case(case, moderator)


def test_only_whom_it_was_told_and_within_six_months(decision, member, other_member):
    with pytest.raises(NotThere):
        talk(decision, other_member)
    with pytest.raises(Missing):
        talk(decision, member, "  ")
    with time_machine.travel(timezone.now() + timedelta(days=185)), pytest.raises(NotAllowed, match="six months"):
        talk(decision, member)


def test_the_same_key_is_one_word(decision, member):
    key = uuid4()
    assert talk_about(decision, member, ASKED, key) == talk_about(decision, member, ASKED, key)
    with pytest.raises(KeyUsed):
        talk_about(decision, member, "Other words.", key)


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_once_it_is_one_word_and_one_case(decision, member, at_once):
    key = uuid4()
    at_once(*(lambda: talk_about(decision, member, ASKED, key) for _each in range(2)))
    assert Word.objects.count() == 1 and Case.objects.count() == 1


def test_about_words_folded_for_care_it_joins_the_care_conversation(held_case, moderator, member):
    case = held_case()
    decision = decide_case(case, moderator, "fold", post=member.posts.get(), seen_post_version=1)
    word = talk(decision, member)
    assert word.case == case and case_of(decision).kind == "care"


def test_the_reporters_receipt_says_nothing_of_it(told, decision, member, moderator, other_member):
    report = decision.case.reports.get()
    heard = told(lambda: talk(decision, member))
    send_word(claim_case(case_of(decision), moderator), moderator, "It was the second line.", uuid4())
    report.refresh_from_db()
    assert stage_of(report) == "closed"
    assert not [each for each in heard if each[0] == f"member:{other_member.pk}"]


def test_it_is_open_from_the_small_room_and_private(as_, decision, member, other_member, moderator):
    Member.objects.filter(pk=member.pk).update(standing="suspended")
    url = reverse("talk_about", args=[decision.pk])
    assert "heron, one of the moderators, reads it" in as_(member).get(url).text
    assert as_(other_member).get(url).status_code == as_(moderator).get(url).status_code == 404
    assert as_(member).post(url, {"body": " ", "key": uuid4()}).status_code == 422
    answer = as_(member).post(url, {"body": ASKED, "key": uuid4()})
    there = reverse("conversation", args=[decision.case_id])
    assert answer["Location"].startswith(there)
    assert ASKED in as_(member).get(there).text
    assert as_(other_member).get(there).status_code == 404
    assert there in as_(member).get("/me/decisions/").text
    assert as_(member).get(url)["Location"] == there


def test_the_case_page_shows_the_talk(as_, decision, member, moderator):
    talk(decision, member)
    case = claim_case(case_of(decision), moderator)
    url = reverse("case", args=[case.pk])
    page = as_(moderator).get(url).text
    assert ASKED in page and 'value="word"' in page and "Talked over?" in page and "Answer them first" in page
    as_(moderator).post(url, {"do": "word", "seen": case.version, "body": "It was the second line.", "key": uuid4()})
    assert as_(moderator).post(url, {"do": "settle", "seen": case_of(decision).version}).status_code == 303
    assert case_of(decision).state == "closed"

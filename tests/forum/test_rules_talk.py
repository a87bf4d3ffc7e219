"""What members say about the next rules: under their names, taken back at will, and apart where they are apart."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from forum import rules
from forum.actions.rule_talk import TalkOver, hide_comment, say_about_rules, take_back_comment
from forum.actions.rules import accept_rules, open_talk, publish_rules
from forum.models import Block, Mute, RuleComment
from forum.refusals import KeyUsed, NotYet, NotYours, PostingPaused, WallClosed
from tests.forum.places import draft_with_change, end_talk

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(staff: Any) -> Any:
    return open_talk(staff, draft_with_change(staff), purpose="Shorter.", days=14)


def say(member: Any, about: Any, body: str = "Keep the first line.", **more: Any) -> RuleComment:
    return say_about_rules(member, about.pk, body=body, anchor=more.pop("anchor", ""), key=more.pop("key", uuid4()))


def test_a_member_says_something_and_others_read_it(as_: Any, member: Any, other_member: Any, draft: Any) -> None:
    fields = {"about": draft.pk, "anchor": "kindness", "body": "Keep <b>the</b> first line.", "key": uuid4()}
    answer = as_(member).post("/rules/next/comments/", fields)
    comment = RuleComment.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/rules/next/#comment-{comment.pk}")
    assert (comment.anchor, comment.round) == ("kindness", 1)
    page = as_(other_member).get("/rules/next/").text
    assert "Keep &lt;b&gt;the&lt;/b&gt; first line." in page
    assert "Be kind, tonight too." in page


def test_strangers_read_the_draft_and_not_who_said_what(client: Any, member: Any, draft: Any) -> None:
    say(member, draft)
    page = client.get("/rules/next/").text
    assert "Be kind, tonight too." in page
    assert "Keep the first line." not in page and "robin" not in page


def test_without_a_draft_members_say_what_they_would_change(as_: Any, member: Any) -> None:
    about = rules.in_force()
    say(member, about)
    page = as_(member).get("/rules/next/").text
    assert "What members would change" in page and "Keep the first line." in page


def test_the_same_key_is_one_comment_and_other_words_are_refused(member: Any, draft: Any) -> None:
    key = uuid4()
    assert say(member, draft, key=key) == say(member, draft, key=key)
    with pytest.raises(KeyUsed):
        say(member, draft, "Other words.", key=key)


def test_a_page_left_open_until_after_the_talk_keeps_the_words(as_: Any, member: Any, draft: Any) -> None:
    end_talk(draft)
    with pytest.raises(TalkOver):
        say(member, draft)
    answer = as_(member).post("/rules/next/comments/", {"about": draft.pk, "body": "Too late?", "key": uuid4()})
    assert answer.status_code == 422
    assert "Too late?" in answer.text and "The talk about this has ended." in answer.text
    assert f'name="about" value="{rules.in_force().pk}"' in answer.text  # the next press says it where it belongs


@pytest.mark.parametrize(("standing", "refusal"), [("suspended", WallClosed), ("paused", PostingPaused)])
def test_whoever_may_not_post_may_not_say(make_member: Any, draft: Any, standing: str, refusal: type) -> None:
    with pytest.raises(refusal):
        say(make_member("crow", standing=standing), draft)


def test_an_hour_holds_ten_and_says_when_the_next(as_: Any, member: Any, draft: Any) -> None:
    for number in range(10):
        say(member, draft, f"Thought {number}.")
    with pytest.raises(NotYet) as refused:
        say(member, draft)
    assert timedelta(minutes=59) < refused.value.at - timezone.now() <= timedelta(hours=1)
    answer = as_(member).post("/rules/next/comments/", {"about": draft.pk, "body": "An eleventh.", "key": uuid4()})
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0 and "An eleventh." in answer.text
    RuleComment.objects.update(made_at=timezone.now() - timedelta(hours=2))
    say(member, draft)


def test_blocked_pairs_and_the_muted_do_not_meet_here_either(
    as_: Any, member: Any, other_member: Any, draft: Any
) -> None:
    say(member, draft)
    assert "Keep the first line." in as_(other_member).get("/rules/next/").text  # the premise
    block = Block.objects.create(blocker=member, blocked=other_member)
    assert "Keep the first line." not in as_(other_member).get("/rules/next/").text
    block.delete()
    Mute.objects.create(muter=other_member, muted=member)
    assert "Keep the first line." not in as_(other_member).get("/rules/next/").text


def test_only_its_author_takes_it_back(as_: Any, member: Any, other_member: Any, draft: Any) -> None:
    comment = say(member, draft)
    path = f"/rules/next/comments/{comment.pk}/take-back/"
    assert as_(other_member).post(path).status_code == 404
    with pytest.raises(NotYours):
        take_back_comment(other_member, comment)
    assert as_(member).post(path).status_code == 303
    assert not RuleComment.objects.exists()


def test_staff_put_it_away_with_a_reason_that_its_author_reads(
    as_: Any, member: Any, other_member: Any, staff: Any, moderator: Any, draft: Any
) -> None:
    comment = say(member, draft)
    path = f"/rules/next/comments/{comment.pk}/hide/"
    assert as_(moderator).post(path, {"why": "No."}).status_code == 404
    assert as_(staff).post(path, {"why": " "}).status_code == 422
    assert as_(staff).post(path, {"why": "It names a neighbour."}).status_code == 303
    theirs, mine = as_(other_member).get("/rules/next/").text, as_(member).get("/rules/next/").text
    assert "Keep the first line." not in theirs and "It names a neighbour." not in theirs
    assert "Keep the first line." in mine and "It names a neighbour." in mine
    assert "It names a neighbour." in as_(member).get("/notices/").text
    hide_comment(staff, comment, "")
    assert "Keep the first line." in as_(other_member).get("/rules/next/").text


def test_what_was_said_about_a_draft_stands_apart_once_it_is_published(
    as_: Any, member: Any, staff: Any, draft: Any
) -> None:
    say(member, draft)
    publish_rules(staff, end_talk(draft), heard="One line comes back.")
    accept_rules(member, rules.version_in_force())
    assert "Keep the first line." not in as_(member).get("/rules/next/").text
    assert "Keep the first line." in as_(member).get("/rules/next/?talk=past").text


def test_the_page_costs_the_same_for_one_comment_and_for_many(
    as_: Any, member: Any, make_member: Any, draft: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        RuleComment.objects.create(rule_set=draft, author=make_member(f"m{number}"), body=f"No. {number}", key=uuid4())
    page = as_(member)
    page.get("/rules/next/")
    with django_assert_max_num_queries(13):
        assert page.get("/rules/next/").text.count('id="comment-') == 50
    assert page.get("/rules/next/?page=2").text.count('id="comment-') == 10

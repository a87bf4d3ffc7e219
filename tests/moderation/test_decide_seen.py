"""Nobody decides about words they did not see: raced against their author fifty times, and two deciders against each other."""

from uuid import uuid4

import pytest

from forum.actions.posts import edit_post
from forum.models import PastWords, Post, Status
from moderation.actions.cases import claim_case
from moderation.actions.decisions import decide_case, undo_decision
from moderation.actions.reports import report_post
from moderation.actions.rewriting import rewrite_words
from moderation.models import Case, Decision, Rewrite
from moderation.refusals import CaseMoved, NothingToDo, WordsChanged

pytestmark = pytest.mark.django_db(transaction=True)
BODY = "Plum pie on Sunday. Ann knows why."
RACES = 50


@pytest.fixture
def post(on_duty, moderator, member, other_member, post_by):
    on_duty(moderator)
    return post_by(member, BODY)


@pytest.fixture
def take_case(other_member, moderator):
    """A fresh case about this post, which heron holds."""

    def take(post: Post) -> Case:
        case = report_post(other_member, Post.objects.get(pk=post.pk), "rule", "unkind", key=uuid4()).case
        return claim_case(case, moderator) if case.holder_id is None else Case.objects.get(pk=case.pk)

    return take


def decide(case, actor, kind, seen):
    return decide_case(case, actor, kind, seen_post_version=seen, rule="kindness", takes_out=["Ann"])


@pytest.mark.parametrize("kind", ["redact", "lock", "fold", "remove"])
def test_of_fifty_races_with_their_author_each_judges_what_was_seen(post, take_case, moderator, member, at_once, kind):
    for n in range(RACES):
        case, stood = take_case(post), Post.objects.get(pk=post.pk)
        written = f"{BODY} {kind} {n}."
        edited, decided = at_once(
            lambda stood=stood, written=written: edit_post(
                member, stood, body=written, content_note="", seen_version=stood.version
            ),
            lambda case=case, stood=stood: decide(case, moderator, kind, stood.version),
        )
        now = Post.objects.get(pk=post.pk)
        if isinstance(decided, Decision):
            assert (decided.post_version, decided.frozen.body) == (stood.version, stood.body)
            undo_decision(decided, moderator)
            expected = {stood.body} if isinstance(edited, Exception) else {written}
            assert Post.objects.get(pk=post.pk).body in expected
        else:
            assert isinstance(decided, WordsChanged | CaseMoved), decided
            assert (now.body, now.status) == (written, Status.VISIBLE)
            assert PastWords.objects.filter(post=post, last_version=stood.version, body=stood.body).exists()


def test_of_fifty_races_nobody_puts_back_what_they_did_not_see(post, take_case, moderator, member, at_once):
    """Folded words are put back by a moderator while their author puts up a new version."""
    for n in range(RACES):
        folded = decide(take_case(post), moderator, "fold", Post.objects.get(pk=post.pk).version)
        case, stood = take_case(post), Post.objects.get(pk=post.pk)
        written = f"{BODY} Version {n}."
        sent, restored = at_once(
            lambda folded=folded, stood=stood, written=written: rewrite_words(
                folded, member, body=written, content_note="", seen_version=stood.version, key=uuid4()
            ),
            lambda case=case, stood=stood: decide(case, moderator, "restore", stood.version),
        )
        now = Post.objects.get(pk=post.pk)
        assert now.status == Status.VISIBLE
        if isinstance(restored, Decision):
            assert isinstance(sent, Exception) and now.body == stood.body and restored.post_version == stood.version
        else:
            assert isinstance(restored, WordsChanged | CaseMoved | NothingToDo), restored
            assert isinstance(sent, Rewrite) and now.body == written


@pytest.mark.parametrize("pair", [("redact", "remove"), ("lock", "fold"), ("redact", "redact"), ("remove", "restore")])
def test_of_two_people_who_decide_at_once_one_does_and_nobody_is_told_twice(
    post, take_case, moderator, member, at_once, pair
):
    from forum.models import Notice

    case = take_case(post)
    results = at_once(*(lambda kind=kind: decide(Case.objects.get(pk=case.pk), moderator, kind, 1) for kind in pair))
    assert sum(isinstance(result, Decision) for result in results) == 1
    assert Decision.objects.count() == 1
    assert case.events.filter(action="decide").count() == 1
    assert Notice.objects.filter(member=member, kind="decision").count() == 1


def test_two_cases_about_the_same_words_never_do_the_same_thing_twice(
    post, take_case, open_case, moderator, other_moderator, member, other_member, at_once
):
    """A worry about robin and a report about their words, held by two people: one of them takes the words down."""
    conduct = take_case(post)
    worry = report_post(other_member, post, "worry", "worried", key=uuid4()).case
    care = claim_case(worry, other_moderator)
    results = at_once(
        lambda: decide_case(conduct, moderator, "remove", seen_post_version=1, rule="kindness"),
        lambda: decide_case(care, other_moderator, "remove", post=post, seen_post_version=1),
    )
    assert sum(isinstance(result, Decision) for result in results) == 1
    assert any(isinstance(result, NothingToDo | WordsChanged) for result in results)
    assert Decision.objects.count() == 1

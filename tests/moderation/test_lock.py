"""No more replies: the replies that are there stand, new ones are refused with their words kept, and it is undone in full."""

from uuid import uuid4

import pytest

from forum.access import facts_of, facts_of_post, may_reply
from forum.actions.posts import publish_post
from forum.models import Post
from forum.refusals import RepliesLocked
from moderation.actions.cases import claim_case
from moderation.actions.decisions import decide_case, undo_decision
from moderation.actions.reports import report_post
from moderation.models import Case
from moderation.refusals import Missing, NothingToDo

pytestmark = pytest.mark.django_db


@pytest.fixture
def conduct(held_case):
    return held_case(door="rule")


def lock(case, actor, **more):
    return decide_case(case, actor, "lock", **{"seen_post_version": case.post.version, "rule": "kindness", **more})


def reply(author, post, body="I am with you."):
    return publish_post(author, body=body, parent=post, key=uuid4()).post


def test_nobody_replies_any_more_and_what_is_there_stands(conduct, moderator, member, other_member):
    before = reply(other_member, conduct.post)
    decision = lock(Case.objects.get(pk=conduct.pk), moderator, seen_post_version=1)
    for person in (other_member, member, moderator):
        with pytest.raises(RepliesLocked):
            reply(person, conduct.post)
    assert list(Post.objects.filter(parent=conduct.post)) == [before]
    assert "become heated, so we have closed it to more replies" in decision.statement


def test_the_page_says_so_and_offers_no_form(as_, conduct, moderator, other_member):
    url = f"/posts/{conduct.post_id}/"
    assert 'action="/posts/' in as_(other_member).get(url).text and "reply-link" in as_(other_member).get(url).text
    lock(conduct, moderator)
    page = as_(other_member).get(url).text
    assert "A moderator has closed this to more replies." in page
    assert f"{url}replies/" not in page and "reply-link" not in page


def test_a_reply_on_its_way_is_refused_and_its_words_come_back(as_, conduct, moderator, other_member):
    lock(conduct, moderator)
    answer = as_(other_member).post(
        f"/posts/{conduct.post_id}/replies/", {"body": "I know that feeling.", "key": uuid4()}
    )
    assert answer.status_code == 422
    assert Post.objects.filter(parent=conduct.post).count() == 0


def test_a_locked_post_waits_for_nobody_and_waits_again_when_it_is_undone(conduct, moderator):
    since = Post.objects.get(pk=conduct.post_id).waiting_since
    assert since is not None  # the premise
    decision = lock(conduct, moderator)
    assert Post.objects.get(pk=conduct.post_id).waiting_since is None
    undo_decision(decision, moderator)
    post = Post.objects.get(pk=conduct.post_id)
    assert (post.waiting_since, post.replies_locked_at) == (since, None)


def test_who_replies_after_it_is_undone_is_heard(conduct, moderator, other_member):
    undo_decision(lock(conduct, moderator), moderator)
    assert reply(other_member, conduct.post)
    assert may_reply(facts_of(other_member), facts_of_post(Post.objects.get(pk=conduct.post_id)))


def test_a_reply_cannot_be_locked_nor_a_locked_post(member, other_member, moderator, post_by, on_duty):
    on_duty(moderator)
    answer = reply(member, post_by(other_member))
    case = claim_case(report_post(other_member, answer, "rule", "unkind", key=uuid4()).case, moderator)
    with pytest.raises(NothingToDo):
        lock(case, moderator)
    own = post_by(member)
    case = claim_case(report_post(other_member, own, "rule", "unkind", key=uuid4()).case, moderator)
    lock(case, moderator)
    case = claim_case(report_post(other_member, own, "rule", "unkind", key=uuid4()).case, moderator)
    with pytest.raises(NothingToDo):
        lock(case, moderator, seen_post_version=2)


def test_it_names_a_rule(conduct, moderator):
    with pytest.raises(Missing):
        lock(conduct, moderator, rule="")


def test_what_a_moderator_noticed_they_may_lock(member, moderator, post_by):
    case = claim_case(report_post(moderator, post_by(member), "rule", "unkind", key=uuid4()).case, moderator)
    assert lock(Case.objects.get(pk=case.pk), moderator)


def test_open_screens_hear_of_it(told, conduct, moderator):
    assert ("wall", "post.changed", conduct.post_id) in told(lambda: lock(conduct, moderator))

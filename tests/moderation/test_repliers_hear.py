"""Who replied hears once that the post was taken down, never why, and that it is back."""

from uuid import uuid4

import pytest

from forum.actions.posts import publish_post, withdraw_post
from forum.models import Block, Member, Notice, Post
from moderation.actions.decisions import decide_case, undo_decision
from moderation.models import Case

pytestmark = pytest.mark.django_db
DOWN, BACK = (
    "A post that you replied to was taken down. Your reply still stands.",
    "A post that you replied to is back.",
)


@pytest.fixture
def conduct(held_case):
    return held_case(door="rule")


@pytest.fixture
def replier(make_member, conduct):
    person = make_member("finch")
    for words in ("I know that feeling.", "And I am here tonight."):
        publish_post(person, body=words, parent=conduct.post, key=uuid4())
    return person


def remove(case, actor):
    version = Post.objects.get(pk=case.post_id).version
    return decide_case(Case.objects.get(pk=case.pk), actor, "remove", seen_post_version=version, rule="kindness")


def told(member) -> list[str]:
    return list(Notice.objects.filter(member=member, kind="taken_down").values_list("state", flat=True))


def test_they_hear_once_however_often_they_replied_and_nothing_of_why(as_, conduct, replier, moderator, member):
    remove(conduct, moderator)
    assert told(replier) == ["down"]
    page = as_(replier).get("/notices/").text
    assert DOWN in page and "And I am here tonight." in page
    assert "robin" not in page and "Be kind" not in page and "heron" not in page
    notice = Notice.objects.get(member=replier, kind="taken_down")
    there = as_(replier).get(f"/notices/{notice.pk}/", follow=True)
    assert there.status_code == 200 and "And I am here tonight." in there.text


def test_they_hear_when_it_is_back(as_, conduct, replier, moderator):
    decision = remove(conduct, moderator)
    as_(replier).post("/notices/read/", {"notice": "all"})
    undo_decision(decision, moderator)
    assert told(replier) == ["back"]
    page = as_(replier).get("/notices/").text
    assert BACK in page and DOWN not in page


def test_the_author_readers_and_those_apart_hear_nothing_of_it(conduct, replier, moderator, member, other_member):
    publish_post(member, body="Thank you all.", parent=conduct.post, key=uuid4())
    publish_post(other_member, body="With you.", parent=conduct.post, key=uuid4())
    Block.objects.create(blocker=other_member, blocked=member)
    remove(conduct, moderator)
    assert (told(member), told(other_member), told(replier)) == ([], [], ["down"])


def test_who_took_their_reply_back_or_wants_no_such_notice_hears_nothing(conduct, replier, moderator, make_member):
    quiet = make_member("siskin", notices_off=["taken_down"])
    publish_post(quiet, body="With you.", parent=conduct.post, key=uuid4())
    for reply in Post.objects.filter(author=replier):
        withdraw_post(replier, reply)
    remove(conduct, moderator)
    assert told(quiet) == told(replier) == []


def test_what_its_author_takes_back_is_their_own_business(conduct, replier, member):
    withdraw_post(member, Post.objects.get(pk=conduct.post_id))
    assert told(replier) == []


def test_that_it_is_back_is_only_for_those_who_heard_that_it_went(conduct, moderator, replier, make_member):
    decision = remove(conduct, moderator)
    late = make_member("siskin")
    Post.objects.create(author=late, parent=conduct.post, body="Late.", key=uuid4(), key_digest="")
    undo_decision(decision, moderator)
    assert told(late) == [] and told(replier) == ["back"]


def test_their_own_socket_hears_of_it(hear, conduct, replier, moderator):
    heard = hear(Member.objects.get(pk=replier.pk), lambda: remove(conduct, moderator))
    assert any(event["kind"] == "notice.changed" for event in heard)

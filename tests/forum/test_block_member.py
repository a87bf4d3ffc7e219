"""A block: neither sees the other, on any surface, at once, and the other is never told."""

import time
from uuid import uuid4

import pytest

from forum.access import facts_of
from forum.actions.care import NotYourself, block_member, unblock_member
from forum.actions.posts import publish_post
from forum.actions.support import set_support
from forum.models import Block, Follow, Keep
from forum.refusals import NotThere
from realtime.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def sides(member, other_member):
    """Who blocks, and who is blocked: whatever holds for one must hold for the other."""
    return [(member, other_member), (other_member, member)]


def test_no_page_shows_either_of_the_other(as_, member, other_member, sides, post_by, moderator):
    posts = {each: post_by(each, f"Words of {each.handle}.") for each in (member, other_member)}
    bystanders = post_by(moderator, "Words between.")
    replies = {each: post_by(each, f"Answer of {each.handle}.", parent=bystanders) for each in posts}
    assert "Words of wren." in as_(member).get("/").text  # the premise
    block_member(member, other_member)
    for one, other in sides:
        surfaces = ["/", f"/posts/{bystanders.pk}/", f"/search/?q=Words+of+{other.handle}"]
        for page in (as_(one).get(surface).text for surface in surfaces):
            assert f"Words of {other.handle}." not in page and f"Answer of {other.handle}." not in page
        for gone in (posts[other], replies[other]):
            assert as_(one).get(f"/posts/{gone.pk}/").status_code == 404
        assert as_(one).get(f"/members/{other.handle}/").status_code == 404
        assert "All replies" not in as_(one).get("/").text  # which would tell that there is one more
    assert "Answer of wren." in as_(moderator).get("/").text


def test_no_reply_and_no_support_either_way(member, other_member, sides, post_by):
    posts = {each: post_by(each) for each in (member, other_member)}
    block_member(member, other_member)
    for one, other in sides:
        with pytest.raises(NotThere):
            publish_post(one, body="Hello?", parent=posts[other], key=uuid4())
        with pytest.raises(NotThere):
            set_support(one, posts[other], "with_you", on=True)


def test_nothing_is_heard_of_the_other_from_then_on(hear, member, other_member, sides, post_by):
    for one, other in sides:
        assert "post.published" in kinds(hear(one, lambda other=other: post_by(other)))  # the premise
    for one, other in sides:
        heard = hear(one, lambda: block_member(member, other_member), settle, lambda other=other: post_by(other))
        assert set(kinds(heard)) <= {"rights.changed"}
        unblock_member(member, other_member.pk)


def test_both_hear_the_same_and_it_says_nothing_of_who_or_why(hear, member, other_member):
    (event,) = hear(other_member, lambda: block_member(member, other_member))
    assert (event["kind"], event["id"]) == ("rights.changed", other_member.pk)
    assert sorted(Event.objects.values_list("stream", flat=True)) == [
        f"member:{member.pk}",
        f"member:{other_member.pk}",
    ]
    assert set(Event.objects.values_list("actor", flat=True)) == {None}


def test_what_each_followed_and_kept_of_the_other_ends(member, other_member, moderator, sides, post_by):
    elsewhere = post_by(moderator)
    for one, other in sides:
        post = post_by(other)
        Follow.objects.create(member=one, post=post)
        Keep.objects.create(member=one, post=post)
        Follow.objects.create(member=one, post=elsewhere)
    block_member(member, other_member)
    assert set(Follow.objects.values_list("post", flat=True)) == {elsewhere.pk}
    assert not Keep.objects.exists()


def test_twice_is_once_and_nobody_blocks_themselves(member, other_member):
    block_member(member, other_member)
    told = Event.objects.count()
    block_member(member, other_member)
    assert (Block.objects.count(), Event.objects.count()) == (1, told)
    with pytest.raises(NotYourself):
        block_member(member, member)


def test_undone_both_see_each_other_again_unless_the_other_has_blocked_too(as_, member, other_member, post_by):
    post_by(other_member, "Here again.")
    block_member(member, other_member)
    block_member(other_member, member)
    unblock_member(member, other_member.pk)
    assert "Here again." not in as_(member).get("/").text
    unblock_member(other_member, member.pk)
    assert "Here again." in as_(member).get("/").text


def test_the_one_who_blocks_can_undo_it_and_tell_the_team_and_the_other_finds_nobody(as_, member, other_member):
    assert as_(member).post("/members/wren/care/", {"do": "block"})["Location"] == "/me/care/#people"
    assert as_(member).get("/members/wren/report/").status_code == 200
    for path in ("/members/robin/", "/members/robin/care/", "/members/robin/report/"):
        missing = as_(other_member).get(path.replace("robin", "nobody-here"))
        assert as_(other_member).get(path).status_code == missing.status_code == 404
    assert as_(other_member).post("/members/robin/care/", {"do": "block"}).status_code == 404
    assert "wren" in as_(member).get("/me/care/").text
    as_(member).post(f"/me/care/blocked/{other_member.pk}/end/")
    assert not Block.objects.exists()


def test_a_block_by_a_member_keeps_no_moderator_from_a_case(member, moderator):
    block_member(member, moderator)
    assert facts_of(moderator).blocks == {member.pk} and facts_of(moderator).own_blocks == frozenset()


def kinds(events):
    return [event["kind"] for event in events]


def settle():
    time.sleep(0.5)  # the hub reads the new rights

"""Search finds what one may see and shows no more of it than the wall would."""

import pytest

from forum import search
from forum.access import ViewerFacts, facts_of
from forum.actions.posts import change_status, edit_post, withdraw_post
from forum.models import MutedWord, Status
from forum.search import MINE, POSTS, REPLIES, search_posts

pytestmark = pytest.mark.django_db
WORDS = "A heron stood in the rain."


def found(viewer: ViewerFacts, query: str = "heron", **more) -> set[int]:
    return {hit.post.pk for hit in search_posts(viewer, query, **more).hits}


def test_a_block_and_a_mute_hide_words_and_the_replies_under_them(member, other_member, moderator, post_by):
    post = post_by(member, WORDS)
    reply = post_by(moderator, WORDS, parent=post)
    assert found(facts_of(other_member)) == {post.pk, reply.pk}
    mute = other_member.mutes_made.create(muted=member)
    assert found(facts_of(other_member)) == set()
    mute.delete()
    member.blocks_made.create(blocked=other_member)
    assert found(facts_of(other_member)) == set()
    assert found(facts_of(moderator)) == {post.pk, reply.pk}


def test_held_words_are_found_by_their_author_and_the_team_alone(member, other_member, moderator, post_by):
    post = post_by(member, WORDS)
    change_status(post, Status.HELD)
    assert [found(facts_of(each)) for each in (member, moderator, other_member)] == [{post.pk}, {post.pk}, set()]


@pytest.mark.parametrize("status", [Status.REMOVED, Status.WITHDRAWN, Status.ERASED])
def test_a_stone_is_never_found_by_anyone(member, other_member, staff, post_by, status):
    post = post_by(member, WORDS)
    reply = post_by(other_member, "With you.", parent=post)
    assert found(facts_of(staff)) == {post.pk}
    change_status(post, status)
    assert [found(facts_of(each)) for each in (member, other_member, staff)] == [set(), set(), set()]
    assert found(facts_of(staff), "with you") == {reply.pk}


def test_folded_words_are_found_and_not_shown(member, other_member, moderator, post_by):
    post = post_by(member, WORDS)
    change_status(post, Status.FOLDED)
    excerpts = {
        each.handle: search_posts(facts_of(each), "heron").hits[0].excerpt for each in (member, moderator, other_member)
    }
    assert "<mark>heron</mark>" in excerpts["robin"] and "<mark>heron</mark>" in excerpts["heron"]
    assert excerpts["wren"] == ""


def test_muted_words_fold_what_is_found_or_leave_it_out(member, other_member, post_by):
    post = post_by(member, WORDS)
    own = post_by(other_member, WORDS)
    assert found(facts_of(other_member)) == {post.pk, own.pk}
    fold = MutedWord.objects.create(member=other_member, phrase="rain", folded=" rain ", way="fold")
    hits = search_posts(facts_of(other_member), "heron").hits
    assert {hit.post.pk: hit.muted for hit in hits} == {post.pk: True, own.pk: False}
    fold.way = "hide"
    fold.save()
    assert found(facts_of(other_member)) == {own.pk}


def test_new_words_are_found_and_the_old_ones_no_longer(member, other_member, post_by):
    post = post_by(member, WORDS)
    edit_post(member, post, body="A curlew called.", content_note="", seen_version=1)
    assert found(facts_of(other_member)) == set()
    assert found(facts_of(other_member), "curlews") == {post.pk}


def test_what_is_put_back_is_found_again(member, other_member, post_by):
    post = post_by(member, WORDS)
    change_status(post, Status.REMOVED)
    assert found(facts_of(other_member)) == set()
    change_status(post, Status.VISIBLE)
    assert found(facts_of(other_member)) == {post.pk}


def test_it_can_be_narrowed(member, other_member, post_by):
    post = post_by(member, WORDS)
    reply = post_by(other_member, WORDS, parent=post)
    viewer = facts_of(other_member)
    assert found(viewer, among=POSTS) == {post.pk}
    assert found(viewer, among=REPLIES) == {reply.pk}
    assert found(viewer, among=MINE) == {reply.pk}
    assert found(viewer, by="Robin") == {post.pk}
    assert found(viewer, by="nobody at all") == set()
    assert found(viewer, since=reply.placed_at) == {reply.pk}


def test_pages_hold_each_post_once_newest_first(member, post_by, django_assert_num_queries):
    posts = [post_by(member, f"{WORDS} {number}").pk for number in range(45)]
    viewer, seen, before = facts_of(member), [], ""
    for _page in range(3):
        with django_assert_num_queries(1):
            page = search_posts(viewer, "heron", before=before)
        seen += [hit.post.pk for hit in page.hits]
        before = page.older
    assert seen == posts[::-1]
    assert before == ""


def test_words_taken_back_while_the_page_is_turned_are_not_on_the_next(member, post_by):
    posts = [post_by(member, WORDS) for _ in range(22)]
    page = search_posts(facts_of(member), "heron")
    withdraw_post(member, posts[0])
    assert found(facts_of(member), before=page.older) == {posts[1].pk}


@pytest.mark.parametrize("others", [2, 4, 9])
def test_what_stands_behind_much_that_is_not_theirs_is_found(member, other_member, post_by, monkeypatch, others):
    monkeypatch.setattr(search, "ENOUGH", 3)
    monkeypatch.setattr(search, "MANY", 5)
    mine = {post_by(member, WORDS).pk for _ in range(2)}
    for _ in range(others):
        post_by(other_member, WORDS)
    assert len(found(facts_of(member))) == others + 2  # the premise: all of them match
    member.mutes_made.create(muted=other_member)
    assert found(facts_of(member)) == mine

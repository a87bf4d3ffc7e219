"""A thread with many replies comes a page at a time: the newest first, the rest by links, and every link to a reply lands."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from forum import access, threads
from forum.models import Post
from forum.replies import REPLIES

pytestmark = pytest.mark.django_db


@pytest.fixture
def long_thread(member, other_member, post_by):
    """A post of robin's with as many replies by wren; the first is the oldest."""

    def make(number: int) -> tuple[Post, list[Post]]:
        post, start = post_by(member), timezone.now() - timedelta(days=1)
        rows = [
            Post(author=other_member, parent=post, body=f"Reply {each}.", key=uuid4(), placed_at=start + timedelta(minutes=each))
            for each in range(number)
        ]  # fmt: skip
        Post.objects.bulk_create(rows)
        Post.objects.filter(pk=post.pk).update(standing_replies=number)
        return post, list(Post.objects.filter(parent=post).order_by("placed_at", "pk"))

    return make


def shown(answer) -> list[int]:
    return [int(number) for number in re.findall(r'<article id="post-(\d+)" class="(?:mine )?reply', answer.text)]


def test_the_newest_stand_on_the_page_and_the_others_behind_a_link(as_, member, long_thread):
    post, replies = long_thread(REPLIES * 2 + 3)
    ids, client = [reply.pk for reply in replies], as_(member)
    first = client.get(f"/posts/{post.pk}/")
    assert shown(first) == ids[-REPLIES:] and "Later replies" not in first.text
    earlier = client.get(f"/posts/{post.pk}/?" + re.search(r'href="\?(before=[^#"]+)#', first.text)[1])
    assert shown(earlier) == ids[3 : 3 + REPLIES] and "The newest replies" in earlier.text
    start = client.get(f"/posts/{post.pk}/?" + re.search(r'href="\?(before=[^#"]+)#', earlier.text)[1])
    assert shown(start) == ids[:3] and "Earlier replies" not in start.text
    on = client.get(f"/posts/{post.pk}/?" + re.search(r'href="\?(after=[^#"]+)#', start.text)[1])
    assert shown(on) == ids[3 : 3 + REPLIES]


def test_a_short_thread_has_no_pages(as_, member, long_thread):
    post, replies = long_thread(REPLIES)
    page = as_(member).get(f"/posts/{post.pk}/")
    assert shown(page) == [reply.pk for reply in replies]
    assert "Earlier replies" not in page.text and "Later replies" not in page.text


def test_a_link_to_any_reply_lands_where_it_stands(as_, member, long_thread):
    post, replies = long_thread(REPLIES * 2)
    for reply in (replies[0], replies[20], replies[-1]):
        there = as_(member).get(f"/posts/{reply.pk}/")["Location"]
        assert there == threads.url_of(reply)
        assert reply.pk in shown(as_(member).get(there.partition("#")[0])), there
    newest = as_(member).get(f"/posts/{post.pk}/?reply={replies[-1].pk}")
    assert len(shown(newest)) == REPLIES and "Later replies" not in newest.text


@pytest.mark.parametrize(
    "asked", ["?before=1-1", "?after=x", "?reply=999999999", "?reply=-1", "?before=99999999999999999-1"]
)
def test_a_strange_link_shows_the_newest(as_, member, long_thread, asked):
    post, replies = long_thread(REPLIES + 1)
    assert shown(as_(member).get(f"/posts/{post.pk}/{asked}"))[-1] == replies[-1].pk


def test_nobody_apart_is_on_any_page(as_, member, other_member, long_thread):
    from forum.actions.care import mute_member

    post, replies = long_thread(REPLIES + 5)
    mute_member(member, other_member)
    assert shown(as_(member).get(f"/posts/{post.pk}/?reply={replies[0].pk}")) == []
    assert threads.read_thread(access.facts_of(member), post.pk).earlier == ""


def test_a_long_thread_costs_what_a_short_one_does(as_, member, long_thread, django_assert_max_num_queries):
    post, replies = long_thread(REPLIES * 2)
    as_(member).get(f"/posts/{post.pk}/")
    for asked in ("", f"?reply={replies[-1].pk}"):
        with django_assert_max_num_queries(8):
            as_(member).get(f"/posts/{post.pk}/{asked}")

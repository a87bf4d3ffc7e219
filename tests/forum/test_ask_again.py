"""Asking again brings a waiting post forward in its lens, once a day, and moves nothing on the wall."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from forum.actions.asking import ask_again, say_enough, set_up
from forum.actions.posts import withdraw_post
from forum.models import Post
from forum.refusals import AskedToday, NotThere, NotWaiting, NotYours

pytestmark = pytest.mark.django_db


def order(client, **lens) -> list[int]:
    return [thread.post.pk for thread in client.get("/", lens).context["threads"]]


def test_it_comes_first_in_the_lens_and_in_the_offer_and_stays_where_it_is_on_the_wall(
    as_, member, other_member, post_by
):
    older, newer = post_by(member, "Older."), post_by(member, "Newer.")
    set_up(other_member, up=True)
    client = as_(other_member)
    assert order(client, lens="waiting") == [newer.pk, older.pk]
    ask_again(member, older)
    assert order(client, lens="waiting") == [older.pk, newer.pk]
    assert order(client) == [newer.pk, older.pk]
    ask_again(member, newer)
    assert client.get("/").context["offer"].post_id == older.pk


def test_a_second_time_today_is_refused_with_the_hour_and_tomorrow_it_works(as_, member, post_by):
    post, client = post_by(member), as_(member)
    answer = client.post(f"/posts/{post.pk}/ask-again/", follow=True)
    assert "the first that people are asked to read" in answer.text
    answer = client.post(f"/posts/{post.pk}/ask-again/", follow=True)
    assert "You can ask again at" in answer.text
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        ask_again(member, post)


def test_nobody_else_asks_and_what_does_not_wait_cannot_be_asked(as_, member, other_member, post_by):
    post = post_by(member)
    assert as_(other_member).post(f"/posts/{post.pk}/ask-again/").status_code == 404
    with pytest.raises(NotYours):
        ask_again(other_member, post)
    hello = post_by(member, "Hello.", intent="hello")
    with pytest.raises(NotWaiting):
        ask_again(member, hello)
    with pytest.raises(NotThere):
        ask_again(member, post_by(member, "A reply.", parent=post))
    with pytest.raises(NotThere):
        ask_again(member, withdraw_post(member, post_by(member, "Never mind.")))
    assert not Post.objects.filter(asked_at__isnull=False).exists()


def test_enough_ends_the_wait_and_can_be_taken_back(as_, member, other_member, post_by):
    post, client = post_by(member), as_(member)
    assert "I have enough replies" in client.get("/").text
    client.post(f"/posts/{post.pk}/enough/", {"enough": "on"})
    assert order(as_(other_member), lens="waiting") == []
    assert "Look for replies again" in client.get("/").text
    with pytest.raises(NotWaiting):
        ask_again(member, post)
    client.post(f"/posts/{post.pk}/enough/", {"enough": "off"})
    assert order(as_(other_member), lens="waiting") == [post.pk]
    with pytest.raises(NotYours):
        say_enough(other_member, post, enough=True)


@pytest.mark.django_db(transaction=True)
def test_ten_presses_at_once_ask_once(member, post_by):
    post = post_by(member)

    def press(_n: int) -> bool:
        try:
            return bool(ask_again(member, post))
        except AskedToday:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(press, range(10))) == 1

"""Limits: so many posts and replies an hour, by whichever door and however much at once, and when there can be more."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from forum.actions.posts import publish_post, withdraw_post
from forum.models import Member, Post
from forum.refusals import KeyUsed, NotThere, NotYet, PostedOften, RepliedOften

pytestmark = pytest.mark.django_db
NIGHT = datetime(2027, 1, 20, 3, 12, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def limits(settings):
    settings.POSTS_PER_HOUR, settings.REPLIES_PER_HOUR = 4, 6
    return settings


def send(author, body="Still up.", parent=None, key=None) -> Post:
    return publish_post(author, body=body, parent=parent, key=key or uuid4()).post


def fill(author, number, parent=None) -> list[Post]:
    return [send(author, parent=parent) for _each in range(number)]


def test_the_next_one_is_refused_with_the_time_and_nothing_is_stored(member, time_machine):
    time_machine.move_to(NIGHT, tick=False)
    fill(member, 4)
    with pytest.raises(PostedOften) as refused:
        send(member)
    assert refused.value.message == "You can post again at 04:13. Your words are kept."
    assert refused.value.at == NIGHT + timedelta(hours=1) and Post.objects.count() == 4


def test_the_time_that_is_said_holds(member, time_machine):
    time_machine.move_to(NIGHT, tick=False)
    fill(member, 4)
    time_machine.move_to(NIGHT + timedelta(minutes=60), tick=False)
    fill(member, 4)


def test_another_day_is_named(member, time_machine):
    time_machine.move_to(datetime(2027, 1, 20, 23, 30, tzinfo=UTC), tick=False)
    fill(member, 4)
    with pytest.raises(PostedOften) as refused:
        send(member)
    assert "at 00:30 on 21 January." in refused.value.message


def test_posts_and_replies_are_counted_apart_and_each_for_oneself(member, other_member):
    post = fill(member, 4)[0]
    fill(other_member, 6, parent=post)
    with pytest.raises(RepliedOften):
        send(other_member, parent=post)
    assert send(other_member) and send(member, parent=post)


def test_what_was_refused_or_sent_before_counts_for_nothing_and_what_was_taken_back_does(member, other_member):
    hidden = send(other_member)
    other_member.blocks_made.create(blocked=member)
    key = uuid4()
    for _each in range(9):
        send(member, key=key)
        with pytest.raises(KeyUsed):
            send(member, "Other words.", key=key)
        with pytest.raises(NotThere):
            send(member, parent=hidden)
    for post in fill(member, 3):
        withdraw_post(member, post)
    with pytest.raises(PostedOften):
        send(member)
    assert send(member, key=key)  # known already, and so still answered


@pytest.mark.parametrize(("age", "posts", "replies"), [(23, 2, 3), (25, 4, 6)])
def test_new_members_may_send_half_for_a_day(make_member, other_member, age, posts, replies):
    newcomer = make_member("linnet", joined_at=timezone.now() - timedelta(hours=age))
    post = send(other_member)
    fill(newcomer, posts)
    fill(newcomer, replies, parent=post)
    for parent in (None, post):
        with pytest.raises(NotYet):
            send(newcomer, parent=parent)


def test_who_is_slowed_posts_less_often(member, other_member, limits):
    limits.SLOWED_POSTS_PER_HOUR, limits.SLOWED_REPLIES_PER_HOUR = 1, 2
    Member.objects.filter(pk=member.pk).update(standing="slowed")
    post = fill(other_member, 4)[0]
    send(member)
    fill(member, 2, parent=post)
    for parent in (None, post):
        with pytest.raises(NotYet):
            send(member, parent=parent)


def test_the_page_keeps_the_words_and_says_when_beside_them(as_, member):
    post = fill(member, 4)[0]
    answer = as_(member).post("/posts/", {"body": "One more thing.", "intent": "support"})
    assert answer.status_code == 429 and 0 < int(answer["Retry-After"]) <= 3600
    assert "One more thing." in answer.text and "You can post again at" in answer.text
    fill(member, 6, parent=post)
    answer = as_(member).post(f"/posts/{post.pk}/replies/", {"body": "And this."})
    assert answer.status_code == 429 and "You can reply again at" in answer.text and "And this." in answer.text


@pytest.mark.django_db(transaction=True)
def test_the_socket_says_the_same(listen, member):
    fill(member, 4)
    with listen(member) as socket:
        socket.send({"type": "post", "key": str(uuid4()), "body": "One more.", "intent": "support"})
        refused = socket.until("refused")
    assert refused["code"] == "too_fast" and refused["message"].startswith("You can post again at ")
    assert refused["fields"] == {"body": [refused["message"]]}


@pytest.mark.django_db(transaction=True)
def test_twelve_at_once_are_four(member, other_member):
    post = send(other_member)

    def attempt(number: int) -> bool:
        try:
            return bool(send(member, parent=post if number % 2 else None))
        except NotYet:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        stored = list(pool.map(attempt, range(24)))
    assert stored.count(True) == 4 + 6 == Post.objects.filter(author=member).count()

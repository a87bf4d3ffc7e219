"""What a moderator's decision does to words: where they stand afterwards, and what sockets hear."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from forum.actions.posts import change_status
from forum.models import Post, Status
from realtime import log
from realtime.models import Event

pytestmark = pytest.mark.django_db


def change(post: Post, status: str) -> list[str]:
    """Does it as an outermost action would; returns the kinds that the wall was told."""
    with transaction.atomic():
        events = change_status(post, status)
        log.append(*events)
    return [event.kind for event in events if event.stream == "wall"]


def test_held_words_come_onto_the_wall_when_they_are_let_through(member, post_by):
    held = post_by(member, "With a link.")
    Post.objects.filter(pk=held.pk).update(status=Status.HELD)
    newer = post_by(member, "Later.")
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert change(held, Status.VISIBLE) == ["post.published"]
    assert Post.objects.get(pk=held.pk).place > newer.place


def test_restored_words_stand_where_they_stood(member, post_by):
    post = post_by(member)
    before = post.place
    assert change(post, Status.REMOVED) == ["post.removed"]
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert change(post, Status.VISIBLE) == ["post.published"]
    assert Post.objects.get().place == before


def test_a_fold_changes_what_stands(member, post_by):
    post = post_by(member)
    assert change(post, Status.FOLDED) == ["post.changed"]
    assert change(post, Status.VISIBLE) == ["post.changed"]
    assert Post.objects.get().version == 3


def test_the_same_status_changes_nothing(member, post_by):
    post = post_by(member)
    assert change(post, Status.FOLDED)
    told = Event.objects.count()
    assert change(post, Status.FOLDED) == []
    assert (Event.objects.count(), Post.objects.get().version) == (told, 2)


def test_a_reply_counts_while_it_stands(member, other_member, post_by):
    post = post_by(member)
    reply = post_by(other_member, parent=post)
    change(reply, Status.REMOVED)
    assert Post.objects.get(pk=post.pk).standing_replies == 0
    change(reply, Status.FOLDED)
    assert Post.objects.get(pk=post.pk).standing_replies == 1


def test_a_stone_that_comes_back_with_its_reply_is_newer_than_the_one_that_went(member, other_member, post_by):
    post = post_by(member)
    reply = post_by(other_member, parent=post)
    change(post, Status.WITHDRAWN)
    assert change(reply, Status.REMOVED) == ["reply.removed", "post.removed"]
    assert change(reply, Status.VISIBLE) == ["reply.published", "post.removed"]
    versions = list(Event.objects.filter(ref=post.pk).order_by("seq").values_list("version", flat=True))
    assert versions == sorted(set(versions))

"""Taking words back: at any time, by their author, from the small room too, and never what was taken down."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from forum.actions.posts import change_status, withdraw_post
from forum.models import Member, Post, Status
from forum.refusals import NotThere, NotYours
from realtime.models import Event

pytestmark = pytest.mark.django_db


def test_the_author_takes_words_back_at_any_time(as_, member, other_member, post_by):
    post = post_by(member, "Too much.")
    with time_machine.travel(timezone.now() + timedelta(days=12)):
        assert as_(member).get(f"/posts/{post.pk}/withdraw/").status_code == 200
        assert as_(member).post(f"/posts/{post.pk}/withdraw/").status_code == 302
        assert "Too much." not in as_(other_member).get("/").text
    assert as_(other_member).get(f"/posts/{post.pk}/").status_code == 404
    assert Event.objects.filter(kind="post.removed", ref=post.pk).count() == 1


def test_replies_stay_under_a_stone_until_the_last_one_goes(as_, member, other_member, post_by):
    post = post_by(member, "Too much.")
    reply = post_by(other_member, "With you.", parent=post)
    withdraw_post(member, post)
    page = as_(other_member).get("/").text
    assert "Too much." not in page and "With you." in page and "taken it back" in page
    withdraw_post(other_member, reply)
    assert f"post-{post.pk}" not in as_(other_member).get("/").text
    assert Event.objects.filter(stream="wall").order_by("-seq").values_list("kind", "ref")[0] == (
        "post.removed",
        post.pk,
    )


def test_taking_back_twice_is_the_same_as_once(member, post_by):
    post = post_by(member)
    withdraw_post(member, post)
    withdraw_post(member, post)
    assert Event.objects.filter(kind="post.removed").count() == 1


def test_nobody_takes_back_for_another(as_, member, other_member, post_by):
    post = post_by(member)
    assert as_(other_member).post(f"/posts/{post.pk}/withdraw/").status_code == 404
    with pytest.raises(NotYours):
        withdraw_post(other_member, post)
    assert Post.objects.get().status == Status.VISIBLE


def test_what_was_taken_down_is_not_there_to_take_back(as_, member, post_by):
    post = post_by(member)
    with transaction.atomic():
        change_status(post, Status.REMOVED)
    assert as_(member).post(f"/posts/{post.pk}/withdraw/").status_code == 404
    with pytest.raises(NotThere):
        withdraw_post(member, post)
    assert Post.objects.get().status == Status.REMOVED


def test_words_that_never_were_are_missing_alike(as_, member, other_member, post_by):
    theirs = post_by(other_member)
    assert [as_(member).post(f"/posts/{number}/withdraw/").status_code for number in (theirs.pk, 10**9)] == [404, 404]


def test_a_suspended_member_may_still_take_words_back(member, post_by):
    post = post_by(member)
    Member.objects.filter(pk=member.pk).update(standing="suspended")
    withdraw_post(Member.objects.get(pk=member.pk), post)
    assert Post.objects.get().status == Status.WITHDRAWN

"""Changing words: for fifteen minutes, by their author, seen as edited, never over words that moved meanwhile."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from forum.actions.posts import change_status, edit_post
from forum.models import Post, Status
from forum.refusals import ChangedMeanwhile, NotYours, TooLateToEdit
from realtime import log
from realtime.models import Event

pytestmark = pytest.mark.django_db


def test_the_author_changes_their_words(as_, member, other_member, post_by):
    post = post_by(member, "Slpet.")
    answer = as_(member).post(f"/posts/{post.pk}/edit/", {"body": "Slept.", "seen_version": 1})
    assert answer.status_code == 303
    post.refresh_from_db()
    assert (post.body, post.version) == ("Slept.", 2)
    seen = as_(other_member).get("/").text
    assert "Slept." in seen and "edited" in seen
    assert Event.objects.filter(kind="post.changed", ref=post.pk, version=2).count() == 1


def test_somebody_elses_words_are_not_there_to_change(as_, member, other_member, post_by):
    post = post_by(member)
    assert as_(member).get(f"/posts/{post.pk}/edit/").status_code == 200
    assert as_(other_member).get(f"/posts/{post.pk}/edit/").status_code == 404
    with pytest.raises(NotYours):
        edit_post(other_member, post, body="Mine now.", content_note="", seen_version=1)


def test_after_fifteen_minutes_the_words_stay(as_, member, post_by):
    post = post_by(member)
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        answer = as_(member).post(f"/posts/{post.pk}/edit/", {"body": "Later.", "seen_version": 1})
    assert answer.status_code == 422 and "Later." in answer.text and "15 minutes" in answer.text
    assert Post.objects.get().body == post.body


def test_words_that_moved_meanwhile_are_not_overwritten(as_, member, post_by):
    post = post_by(member)
    edit_post(member, post, body="From the phone.", content_note="", seen_version=1)
    answer = as_(member).post(f"/posts/{post.pk}/edit/", {"body": "From the laptop.", "seen_version": 1})
    assert answer.status_code == 409
    assert "From the laptop." in answer.text and "From the phone." in answer.text
    with pytest.raises(ChangedMeanwhile):
        edit_post(member, post, body="Again.", content_note="", seen_version=1)


def test_the_same_words_change_nothing(member, post_by):
    post = post_by(member)
    edit_post(member, post, body=post.body, content_note="", seen_version=1)
    assert Post.objects.get().version == 1
    assert Event.objects.filter(kind="post.changed").count() == 0


def test_folded_words_cannot_be_edited_out_of_their_fold(member, post_by):
    post = post_by(member)
    with transaction.atomic():
        log.append(*change_status(post, Status.FOLDED))
    with pytest.raises(TooLateToEdit):
        edit_post(member, post, body="Other.", content_note="", seen_version=2)


def test_a_reply_is_edited_the_same_way(as_, member, other_member, post_by):
    reply = post_by(other_member, "Wiht you.", parent=post_by(member))
    as_(other_member).post(f"/posts/{reply.pk}/edit/", {"body": "With you.", "seen_version": 1})
    assert Post.objects.get(pk=reply.pk).body == "With you."
    assert Event.objects.filter(kind="reply.changed", ref=reply.pk).exists()


def test_changing_is_offered_only_while_it_can_be_done(as_, member, post_by):
    post = post_by(member)
    offer = f'href="/posts/{post.pk}/edit/"'
    page = as_(member).get("/").text
    assert offer in page and "Change these words, within 15 minutes" in page
    until = timezone.localtime(post.created_at + timedelta(minutes=15)).isoformat()
    assert f'data-until="{until}"' in page  # an open page takes the offer away by itself
    with time_machine.travel(post.created_at + timedelta(minutes=15)):
        assert offer not in as_(member).get("/").text
        assert f'href="/posts/{post.pk}/withdraw/"' in as_(member).get("/").text


def test_held_words_can_be_changed_for_as_long_as_they_are_held(as_, member, post_by):
    post = post_by(member)
    with transaction.atomic():
        change_status(post, Status.HELD)
    with time_machine.travel(post.created_at + timedelta(days=1)):
        page = as_(member).get("/").text
    assert f'href="/posts/{post.pk}/edit/"' in page and "data-until" not in page

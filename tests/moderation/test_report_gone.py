"""Words that change or go while somebody writes to us about them: what was read is what is kept, and a worry is never lost."""

from uuid import uuid4

import pytest
from django.db import transaction

from forum.actions.posts import change_status, edit_post, publish_post, withdraw_post
from forum.models import Post, Status
from forum.refusals import NotThere
from moderation.actions.reports import report_post
from moderation.models import Case, Door, Report
from realtime import log

pytestmark = pytest.mark.django_db

GOODBYE = "Thank you all. Goodbye."


@pytest.fixture
def post(member) -> Post:
    return publish_post(member, body=GOODBYE, key=uuid4()).post


def worried(reporter, post, **fields) -> Report:
    return report_post(reporter, post, Door.WORRY, "worried", key=uuid4(), **fields)


def test_a_report_keeps_the_words_its_reporter_read(member, other_member, post):
    edit_post(member, post, body="All fine.", content_note="", seen_version=1)
    report = worried(other_member, Post.objects.get(), seen_version=1)
    assert (report.snapshot, report.snapshot_version) == (GOODBYE, 1)


def test_a_later_reader_is_kept_with_the_later_words(member, other_member, post):
    edit_post(member, post, body="All fine.", content_note="", seen_version=1)
    edit_post(member, post, body="All fine, really.", content_note="", seen_version=2)
    now = Post.objects.get()
    assert [worried(other_member, now, seen_version=n).snapshot for n in (1, 2)] == [GOODBYE, "All fine."]
    assert worried(other_member, now).snapshot == "All fine, really."


@pytest.mark.parametrize("seen", [0, -1, 99])
def test_a_version_that_never_was_counts_as_the_present_one(other_member, post, seen):
    assert worried(other_member, post, seen_version=seen).snapshot_version == 1


def test_a_worry_arrives_though_the_words_were_taken_back_meanwhile(as_, member, other_member, post):
    page = as_(other_member).get(f"/posts/{post.pk}/report/?door=worry")
    assert GOODBYE in page.text
    withdraw_post(member, post)
    seen = page.context["form"].initial["seen"]
    sent = {"door": "worry", "category": "danger_now", "key": str(uuid4()), "seen_version": 1, "seen": seen}
    assert as_(other_member).post(f"/posts/{post.pk}/report/", sent).status_code == 303
    assert Report.objects.filter(reporter=other_member).get().snapshot == GOODBYE
    assert Case.objects.filter(kind="care", subject=member).exists()


def test_words_that_went_are_shown_to_nobody_again(as_, other_member, post):
    seen = as_(other_member).get(f"/posts/{post.pk}/report/?door=worry").context["form"].initial["seen"]
    with transaction.atomic():
        log.append(*change_status(post, Status.REMOVED))
    assert as_(other_member).get(f"/posts/{post.pk}/report/?door=worry").status_code == 404
    refused = as_(other_member).post(f"/posts/{post.pk}/report/", {"door": "worry", "seen": seen})
    assert refused.status_code == 422 and GOODBYE not in refused.text


def test_somebody_who_is_blocked_cannot_report_what_they_never_saw(member, other_member, post):
    member.blocks_made.create(blocked=other_member)
    with pytest.raises(NotThere):
        worried(other_member, post)


def test_held_words_are_not_there_for_others_to_report(other_member, post):
    assert worried(other_member, post), "the premise: before, they could be reported"
    Post.objects.update(status=Status.HELD)
    with pytest.raises(NotThere):
        worried(other_member, Post.objects.get())


@pytest.mark.parametrize("seen", ["", "forged", None])
def test_nobody_learns_whose_words_went_by_trying_numbers(as_, member, other_member, moderator, post, seen):
    somebody_elses = as_(moderator).get(f"/posts/{post.pk}/report/?door=worry").context["form"].initial["seen"]
    withdraw_post(member, post)
    answer = as_(other_member).post(f"/posts/{post.pk}/report/", {"door": "worry", "seen": seen or somebody_elses})
    assert answer.status_code == 404 and "robin" not in answer.text

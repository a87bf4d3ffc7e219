"""Erasing an account: identity and words go from every place there is; others' replies and the fact of decisions stay."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from forum.actions.erasing import erase_member
from forum.actions.leaving import delete_now, erase_due
from forum.models import Erasure, Member, Post, Standing, Status, Support
from moderation import audit
from moderation.models import CaseEvent, CaseEventWords, CrisisRecord, Decision, Report
from realtime.models import Event
from tests.forum import canaries

pytestmark = pytest.mark.django_db
SEALED = {"card"}  # never readable in the database


@pytest.fixture
def somebody(make_member):
    member = make_member(canaries.HANDLE)
    Member.objects.filter(pk=member.pk).update(email=canaries.CANARIES["address"])
    member.refresh_from_db()
    return member


@pytest.mark.django_db(transaction=True)
def test_nothing_of_them_is_anywhere(somebody, other_member, moderator, caplog):
    canaries.live_a_life(somebody, other_member, moderator)
    assert canaries.CANARIES.keys() - canaries.found() == SEALED  # the premise: all the others can be found
    delete_now(somebody)
    erase_due()
    assert canaries.found() == {}
    if connection.vendor == "sqlite":
        assert canaries.in_files() == []
    assert Erasure.objects.get().finished_at
    assert "canary" not in caplog.text.lower()


def test_the_chain_still_holds_and_says_what_was_done(somebody, other_member, moderator):
    _post, case = canaries.live_a_life(somebody, other_member, moderator)
    before = list(CaseEvent.objects.filter(case=case).values_list("n", "action", "digest"))
    delete_now(somebody)
    erase_due()
    assert audit.verify() is None
    assert list(CaseEvent.objects.filter(case=case).values_list("n", "action", "digest")) == before
    assert not CaseEventWords.objects.filter(event__case=case).exists()
    assert Decision.objects.get(case=case).kind == "fold"
    assert CrisisRecord.objects.get(case=case).what_they_said == "[erased]"


def test_replies_by_others_stay_under_a_neutral_stone(as_, somebody, other_member, moderator, make_member):
    reader = make_member("finch")
    post, _case = canaries.live_a_life(somebody, other_member, moderator)
    delete_now(somebody)
    erase_due()
    page = as_(reader).get(f"/posts/{post.pk}/").text
    assert "A post was here" in page and f"{canaries.FOREIGN} I hear you." in page
    assert canaries.HANDLE not in page
    post.refresh_from_db()
    assert (post.status, post.body, post.content_note, post.standing_replies) == (Status.ERASED, "", "", 1)
    assert as_(reader).get(f"/members/{canaries.HANDLE}/").status_code == 404


def test_every_open_screen_hears_that_the_words_went(hear, somebody, other_member, post_by):
    post = post_by(somebody)
    theirs = post_by(other_member)
    Support.objects.create(post=theirs, member=somebody, kind="with_you")

    def erase():
        delete_now(somebody)
        erase_due()

    heard = [(event["kind"], event["id"]) for event in hear(other_member, erase)]
    assert ("post.removed", post.pk) in heard and ("support.changed", theirs.pk) in heard


def test_their_handle_and_address_are_free_of_them(somebody):
    delete_now(somebody)
    erase_due()
    somebody.refresh_from_db()
    assert somebody.handle == f"erased-{somebody.pk}"
    assert somebody.standing == Standing.ERASED
    assert not somebody.has_usable_password()
    assert Member.objects.create_user(canaries.CANARIES["address"], "newcomer", "-")


def test_for_a_year_nobody_is_taken_for_them(somebody, time_machine):
    from forum.actions.handles import was_lately
    from forum.handles import lookalike_keys

    delete_now(somebody)
    erase_due()
    assert was_lately(lookalike_keys("Robin-Canary1"))
    assert not was_lately(lookalike_keys("finch"))
    time_machine.move_to(timezone.now() + timedelta(days=366))
    assert not was_lately(lookalike_keys(canaries.HANDLE))


def test_erasing_again_changes_nothing_and_says_nothing(somebody, post_by):
    post_by(somebody)
    erasure = delete_now(somebody)
    assert erase_member(erasure)
    said, version = Event.objects.count(), Post.objects.get().version
    assert erase_member(erasure)
    assert (Event.objects.count(), Post.objects.get().version) == (said, version)


def test_a_clock_that_died_half_way_is_followed_by_one_that_finishes(somebody, post_by, monkeypatch):
    posts = [post_by(somebody, f"Number {number}") for number in range(3)]
    monkeypatch.setattr("forum.actions.erasing.POSTS", 1)
    real, calls = erase_member.__globals__["change_status"], []

    def dies_at_the_second(post, status):
        calls.append(post.pk)
        if len(calls) == 2:
            raise OSError("the power went")
        return real(post, status)

    monkeypatch.setattr("forum.actions.erasing.change_status", dies_at_the_second)
    delete_now(somebody)
    erase_due()
    assert sorted(Post.objects.values_list("status", flat=True)) == ["erased", "visible", "visible"]
    erase_due()
    assert set(Post.objects.values_list("body", "status")) == {("", "erased")}
    assert len(posts) == 3 and Erasure.objects.get().finished_at


def test_ten_thousand_posts_hold_no_lock_for_long(somebody, django_assert_max_num_queries, post_by):
    """Each transaction takes at most POSTS rows: the number of statements in one is bounded."""
    from forum.actions import erasing

    for number in range(erasing.POSTS + 5):
        post_by(somebody, f"Number {number}")
    ids = list(Post.objects.order_by("-pk").values_list("pk", flat=True)[: erasing.POSTS])
    with django_assert_max_num_queries(8 * erasing.POSTS):
        erasing._erase_posts(ids)


def test_a_report_they_made_about_another_keeps_that_it_was_made(somebody, other_member, moderator):
    canaries.live_a_life(somebody, other_member, moderator)
    delete_now(somebody)
    erase_due()
    report = Report.objects.get(reporter=somebody)
    assert (report.door, report.note, report.whereabouts) == ("worry", "", "")
    assert canaries.FOREIGN in report.snapshot  # what the other wrote is the other's

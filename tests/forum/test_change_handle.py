"""Another handle: once a month, by the rules of joining, and the old one is nobody's for a year."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from forum.actions.handles import HandleTaken, change_handle, rename_member
from forum.avatars import avatar_token, styles_beside
from forum.models import Member, OldHandle, Post
from forum.refusals import PostingPaused, WallClosed
from realtime import retention
from tests.forum.signing import sign_up

pytestmark = pytest.mark.django_db


def change(as_, person, handle):
    return as_(person).post("/me/handle/", {"handle": handle})


def a_year_passes():
    OldHandle.objects.update(until=timezone.now())


def test_a_member_takes_another_name(as_, member, other_member, post_by):
    post_by(member, "Slept at last.")
    answer = change(as_, member, "dunlin")
    assert (answer.status_code, answer["Location"]) == (303, "/me/who/")
    assert Member.objects.get(pk=member.pk).handle == "dunlin"
    page = as_(other_member).get("/").text
    assert "dunlin" in page
    assert "robin" not in page


def test_the_old_page_is_gone_and_leads_nowhere(as_, member, other_member):
    assert as_(other_member).get("/members/robin/").status_code == 200
    change_handle(member, "dunlin")
    assert as_(other_member).get("/members/robin/").status_code == 404
    assert as_(other_member).get("/members/dunlin/").status_code == 200


def test_a_second_change_within_the_month_says_when_and_keeps_the_words(as_, member):
    change(as_, member, "dunlin")
    assert "You can change it again on" in as_(member).get("/me/handle/").text
    answer = change(as_, member, "whimbrel")
    assert answer.status_code == 422
    assert "You can change your handle again on" in answer.text
    assert 'value="whimbrel"' in answer.text
    Member.objects.update(handle_changed_at=timezone.now() - timedelta(days=30))
    assert change(as_, member, "whimbrel").status_code == 303


@pytest.mark.parametrize("wanted", ["wren", "WREN", "wrеn", "keeper", "a b", ""])
def test_a_name_that_could_be_taken_for_another_is_refused_beside_the_field(as_, member, other_member, wanted):
    answer = change(as_, member, wanted)
    assert answer.status_code == 422
    assert 'data-error-for="handle"' in answer.text
    assert Member.objects.get(pk=member.pk).handle == "robin"


@pytest.mark.parametrize("wanted", ["robin", "Robin", "robìn", "rob1n"])
def test_nobody_else_gets_an_old_name_for_a_year(member, other_member, wanted):
    change_handle(member, "dunlin")
    with pytest.raises(HandleTaken):
        change_handle(other_member, wanted)
    answer = sign_up(Client(), handle=wanted)
    assert "Somebody here has this name, or one that looks very like it." in answer.text
    a_year_passes()
    assert sign_up(Client(), handle=wanted).status_code == 302


def test_a_name_that_waits_for_its_code_is_taken(member):
    assert sign_up(Client(), handle="dunlin").status_code == 302
    with pytest.raises(HandleTaken):
        change_handle(member, "dunlin")
    assert Member.objects.get(pk=member.pk).handle == "robin"


def test_ones_own_old_name_can_be_taken_back(member):
    change_handle(member, "dunlin")
    Member.objects.update(handle_changed_at=None)
    change_handle(member, "robin")
    assert Member.objects.get(pk=member.pk).handle == "robin"
    assert OldHandle.objects.count() == 1  # dunlin's


def test_the_same_name_again_changes_nothing(member):
    change_handle(member, "robin")
    assert Member.objects.get(pk=member.pk).handle_changed_at is None
    assert not OldHandle.objects.exists()


@pytest.mark.parametrize(("standing", "refusal"), [("suspended", WallClosed), ("paused", PostingPaused)])
def test_a_name_is_no_way_around_a_standing(make_member, standing, refusal):
    with pytest.raises(refusal):
        change_handle(make_member("dunlin", standing=standing), "whimbrel")


def test_open_pages_get_the_words_under_the_new_name(hear, member, other_member, post_by):
    post = post_by(member, "Slept at last.")
    heard = hear(other_member, lambda: change_handle(member, "dunlin"))
    assert [event["kind"] for event in heard] == ["post.changed"]
    assert "dunlin" in heard[0]["html"]
    assert "robin" not in heard[0]["html"]
    assert heard[0]["version"] == Post.objects.get(pk=post.pk).version == 2


def test_staff_unlink_a_name_with_its_picture_and_its_owner(member, post_by):
    change_handle(member, "dunlin")
    before = set(styles_beside(member.avatar_style))
    rename_member(member, "whimbrel")
    member.refresh_from_db()
    assert member.handle == "whimbrel"
    assert not before & set(styles_beside(member.avatar_style))
    assert avatar_token(member.pk, member.avatar_style) != avatar_token(member.pk)
    assert set(OldHandle.objects.values_list("member", flat=True)) == {None}
    with pytest.raises(HandleTaken):
        change_handle(member, "dunlin")
    change_handle(member, "redshank")  # one of their own choosing, at once


def test_after_a_year_the_clock_forgets_whose_it_was(member):
    change_handle(member, "dunlin")
    retention.forget("old_handles")
    assert OldHandle.objects.exists()
    a_year_passes()
    retention.forget("old_handles")
    assert not OldHandle.objects.exists()

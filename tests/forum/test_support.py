"""Support: one press, once per kind, taken back as easily, never for oneself."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from forum.actions.support import set_support
from forum.models import Post, Standing, Support
from forum.refusals import NotThere, WallClosed
from realtime.models import Event

pytestmark = pytest.mark.django_db


def press(client, post, what="with_you on", **fields):
    return client.post(f"/posts/{post.pk}/support/", {"support": what, **fields})


def test_support_is_given_and_shown_as_mine(as_, member, other_member, post_by):
    post = post_by(member)
    answer = press(as_(other_member), post, next="/")
    assert answer["Location"] == f"/#post-{post.pk}"
    page = as_(other_member).get("/").text
    assert 'aria-pressed="true" value="with_you off"' in page
    assert 'aria-pressed="true"' not in as_(member).get("/").text
    assert Event.objects.filter(kind="support.changed", ref=post.pk, version=1).count() == 1


def test_giving_twice_counts_once(member, other_member, post_by):
    post = post_by(member)
    assert set_support(other_member, post, "with_you", on=True)
    assert not set_support(other_member, post, "with_you", on=True)
    assert Support.objects.count() == 1
    assert Event.objects.filter(kind="support.changed").count() == 1


def test_support_is_taken_back(as_, member, other_member, post_by):
    post = post_by(member)
    press(as_(other_member), post)
    press(as_(other_member), post, "with_you off")
    assert not Support.objects.exists()
    assert Post.objects.get().support_version == 2


def test_kinds_stand_beside_one_another(member, other_member, post_by):
    post = post_by(member)
    for kind in ("with_you", "hear_you", "been_there", "helped_me"):
        set_support(other_member, post, kind, on=True)
    assert Support.objects.count() == 4


def test_nobody_supports_their_own_words(as_, member, post_by):
    post = post_by(member)
    assert press(as_(member), post).status_code == 404
    with pytest.raises(NotThere):
        set_support(member, post, "with_you", on=True)


def test_an_unknown_kind_changes_nothing(as_, member, other_member, post_by):
    post = post_by(member)
    assert press(as_(other_member), post, "thumbs_down on").status_code == 303
    assert not Support.objects.exists()


@pytest.mark.parametrize(
    "there", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "\\\\elsewhere.example"]
)
def test_the_way_back_never_leads_off_the_site(as_, member, other_member, post_by, there):
    post = post_by(member)
    assert press(as_(other_member), post, next="/posts/")["Location"].startswith("/posts/#")
    assert press(as_(other_member), post, next=there)["Location"] == f"/#post-{post.pk}"


@pytest.mark.django_db(transaction=True)
def test_ten_presses_at_once_are_one_support(member, other_member, post_by):
    post = post_by(member)

    def press_once(_n: int) -> bool:
        try:
            return set_support(other_member, post, "hear_you", on=True)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(press_once, range(10))) == 1
    assert Post.objects.get().support_version == 1


def test_what_was_given_can_be_taken_back_at_any_time(member, other_member, post_by):
    post = post_by(member)
    set_support(other_member, post, "with_you", on=True)
    other_member.standing = Standing.ON_BREAK
    other_member.save()
    with pytest.raises(WallClosed):
        set_support(other_member, post, "hear_you", on=True)
    with pytest.raises(NotThere):
        set_support(other_member, post, "hear_you", on=False)  # never given
    assert set_support(other_member, post, "with_you", on=False) is True
    assert not Support.objects.exists()

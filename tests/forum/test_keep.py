"""Keeping a post: a private bookmark, of one's own posts too."""

import pytest

from forum.actions.following import set_keep
from forum.actions.posts import withdraw_post
from forum.models import Keep, Notice
from forum.refusals import NotThere
from realtime.models import Event

pytestmark = pytest.mark.django_db


def press(client, post, on="on"):
    return client.post(f"/posts/{post.pk}/keep/", {"keep": f"keep {on}", "next": "/?lens=kept"})


def test_it_is_found_again_and_nobody_is_told(as_, member, other_member, post_by):
    post, heard = post_by(member), Event.objects.count()
    assert press(as_(other_member), post)["Location"] == f"/?lens=kept#post-{post.pk}"
    page = as_(other_member).get("/?lens=kept")
    assert [thread.post.pk for thread in page.context["threads"]] == [post.pk]
    assert 'aria-pressed="true" value="keep off"' in page.text
    assert 'value="keep off"' not in as_(member).get("/").text
    assert Event.objects.count() == heard and not Notice.objects.exists()
    press(as_(other_member), post, "off")
    assert "Nothing kept is here just now." in as_(other_member).get("/?lens=kept").text


def test_ones_own_can_be_kept_and_twice_is_once(member, post_by):
    post = post_by(member)
    assert [set_keep(member, post, on=on) for on in (True, True, False, False)] == [True, False, True, False]


def test_what_went_cannot_be_kept_but_can_be_let_go(member, other_member, post_by):
    post = post_by(member)
    set_keep(other_member, post, on=True)
    withdraw_post(member, post)
    assert set_keep(other_member, post, on=False)
    with pytest.raises(NotThere):
        set_keep(other_member, post, on=True)


def test_a_reply_and_words_of_somebody_apart_cannot_be_kept(as_, member, other_member, post_by):
    post = post_by(member)
    reply = post_by(member, "And.", parent=post)
    with pytest.raises(NotThere):
        set_keep(other_member, reply, on=True)
    member.blocks_made.create(blocked=other_member)
    assert press(as_(other_member), post).status_code == 404
    assert not Keep.objects.exists()


def test_a_strange_value_takes_nothing_and_breaks_nothing(as_, member, other_member, post_by):
    post = post_by(member)
    assert as_(other_member).post(f"/posts/{post.pk}/keep/", {"keep": "\0"}).status_code == 303
    assert as_(other_member).get(f"/posts/{post.pk}/keep/").status_code == 405
    assert not Keep.objects.exists()

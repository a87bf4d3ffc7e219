"""Following a post: its replies are told, and nobody learns who follows."""

import pytest

from forum.actions.following import set_follow
from forum.models import Follow, Notice
from forum.refusals import NotThere, WallClosed

pytestmark = pytest.mark.django_db


def press(client, post, on="on", **fields):
    return client.post(f"/posts/{post.pk}/follow/", {"follow": f"follow {on}", **fields})


def test_replies_are_told_until_it_is_let_go(as_, member, other_member, make_member, post_by):
    post, finch = post_by(member), make_member("finch")
    answer = press(as_(other_member), post, next="/?lens=waiting")
    assert answer["Location"] == f"/?lens=waiting#post-{post.pk}"
    assert 'aria-pressed="true" value="follow off"' in as_(other_member).get("/").text
    assert 'value="follow off"' not in as_(finch).get("/").text
    reply = post_by(finch, "With you.", parent=post)
    assert list(Notice.objects.filter(member=other_member).values_list("kind", "ref")) == [("followed", reply.pk)]
    press(as_(other_member), post, "off")
    post_by(finch, "Still.", parent=post)
    assert Notice.objects.filter(member=other_member).count() == 1


def test_ones_own_reply_and_one_by_somebody_apart_tell_nothing(member, other_member, make_member, post_by):
    post, finch = post_by(member), make_member("finch")
    set_follow(other_member, post, on=True)
    post_by(other_member, "Me.", parent=post)
    assert not Notice.objects.filter(member=other_member).exists()
    mute = other_member.mutes_made.create(muted=finch)
    post_by(finch, "Not for them.", parent=post)
    mute.delete()
    finch.blocks_made.create(blocked=other_member)
    post_by(finch, "Nor this.", parent=post)
    assert not Notice.objects.filter(member=other_member).exists()
    finch.blocks_made.all().delete()
    post_by(finch, "But this.", parent=post)
    assert Notice.objects.filter(member=other_member).count() == 1


def test_twice_is_once_and_taking_back_twice_is_once(member, other_member, post_by):
    post = post_by(member)
    assert [set_follow(other_member, post, on=on) for on in (True, True, False, False)] == [True, False, True, False]


def test_nobody_follows_their_own_a_reply_or_what_they_cannot_see(as_, member, other_member, post_by):
    post = post_by(member)
    reply = post_by(other_member, "With you.", parent=post)
    for who, what in ((member, post), (member, reply)):
        with pytest.raises(NotThere):
            set_follow(who, what, on=True)
    member.blocks_made.create(blocked=other_member)
    assert press(as_(other_member), post).status_code == 404
    assert press(as_(other_member), post_by(other_member, "Mine.")).status_code == 404
    assert as_(other_member).post("/posts/99999/follow/").status_code == 404
    assert not Follow.objects.exists()


def test_the_small_room_follows_nothing_new(member, make_member, post_by):
    away = make_member("finch", standing="on_break")
    with pytest.raises(WallClosed):
        set_follow(away, post_by(member), on=True)


@pytest.mark.django_db(transaction=True)
def test_the_socket_is_the_other_door(listen, member, other_member, post_by):
    post = post_by(member)
    with listen(other_member) as socket:
        assert socket.receive()["type"] == "hello"
        socket.send({"type": "follow", "key": "0b0e8a1e-3f6f-4a51-9d53-2f3a3e3b7a01", "to": post.pk, "on": True})
        assert socket.receive()["type"] == "ack"
        socket.send({"type": "keep", "key": "0b0e8a1e-3f6f-4a51-9d53-2f3a3e3b7a02", "to": post.pk, "on": True})
        assert socket.receive()["type"] == "ack"
    assert other_member.follows.count() == other_member.keeps.count() == 1

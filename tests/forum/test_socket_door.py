"""The socket is a door to the same forms and actions as the pages: one post whichever door, the same words when refused."""

from uuid import uuid4

import pytest
from django.db import transaction

from forum.actions.posts import change_status, publish_post, withdraw_post
from forum.models import Post, Standing, Status, Support
from realtime import log

pytestmark = pytest.mark.django_db(transaction=True)


def post_frame(**fields):
    return {"type": "post", "key": str(uuid4()), "body": "Slept at last.", **fields}


def ask(socket, frame):
    """Sends a frame and returns its answer, an ack or a refusal."""
    socket.send(frame)
    while (answer := socket.receive())["type"] not in ("ack", "refused"):
        pass
    return answer


def test_a_post_over_the_socket_is_acked_and_heard(listen, member, other_member):
    with listen(member) as mine, listen(other_member) as theirs:
        frame = post_frame(intent="win")
        answer = ask(mine, frame)
        heard = theirs.event()
    post = Post.objects.get()
    assert answer == {"type": "ack", "key": frame["key"], "id": post.pk, "status": "visible"}
    assert (heard["kind"], heard["id"], heard["place"]) == ("post.published", post.pk, post.place)
    assert "Slept at last." in heard["html"]


def test_the_same_key_by_either_door_is_one_post(listen, as_, member):
    frame = post_frame()
    with listen(member) as socket:
        first, again = ask(socket, frame), ask(socket, frame)
    as_(member).post("/posts/", {"body": frame["body"], "key": frame["key"]})
    assert first == again
    assert Post.objects.count() == 1


def test_the_same_key_with_other_words_is_refused_with_the_first_id(listen, member):
    frame = post_frame()
    with listen(member) as socket:
        first = ask(socket, frame)
        refused = ask(socket, {**frame, "body": "Something else."})
    assert (refused["type"], refused["code"], refused["id"]) == ("refused", "key_used", first["id"])


def test_a_reply_and_a_support_arrive_under_their_post(listen, member, other_member, post_by):
    post = post_by(member)
    with listen(other_member) as socket:
        reply = ask(socket, {"type": "reply", "key": str(uuid4()), "to": post.pk, "body": "With you."})
        support = ask(socket, {"type": "support", "key": str(uuid4()), "to": post.pk, "kind": "hear_you", "on": True})
    assert Post.objects.get(pk=reply["id"]).parent == post
    assert support["id"] == post.pk and Support.objects.get().kind == "hear_you"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"body": ""}, "body"),
        ({"body": "x" * 5001}, "body"),
        ({"body": 7}, "body"),
        ({"intent": "rant"}, "intent"),
        ({"key": "no-uuid"}, "key"),
    ],
)
def test_a_bad_frame_is_refused_in_words_and_stores_nothing(listen, member, fields, field):
    with listen(member) as socket:
        refused = ask(socket, post_frame(**fields))
    assert (refused["type"], refused["code"]) == ("refused", "invalid")
    if field != "body" or fields["body"] != 7:
        assert field in refused["fields"]
    assert refused["message"] and not Post.objects.exists()


@pytest.mark.parametrize("to", [999999, "4", None, True, -1, 2**70])
def test_a_reply_to_nothing_is_refused(listen, member, to):
    with listen(member) as socket:
        refused = ask(socket, {"type": "reply", "key": str(uuid4()), "to": to, "body": "Hello?"})
    assert refused["code"] == "not_found"


def test_hidden_and_missing_posts_are_refused_alike(listen, member, other_member, post_by):
    post = post_by(member)
    key = str(uuid4())
    member.blocks_made.create(blocked=other_member)
    with listen(other_member) as socket:
        hidden = ask(socket, {"type": "reply", "key": key, "to": post.pk, "body": "Hello?"})
        missing = ask(socket, {"type": "reply", "key": key, "to": 999999, "body": "Hello?"})
    assert hidden == missing


@pytest.mark.parametrize("kind", ["support", "follow", "keep"])
def test_an_ack_about_somebody_elses_post_does_not_tell_what_the_page_hides(
    listen, member, other_member, post_by, kind
):
    """What was given can still be taken back, and a stone looks the same whether its words were taken down or taken back."""
    told = {}
    for status in (Status.REMOVED, Status.WITHDRAWN):
        post = post_by(member)
        publish_post(other_member, body="With you.", key=uuid4(), parent=post)
        frame = {"type": kind, "to": post.pk, "kind": "hear_you"}
        with listen(other_member) as socket:
            assert ask(socket, {**frame, "key": str(uuid4()), "on": True})["type"] == "ack"
            with transaction.atomic():
                change_status(post, status)
            told[status] = ask(socket, {**frame, "key": str(uuid4()), "on": False})
        assert told[status]["type"] == "ack", "the premise"
        told[status] |= {"id": 0, "key": ""}
    assert told[Status.REMOVED] == told[Status.WITHDRAWN]


def test_a_reply_is_not_replayed_once_what_it_answers_is_hidden(listen, member, other_member, post_by):
    post = post_by(member)
    with listen(other_member) as socket:
        assert socket.receive()["type"] == "hello"
        publish_post(member, body="A reply beneath.", key=uuid4(), parent=post)
        assert "A reply beneath." in socket.event()["html"], "the premise: the hub has drawn it"
        with transaction.atomic():
            log.append(*change_status(post, Status.HELD, held_for="links"))
        socket.events_until_now()
        with listen(other_member, after="wall:0") as back:
            assert back.receive()["type"] == "hello"
            assert "A reply beneath." not in str(back.events_until_now())


def test_paused_posting_is_said_so(listen, member):
    member.standing = Standing.PAUSED
    member.save()
    with listen(member) as socket:
        refused = ask(socket, post_frame())
    assert refused["code"] == "not_allowed" and "paused" in refused["message"]


def test_a_suspended_members_socket_hears_nothing_of_the_wall(hear, member, other_member):
    def publish():
        publish_post(member, body="For the wall.", key=uuid4())

    assert [event["kind"] for event in hear(other_member, publish)] == ["post.published"]
    other_member.standing = Standing.SUSPENDED
    other_member.save()
    assert hear(other_member, publish) == []


def test_a_blocked_member_hears_neither_words_nor_that_they_went(hear, member, other_member, moderator, post_by):
    post = post_by(member)
    member.blocks_made.create(blocked=other_member)

    def take_back():
        withdraw_post(member, Post.objects.get(pk=post.pk))

    assert hear(other_member, take_back) == []
    again = post_by(member)
    assert [event["kind"] for event in hear(moderator, lambda: withdraw_post(member, again))] == ["post.removed"]


def test_removed_words_leave_no_trace_on_the_wire(hear, member, other_member, post_by):
    post = post_by(member, "Removed words.")
    post_by(other_member, "With you.", parent=post)

    def remove():
        with transaction.atomic():
            log.append(*change_status(post, Status.REMOVED))

    heard = hear(other_member, remove)
    (event,) = [event for event in heard if event["stream"] == "wall"]
    assert "Removed words." not in str(heard)  # the one who replied also hears of a notice, which holds no words
    assert event["kind"] == "post.changed" and "A post was here." in event["html"]
    assert "Removed words." not in str(event)


def test_a_pushed_article_holds_no_token_and_no_form(hear, member, other_member):
    (event,) = hear(other_member, lambda: publish_post(member, body="Hello.", key=uuid4()))
    assert "csrf" not in event["html"] and "<form" not in event["html"] and "mine" not in event["html"]


def test_the_pushed_article_is_the_one_on_the_page(hear, as_, member, other_member):
    (event,) = hear(other_member, lambda: publish_post(member, body="Hello.", key=uuid4()))
    assert event["html"] in as_(other_member).get("/").text


def test_replayed_removal_of_a_post_sends_no_words(listen, member, other_member, post_by):
    post = post_by(member, "Gone while you slept.")
    withdraw_post(member, post)
    with listen(other_member, after="wall:0") as socket:
        events = [socket.event()]
        assert socket.nothing_more()
    assert [(event["kind"], event["id"]) for event in events] == [("post.removed", post.pk)]
    assert "html" not in events[0]

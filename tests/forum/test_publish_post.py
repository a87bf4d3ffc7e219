"""A member shares something: on the wall once, whatever the network does, and nothing is lost when it is refused."""

import re
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from forum.actions.posts import publish_post
from forum.models import Post, Standing, Status
from forum.refusals import KeyUsed, NotThere, PostingPaused, WallClosed
from realtime.models import Event

pytestmark = pytest.mark.django_db


def wall_events() -> list[tuple[str, int]]:
    return list(Event.objects.filter(stream="wall").order_by("seq").values_list("kind", "ref"))


def test_a_post_stands_on_the_wall_and_is_announced(as_, member, other_member):
    answer = as_(member).post("/posts/", {"body": "Slept at last.", "intent": "win"})
    post = Post.objects.get()
    assert answer.status_code == 303 and answer["Location"] == f"/#post-{post.pk}"
    assert (post.author, post.body, post.intent, post.status) == (member, "Slept at last.", "win", Status.VISIBLE)
    assert wall_events() == [("post.published", post.pk)]
    assert "Slept at last." in as_(other_member).get("/").text


def test_a_plain_client_needs_words_alone(as_, member):
    assert as_(member).post("/posts/", {"body": "Hello."}).status_code == 303
    assert Post.objects.get().intent == "support"


def test_a_stranger_is_asked_to_sign_in(client):
    answer = client.post("/posts/", {"body": "Hello."})
    assert answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    ("body", "says"),
    [("", "no words"), (" \n ", "no words"), ("\u200b", "no words"), ("x" * 5001, "too long by 1")],
)
def test_a_refused_form_keeps_the_words_and_says_why_beside_them(as_, member, body, says):
    answer = as_(member).post("/posts/", {"body": body, "intent": "question", "content_note": "grief"})
    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="question" checked' in answer.text or "checked" in answer.text.split('value="question"')[1][:80]
    assert 'value="grief"' in answer.text
    assert body.strip() in answer.text
    assert not Post.objects.exists()


def test_a_paste_that_is_too_long_reaches_the_refusal_uncut(as_, member):
    assert 'maxlength="10000"' in as_(member).get("/").text


def test_five_thousand_characters_fit(as_, member):
    assert as_(member).post("/posts/", {"body": "x" * 5000 + "\n  "}).status_code == 303
    assert len(Post.objects.get().body) == 5000


def test_the_same_key_and_words_give_the_first_answer_again(as_, member):
    sent = {"body": "Only once.", "key": str(uuid4())}
    first, again = as_(member).post("/posts/", sent), as_(member).post("/posts/", sent)
    assert first["Location"] == again["Location"]
    assert Post.objects.count() == 1
    assert len(wall_events()) == 1


def test_the_same_key_with_other_words_comes_back_with_a_fresh_key(as_, member):
    key = str(uuid4())
    as_(member).post("/posts/", {"body": "First.", "key": key})
    answer = as_(member).post("/posts/", {"body": "Second.", "key": key})
    assert answer.status_code == 422
    assert "Second." in answer.text and key not in answer.text
    with pytest.raises(KeyUsed) as refused:
        publish_post(member, body="Second.", key=key)
    assert refused.value.first_id == Post.objects.get().pk


def test_two_people_may_use_the_same_key(member, other_member):
    key = uuid4()
    first, second = (publish_post(person, body="Hello.", key=key) for person in (member, other_member))
    assert first.post != second.post and not second.repeated


def test_a_repeated_send_is_answered_after_posting_was_paused(member):
    key = uuid4()
    publish_post(member, body="Hello.", key=key)
    member.standing = Standing.PAUSED
    member.save()
    assert publish_post(member, body="Hello.", key=key).repeated


@pytest.mark.parametrize(
    ("standing", "refusal"),
    [(Standing.PAUSED, PostingPaused), (Standing.SUSPENDED, WallClosed), (Standing.ON_BREAK, WallClosed)],
)
def test_who_may_not_post_is_told_so(member, standing, refusal):
    assert publish_post(member, body="Before.", key=uuid4())
    member.standing = standing
    member.save()
    with pytest.raises(refusal):
        publish_post(member, body="After.", key=uuid4())
    assert Post.objects.count() == 1


def test_a_reply_stands_under_its_post(as_, member, other_member, post_by):
    post = post_by(member)
    answer = as_(other_member).post(f"/posts/{post.pk}/replies/", {"body": "With you."})
    reply = Post.objects.get(parent=post)
    assert answer["Location"] == f"/posts/{post.pk}/#post-{reply.pk}"
    post.refresh_from_db()
    assert post.standing_replies == 1
    assert wall_events()[-1] == ("reply.published", reply.pk)


def test_a_refused_reply_keeps_its_words(as_, member, other_member, post_by):
    post = post_by(member)
    answer = as_(other_member).post(f"/posts/{post.pk}/replies/", {"body": "y" * 5001})
    assert answer.status_code == 422 and "y" * 5001 in answer.text


def test_nobody_replies_to_a_reply(as_, member, other_member, post_by):
    post = post_by(member)
    reply = post_by(other_member, "With you.", parent=post)
    with pytest.raises(NotThere):
        post_by(member, "Thank you.", parent=reply)


def test_a_blocked_member_finds_nothing_to_reply_to(as_, member, other_member, post_by):
    post = post_by(member)
    assert as_(other_member).get(f"/posts/{post.pk}/").status_code == 200
    member.blocks_made.create(blocked=other_member)
    assert as_(other_member).get(f"/posts/{post.pk}/").status_code == 404
    assert as_(other_member).post(f"/posts/{post.pk}/replies/", {"body": "Hello?"}).status_code == 404
    assert as_(other_member).post(f"/posts/{post.pk}/support/", {"support": "with_you on"}).status_code == 404


def test_a_missing_post_and_a_hidden_one_answer_alike(as_, member, other_member, post_by):
    hidden = post_by(member)
    member.blocks_made.create(blocked=other_member)
    missing = as_(other_member).get("/posts/999999/")
    blocked = as_(other_member).get(f"/posts/{hidden.pk}/")
    assert missing.status_code == blocked.status_code == 404
    assert without_token(missing.text) == without_token(blocked.text)


def without_token(html: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html)


def test_what_the_team_writes_is_marked(member, moderator, post_by):
    assert not post_by(member).from_team
    assert post_by(moderator).from_team


@pytest.mark.django_db(transaction=True)
def test_the_same_key_sent_ten_times_at_once_makes_one_post(member):
    key = uuid4()

    def send(_n: int) -> int:
        try:
            return publish_post(member, body="Only once.", key=key).post.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(send, range(10)))
    assert answers == {Post.objects.get().pk}
    assert len(wall_events()) == 1

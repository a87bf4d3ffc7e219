"""The same step at every door, page and socket; it stores nothing and keeps the words."""

from uuid import uuid4

import pytest

from forum import safe_words
from forum.models import Post

HARD = "I want to kill myself tonight."


def answer_in(html):
    return html.split('name="answered" value="')[1].split('"')[0]


@pytest.fixture
def refused_by_page(as_, member):
    def send(path, **fields):
        answer = as_(member).post(path, fields)
        assert answer.status_code == 422
        return answer.content.decode()

    return send


@pytest.mark.django_db
def test_the_page_asks_keeps_the_words_and_shares_them_at_one_press(as_, member, refused_by_page):
    key = str(uuid4())
    html = refused_by_page("/posts/", body=HARD, intent="support", key=key)
    assert "It sounds as if" in html and HARD in html and f'value="{key}"' in html
    assert not Post.objects.exists()
    sent = as_(member).post("/posts/", {"body": HARD, "intent": "support", "key": key, "answered": answer_in(html)})
    assert sent.status_code == 303 and Post.objects.get().body == HARD


@pytest.mark.django_db
def test_a_reply_and_an_edit_are_asked_about_as_well(as_, member, other_member, post_by, refused_by_page):
    theirs, mine = post_by(other_member), post_by(member)
    html = refused_by_page(f"/posts/{theirs.pk}/replies/", body=HARD)
    as_(member).post(f"/posts/{theirs.pk}/replies/", {"body": HARD, "answered": answer_in(html)})
    assert Post.objects.get(parent=theirs).body == HARD
    edit = {"body": HARD, "content_note": "", "seen_version": mine.version}
    html = refused_by_page(f"/posts/{mine.pk}/edit/", **edit)
    mine.refresh_from_db()
    assert mine.body != HARD
    as_(member).post(f"/posts/{mine.pk}/edit/", {**edit, "answered": answer_in(html)})
    mine.refresh_from_db()
    assert mine.body == HARD


@pytest.mark.django_db
def test_a_content_note_is_looked_at_too(refused_by_page):
    assert "This says how" in refused_by_page("/posts/", body="Careful.", content_note="least painful way to die")


@pytest.mark.django_db
def test_what_is_wrong_is_said_before_anything_is_asked(refused_by_page):
    html = refused_by_page("/posts/", body=HARD + "x" * 5000)
    assert "too long" in html and "data-look-again" not in html


@pytest.mark.django_db
def test_the_team_is_asked_like_anybody(as_, moderator):
    assert as_(moderator).post("/posts/", {"body": HARD}).status_code == 422


@pytest.mark.django_db
def test_a_check_that_fails_stops_nothing(as_, member, monkeypatch):
    def breaks(text):
        raise RuntimeError

    monkeypatch.setattr(safe_words, "checks", [breaks])
    assert as_(member).post("/posts/", {"body": HARD}).status_code == 303


@pytest.mark.django_db
def test_nobody_learns_who_was_asked(as_, member, caplog, django_assert_num_queries, refused_by_page):
    from moderation.models import Case

    refused_by_page("/posts/", body=HARD)
    assert not Case.objects.exists() and "kill" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_the_socket_asks_and_the_same_key_sends_again(listen, member):
    frame = {"type": "post", "key": str(uuid4()), "body": HARD}

    def ask(socket, sent):
        socket.send(sent)
        while (answer := socket.receive())["type"] not in ("ack", "refused"):
            pass
        return answer

    with listen(member) as socket:
        refused = ask(socket, frame)
        assert (refused["code"], refused["key"], refused["fields"]) == ("look_again", frame["key"], {})
        assert "data-look-again" in refused["html"] and refused["message"].startswith("It sounds as if")
        assert not Post.objects.exists()
        ack = ask(socket, {**frame, "answered": answer_in(refused["html"])})
    assert ack == {"type": "ack", "key": frame["key"], "id": Post.objects.get().pk, "status": "visible"}


@pytest.mark.django_db(transaction=True)
def test_a_reply_over_the_socket_leads_back_to_its_own_form(listen, member, other_member, post_by):
    post = post_by(other_member)
    with listen(member) as socket:
        socket.send({"type": "reply", "key": str(uuid4()), "to": post.pk, "body": HARD})
        while (refused := socket.receive())["type"] != "refused":
            pass
    assert f'formaction="/drafts/reply-{post.pk}/"' in refused["html"]

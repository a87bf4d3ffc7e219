"""A mute: I no longer see them. They see me, and are never told."""

import pytest

from forum.actions.care import NotYourself, mute_member, unmute_member
from forum.models import Mute
from realtime.models import Event

pytestmark = pytest.mark.django_db


def test_their_words_go_from_my_pages_and_mine_stay_on_theirs(as_, member, other_member, post_by):
    post_by(other_member, "Words of wren.")
    post_by(member, "Words of robin.")
    assert "Words of wren." in as_(member).get("/").text  # the premise
    mute_member(member, other_member)
    assert "Words of wren." not in as_(member).get("/").text
    assert "Words of robin." in as_(other_member).get("/").text
    unmute_member(member, other_member.pk)
    assert "Words of wren." in as_(member).get("/").text


def test_my_own_pages_alone_hear_of_it(member, other_member):
    mute_member(member, other_member)
    mute_member(member, other_member)
    unmute_member(member, other_member.pk)
    unmute_member(member, other_member.pk)
    assert set(Event.objects.values_list("stream", flat=True)) == {f"member:{member.pk}"}
    assert Event.objects.count() == 2 and not Mute.objects.exists()


def test_an_open_page_asks_again_and_gets_only_what_may_be_seen(as_, member, other_member, post_by):
    post, own = post_by(other_member, "Words of wren."), post_by(member, "Words of robin.")
    url = f"/posts/again/?ids={post.pk},{own.pk},999999,x,,{10**30}"
    assert set(as_(member).get(url).json()["posts"]) == {str(post.pk), str(own.pk)}
    mute_member(member, other_member)
    answer = as_(member).get(url)
    assert set(answer.json()["posts"]) == {str(own.pk)}
    assert 'class="mine card post"' in answer.json()["posts"][str(own.pk)]
    assert answer["Cache-Control"] == "no-store"


def test_it_is_done_and_undone_on_pages(as_, member, other_member):
    page = as_(member).get("/members/wren/care/").text
    assert "they are not told" in page
    as_(member).post("/members/wren/care/", {"do": "mute"})
    assert "muted: you don't see them" in as_(member).get("/me/care/").text.replace("&#x27;", "'")
    as_(member).post(f"/me/care/muted/{other_member.pk}/end/")
    assert not Mute.objects.exists()


def test_not_oneself_not_nobody_and_not_a_strange_wish(as_, client, member, other_member):
    with pytest.raises(NotYourself):
        mute_member(member, member)
    assert as_(member).get("/members/robin/care/").status_code == 404
    assert as_(member).get("/members/nobody-here/care/").status_code == 404
    assert as_(member).post("/members/wren/care/", {"do": "ban"}).status_code == 303
    assert not Mute.objects.exists()
    assert client.post("/members/wren/care/", {"do": "mute"})["Location"].startswith("/accounts/login/")


def test_the_list_costs_the_same_however_long_it_is(as_, member, make_member, django_assert_max_num_queries):
    for number, letter in enumerate("abcdefgh"):
        mute_member(member, make_member(f"bird-{letter}"))
        member.blocks_made.create(blocked=make_member(f"fish-{letter}"))
        member.muted_words.create(phrase=letter, folded=f" {letter}{number} ")
    as_(member).get("/me/care/")
    with django_assert_max_num_queries(9):
        assert as_(member).get("/me/care/").text.count("<li><div><b>") == 24

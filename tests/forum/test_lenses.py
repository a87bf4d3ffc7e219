"""Lenses filter the wall; what waits for a first reply waits for two people, and is offered one at a time."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from forum.actions.asking import set_up
from forum.actions.posts import change_status, withdraw_post
from forum.models import Post, Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def third(make_member):
    return make_member("finch")


def shown(client, lens: str, **more) -> list[int]:
    return [thread.post.pk for thread in client.get("/", {"lens": lens, **more}).context["threads"]]


def test_what_asks_for_support_or_an_answer_waits_and_the_rest_does_not(as_, member, other_member, moderator, post_by):
    asks = [post_by(member, f"A {intent}.", intent=intent).pk for intent in ("support", "question")]
    for intent in ("hello", "win"):
        post_by(member, f"A {intent}.", intent=intent)
    post_by(moderator, "The team says: the wall is closed for an hour tonight.")
    assert shown(as_(other_member), "waiting") == asks[::-1]
    assert shown(as_(member), "waiting") == []  # other people's alone


def test_it_waits_until_two_other_people_have_answered(as_, member, other_member, third, post_by):
    post = post_by(member)
    post_by(member, "And another thing.", parent=post)
    first = post_by(other_member, "With you.", parent=post)
    post_by(other_member, "Still with you.", parent=post)
    assert shown(as_(third), "waiting") == [post.pk]
    post_by(third, "I am too.", parent=post)
    assert shown(as_(other_member), "waiting") == []
    change_status(first, Status.REMOVED)
    assert shown(as_(third), "waiting") == []  # the other reply of the same person stands
    Post.objects.filter(author=other_member, status=Status.VISIBLE).get()
    withdraw_post(other_member, Post.objects.get(author=other_member, status=Status.VISIBLE))
    assert shown(as_(third), "waiting") == [post.pk]
    assert Post.objects.get(pk=post.pk).waiting_since == post.placed_at


def test_what_is_gone_or_somebody_apart_wrote_is_in_no_lens(as_, member, other_member, post_by):
    post = post_by(member)
    client = as_(other_member)
    for lens in ("follow", "keep"):
        client.post(f"/posts/{post.pk}/{lens}/", {lens: f"{lens} on"})
    lenses = ("waiting", "following", "kept")
    assert [shown(client, lens) for lens in lenses] == [[post.pk]] * 3
    member.blocks_made.create(blocked=other_member)
    assert [shown(client, lens) for lens in lenses] == [[], [], []]
    member.blocks_made.all().delete()
    post_by(other_member, "With you.", parent=post)
    withdraw_post(member, post)
    assert [shown(client, lens) for lens in lenses] == [[], [], []]
    assert shown(as_(member), "mine") == []


def test_mine_is_mine_and_an_unknown_lens_is_the_wall(as_, member, other_member, post_by):
    mine, theirs = post_by(member), post_by(other_member)
    assert shown(as_(member), "mine") == [mine.pk]
    assert shown(as_(member), "%00") == shown(as_(member), "") == [theirs.pk, mine.pk]


def test_later_pages_keep_the_lens_and_an_empty_one_is_kind(as_, member, other_member, post_by):
    client = as_(other_member)
    page = client.get("/?lens=waiting").text
    assert "Nobody is waiting for a reply just now." in page
    assert 'aria-current="page">Waiting for a first reply' in page and 'data-lens="waiting"' in page
    posts = [post_by(member, f"Number {n}.").pk for n in range(25)]
    post_by(other_member, "Mine.")
    older = client.get("/?lens=waiting").context["older"]
    assert "lens=waiting" in older
    rest = [thread.post.pk for thread in client.get(f"/?{older}").context["threads"]]
    assert shown(client, "waiting") + rest == posts[::-1]


def test_an_offer_is_made_to_who_is_up_one_at_a_time_and_can_be_skipped(as_, member, other_member, third, post_by):
    client = as_(other_member)
    with time_machine.travel(timezone.now() - timedelta(hours=3), tick=False):
        first = post_by(member, "Since three hours.")
    second = post_by(member, "Since now.")
    assert "is waiting for a reply" not in client.get("/").text
    assert client.post("/me/up/", {"up": "on", "next": "/"}).status_code == 303
    page = client.get("/")
    assert page.context["offer"].post_id == first.pk and "<bdi>robin</bdi> is waiting for a reply." in page.text
    assert "since" not in re.search(r'<section class="card offer".*?</section>', page.text, re.DOTALL)[0]
    client.post(f"/posts/{first.pk}/offer/skip/", {"next": "/"})
    assert client.get("/").context["offer"].post_id == second.pk
    post_by(other_member, "I read it.", parent=second)
    assert client.get("/").context["offer"] is None  # answered by me: somebody else is asked
    set_up(third, up=True)
    assert as_(third).get("/").context["offer"].post_id == first.pk  # no reply at all comes before one


def test_being_up_ends_with_the_day_and_nobody_is_offered_their_own_or_what_they_cannot_see(
    as_, member, other_member, post_by
):
    post_by(other_member, "Mine.")
    set_up(other_member, up=True)
    client = as_(other_member)
    assert client.get("/").context["offer"] is None
    post_by(member)
    assert client.get("/").context["offer"]
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert client.get("/").context["up"] is False and client.get("/").context["offer"] is None
    other_member.mutes_made.create(muted=member)
    assert client.get("/").context["offer"] is None

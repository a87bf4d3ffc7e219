"""The small room: the wall can close, the door never."""

import asyncio
import re
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import AsyncClient
from django.utils import timezone
from django.utils.safestring import mark_safe

from forum import panels
from forum.actions.membership import change_standing
from forum.actions.support import set_support
from forum.models import Member, Post, Standing, Status
from realtime import log
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
CLOSED = [Standing.SUSPENDED, Standing.BANNED, Standing.ON_BREAK, Standing.DEACTIVATED]
OPEN = [Standing.ACTIVE, Standing.SLOWED, Standing.PAUSED]


def put(member, standing, until=None):
    Member.objects.filter(pk=member.pk).update(standing=standing, standing_until=until)


@pytest.mark.parametrize("standing", CLOSED)
def test_who_is_shut_out_signs_in_to_the_small_room(client, member, standing):
    put(member, standing)
    answer = client.post("/accounts/login/", {"login": member.email, "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == "/room/"
    assert answer.status_code == 200
    assert "116 123" in answer.text


@pytest.mark.parametrize("standing", CLOSED)
def test_no_page_shows_them_the_wall(as_, member, other_member, post_by, standing):
    post = post_by(other_member, "Nobody in the small room reads this.")
    surfaces = ["/", f"/posts/{post.pk}/", "/posts/", f"/members/{other_member.handle}/", "/?before=x", "/nowhere/"]
    assert "Nobody in the small room" in as_(member).get("/").text  # the premise
    put(member, standing)
    for surface in surfaces:
        assert as_(member).get(surface)["Location"] == "/room/", surface
    for allowed in ("/room/", "/help/", "/me/", "/rules/", "/privacy/"):
        page = as_(member).get(allowed)
        assert page.status_code == 200, allowed
        assert "Nobody in the small room" not in page.text


@pytest.mark.parametrize("standing", CLOSED)
def test_no_link_at_the_foot_of_a_page_bounces_them(as_, member, standing):
    put(member, standing)
    foot = as_(member).get("/room/").text.partition("<footer")[2]
    links = re.findall(r'href="([^"]+)"', foot)
    assert "/transparency/" in links  # the premise
    assert {link: as_(member).get(link).status_code for link in links} == dict.fromkeys(links, 200)


@pytest.mark.parametrize("standing", CLOSED)
def test_nothing_they_send_reaches_the_wall(as_, member, other_member, post_by, standing):
    post = post_by(other_member)
    put(member, standing)
    for url in ("/posts/", f"/posts/{post.pk}/replies/", f"/posts/{post.pk}/support/"):
        answer = as_(member).post(url, {"body": "Let me in.", "intent": "support", "support": "with_you on"})
        assert answer["Location"] == "/room/"
    assert Post.objects.count() == 1 and not post.supports.exists()


@pytest.mark.parametrize("standing", CLOSED)
def test_what_was_theirs_is_taken_back_from_the_room(as_, member, other_member, post_by, standing):
    post, theirs = (
        post_by(member, "Too much, in the end."),
        post_by(other_member, "Nobody in the small room reads this."),
    )
    reply = post_by(member, "Said too soon.", parent=theirs)
    set_support(member, theirs, "with_you", on=True)
    put(member, standing)
    assert as_(member).get("/room/").text.count('href="/me/shared/"') == 1
    page = as_(member).get("/me/shared/").text
    assert "Too much, in the end." in page and "Said too soon." in page and "Nobody in the small room" not in page
    for mine in (post, reply):
        assert f'href="/posts/{mine.pk}/withdraw/"' in page
        assert "Back to what you have shared" in as_(member).get(f"/posts/{mine.pk}/withdraw/").text
        assert as_(member).post(f"/posts/{mine.pk}/withdraw/")["Location"] == "/room/"
    assert f'action="/posts/{theirs.pk}/support/"' in page and 'value="with_you off"' in page
    assert as_(member).post(f"/posts/{theirs.pk}/support/", {"support": "with_you off"})["Location"] == "/room/"
    assert Post.objects.filter(author=member).exclude(status=Status.WITHDRAWN).count() == 0
    assert not theirs.supports.exists()


@pytest.mark.parametrize("standing", CLOSED)
def test_nobody_elses_words_are_found_by_taking_back(as_, member, other_member, post_by, standing):
    theirs = post_by(other_member)
    put(member, standing)
    assert as_(member).get(f"/posts/{theirs.pk}/withdraw/").status_code == 404
    off = {"support": "with_you off"}
    assert as_(member).post(f"/posts/{theirs.pk}/support/", off).status_code == 404  # never given
    assert as_(member).post("/posts/999999/support/", off).status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("standing", CLOSED)
def test_support_is_taken_back_over_the_socket_from_the_room(listen, member, other_member, post_by, standing):
    post = post_by(other_member)
    set_support(member, post, "with_you", on=True)
    put(member, standing)
    with listen(member) as socket:
        assert ask(socket, post, on=True)["code"] == "not_found"
        answer = ask(socket, post, on=False)
        assert answer["type"] == "ack" and answer["id"] == post.pk
        assert ask(socket, post, on=False)["code"] == "not_found"
    assert not post.supports.exists()


def ask(socket, post, *, on):
    socket.send({"type": "support", "key": str(uuid4()), "to": post.pk, "kind": "with_you", "on": on})
    while (answer := socket.receive())["type"] not in ("ack", "refused"):
        pass
    return answer


@pytest.mark.parametrize("standing", OPEN)
def test_who_may_read_the_wall_is_not_sent_away(as_, member, standing):
    put(member, standing)
    assert as_(member).get("/").status_code == 200
    assert as_(member).get("/room/").status_code == 200  # open to everyone signed in


def test_a_suspension_whose_time_is_over_no_longer_shuts_anyone_out(as_, member, time_machine):
    put(member, Standing.SUSPENDED, timezone.now() + timedelta(hours=1))
    assert as_(member).get("/")["Location"] == "/room/"
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    assert as_(member).get("/").status_code == 200


def test_the_room_says_until_when(as_, member):
    until = timezone.now().replace(month=12, day=3, hour=9, minute=0) + timedelta(days=365)
    put(member, Standing.SUSPENDED, until)
    assert (
        f"You can't see the wall until 3 December, {timezone.localtime(until):%H:%M}" in as_(member).get("/room/").text
    )


def test_the_room_holds_what_other_apps_add_for_this_member(as_, member, monkeypatch):
    put(member, Standing.BANNED)
    monkeypatch.setattr(
        panels, "me_links", [lambda who: [panels.Link(f"Appeal of {who.member.handle}", "/me/decisions/", 2)]]
    )
    monkeypatch.setattr(panels, "notices", [lambda who: "", lambda who: mark_safe(f"<p>For {who.member.handle}.</p>")])
    page = as_(member).get("/room/").text
    assert "Appeal of robin" in page and 'href="/me/decisions/"' in page and "<p>For robin.</p>" in page


def test_a_stranger_has_no_room(client):
    assert client.get("/room/")["Location"] == "/accounts/login/?next=/room/"


@pytest.mark.django_db(transaction=True)
def test_the_room_holds_under_asgi_too(member):
    async def visit():
        client = AsyncClient()
        await client.aforce_login(member)
        first = await client.get("/")
        await Member.objects.filter(pk=member.pk).aupdate(standing=Standing.SUSPENDED)
        return first.status_code, (await client.get("/"))["Location"], (await client.get("/room/")).status_code

    assert asyncio.run(visit()) == (200, "/room/", 200)


@pytest.mark.django_db(transaction=True)
def test_their_open_socket_hears_the_wall_no_more(listen, member, other_member, post_by):
    def hears_the_wall():
        post_by(other_member)
        return "post.published" in [event["kind"] for event in socket.events_until_now()]

    with listen(member) as socket:
        assert socket.receive()["type"] == "hello"
        assert hears_the_wall()  # the premise
        with transaction.atomic():
            log.append(*change_standing(member, Standing.SUSPENDED))
        deadline = time.monotonic() + 5
        while hears_the_wall():
            assert time.monotonic() < deadline
        assert not hears_the_wall()
        with transaction.atomic():
            log.append(*change_standing(member, Standing.ACTIVE))
        deadline = time.monotonic() + 5
        while not hears_the_wall():
            assert time.monotonic() < deadline

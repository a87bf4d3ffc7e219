"""Somebody who will not leave a person alone: no support, notice, follow, handle or picture of theirs gets through a block."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from forum import notices
from forum.access import facts_of
from forum.actions.care import block_member, mute_member
from forum.actions.following import set_follow
from forum.actions.handles import HandleTaken, change_handle
from forum.actions.notices import read_notices
from forum.actions.posts import publish_post
from forum.actions.support import set_support
from forum.models import Member, Notice, Support
from forum.refusals import NotThere, SupportedOften

pytestmark = pytest.mark.django_db
KINDS = ("with_you", "hear_you", "been_there", "helped_me")


def answer_to(socket, frame):
    socket.send({**frame, "key": str(uuid4())})
    while (answer := socket.receive())["type"] not in ("ack", "refused"):
        pass
    return answer


def waiting(member) -> int:
    return notices.unread(facts_of(member)).count()


@pytest.fixture
def post(member, post_by):
    return post_by(member, "Third night of not sleeping.")


# --- Support as spam ----------------------------------------------------------------------------------------------------------


def test_support_given_and_taken_back_all_day_is_news_four_times_and_then_no_more(member, other_member, post):
    heard = 0
    for number in range(40):
        set_support(other_member, post, KINDS[number % 4], on=True)
        heard += waiting(member)
        read_notices(member)
        set_support(other_member, post, KINDS[number % 4], on=False)
    assert heard == 4
    assert not Support.objects.exists()


def test_somebody_elses_support_is_news_all_the_same(member, other_member, post, make_member):
    for _time in range(9):
        set_support(other_member, post, "with_you", on=True)
        set_support(other_member, post, "with_you", on=False)
    set_support(make_member("dunlin"), post, "with_you", on=True)
    assert waiting(member) == 1


def test_an_hour_has_room_for_so_many_and_what_was_taken_back_counts(settings, member, other_member, post, as_):
    settings.SUPPORTS_PER_HOUR = 6
    for number in range(3):
        set_support(other_member, post, KINDS[number], on=True)
        set_support(other_member, post, KINDS[number], on=False)
    for kind in KINDS[:3]:
        set_support(other_member, post, kind, on=True)
    assert not set_support(other_member, post, "with_you", on=True), "twice is once, and counts once"
    with pytest.raises(SupportedOften) as refused:
        set_support(other_member, post, "helped_me", on=True)
    assert "You can give support again at" in refused.value.message
    answer = as_(other_member).post(f"/posts/{post.pk}/support/", {"support": "helped_me on"}, follow=True)
    assert answer.status_code == 200 and "You can give support again at" in answer.text
    assert set_support(other_member, post, "with_you", on=False), "what somebody gave is theirs to take"


def test_the_socket_says_the_same(settings, listen, other_member, post):
    settings.SUPPORTS_PER_HOUR = 1
    with listen(other_member) as socket:
        socket.receive()
        said = [answer_to(socket, {"type": "support", "to": post.pk, "kind": kind, "on": True}) for kind in KINDS[:2]]
    assert [frame["type"] for frame in said] == ["ack", "refused"] and said[1]["code"] == "too_fast"


def test_a_new_member_may_give_half_as_much(settings, post, make_member):
    settings.SUPPORTS_PER_HOUR = 4
    new = make_member("dunlin", joined_at=timezone.now())
    for kind in KINDS[:2]:
        set_support(new, post, kind, on=True)
    with pytest.raises(SupportedOften):
        set_support(new, post, KINDS[2], on=True)


# --- Through a block ----------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["who is bothered blocks", "who bothers blocks"])
def apart(request, member, other_member):
    """wren has bothered robin, and they are apart: whoever of the two did it."""
    return lambda: block_member(*((member, other_member) if "bothered" in request.param else (other_member, member)))


def test_nothing_that_somebody_can_do_here_reaches_through_a_block(as_, member, other_member, post, post_by, apart):
    theirs = post_by(other_member, "Look at me.")
    set_follow(member, theirs, on=True)
    set_support(other_member, post, "with_you", on=True)
    publish_post(other_member, body="You again.", parent=post, key=uuid4())
    assert waiting(member) == 2  # the premise: before, both are news
    apart()
    assert waiting(member) == 0
    before = Notice.objects.count()
    for act in (
        lambda: set_support(other_member, post, "hear_you", on=True),
        lambda: set_follow(other_member, post, on=True),
        lambda: publish_post(other_member, body="You again.", parent=post, key=uuid4()),
    ):
        with pytest.raises(NotThere):
            act()
    publish_post(other_member, body="robin is a liar", parent=theirs, key=uuid4())
    assert (waiting(member), Notice.objects.count()) == (0, before)
    for url in ("/", "/notices/", f"/posts/{post.pk}/", "/search/?q=liar", "/me/"):
        page = as_(member).get(url).text
        assert "wren" not in page and "You again" not in page and "is a liar" not in page, url
    assert as_(member).get("/members/wren/").status_code == 404
    assert as_(other_member).get("/members/robin/").status_code == 404


def test_another_name_carries_nothing_to_whom_they_are_apart_from(as_, member, other_member, post, post_by, apart):
    set_support(other_member, post, "with_you", on=True)
    publish_post(other_member, body="You again.", parent=post, key=uuid4())
    apart()
    change_handle(other_member, "i-see-you-robin")
    post_by(other_member, "New name, same me.")
    for url in ("/", "/notices/", f"/posts/{post.pk}/", "/search/?q=name"):
        assert "i-see-you" not in as_(member).get(url).text, url
    assert as_(member).get("/members/i-see-you-robin/").status_code == 404
    assert waiting(member) == 0


def test_a_renamed_member_stays_muted_and_their_old_name_is_free_for_nobody_to_wear(
    as_, member, other_member, post, make_member
):
    mute_member(member, other_member)
    change_handle(other_member, "dunlin")
    set_support(other_member, post, "with_you", on=True)
    publish_post(other_member, body="You again.", parent=post, key=uuid4())
    assert waiting(member) == 0 and "dunlin" not in as_(member).get("/").text
    stranger = make_member("knot")
    for borrowed in ("wren", "vvren", "WREN"):
        with pytest.raises(HandleTaken):
            change_handle(stranger, borrowed)


def test_a_name_is_changed_once_a_month_so_it_is_no_way_of_speaking(as_, member):
    assert as_(member).post("/me/handle/", {"handle": "first-word"}).status_code == 303
    assert as_(member).post("/me/handle/", {"handle": "second-word"}).status_code == 422
    Member.objects.update(handle_changed_at=timezone.now() - timedelta(days=31))
    assert as_(member).post("/me/handle/", {"handle": "second-word"}).status_code == 303


def test_a_rename_is_news_to_nobody(member, other_member, post, post_by):
    theirs = post_by(other_member)
    set_follow(member, theirs, on=True)
    set_support(other_member, post, "with_you", on=True)
    read_notices(member)
    change_handle(other_member, "dunlin")
    assert waiting(member) == 0

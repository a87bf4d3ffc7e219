"""Notices: told once, gathered, gone with what they were about, and never from somebody apart."""

import pytest

from forum import access
from forum.actions.notices import read_notices
from forum.actions.posts import change_status, withdraw_post
from forum.actions.support import set_support
from forum.models import Notice, Status
from forum.notices import listed, read_page, unread

pytestmark = pytest.mark.django_db


def told(person) -> list[str]:
    """What this person's page says, which the count must agree with."""
    viewer = access.facts_of(person)
    lines = [str(line.words).replace("<bdi>", "").replace("</bdi>", "") for _notice, line in read_page(viewer).entries]
    assert listed(viewer).count() == len(lines)
    return lines


def count(person) -> int:
    return unread(access.facts_of(person)).count()


def test_a_reply_to_my_post_is_told_and_my_own_is_not(member, other_member, post_by):
    post = post_by(member, "Third night of not sleeping.")
    post_by(member, "And a fourth.", parent=post)
    assert told(member) == []
    post_by(other_member, "With you.", parent=post)
    assert told(member) == ["wren has replied to you."] and told(other_member) == []


def test_support_is_gathered_and_unread_again_when_more_comes(member, other_member, make_member, post_by):
    post = post_by(member)
    set_support(other_member, post, "hear_you", on=True)
    assert told(member) == ["wren hears you."]
    set_support(other_member, post, "with_you", on=True)
    set_support(make_member("finch"), post, "with_you", on=True)
    assert told(member) == ["finch and wren are with you."]
    set_support(make_member("siskin"), post, "been_there", on=True)
    set_support(make_member("dunnock"), post, "been_there", on=True)
    assert told(member) == ["dunnock and 3 others are with you."] and count(member) == 1
    read_notices(member)
    assert count(member) == 0
    set_support(make_member("linnet"), post, "with_you", on=True)
    assert count(member) == 1 and Notice.objects.count() == 1


def test_support_taken_back_takes_its_notice_back(member, other_member, make_member, post_by):
    post, finch = post_by(member), make_member("finch")
    set_support(other_member, post, "with_you", on=True)
    set_support(other_member, post, "with_you", on=False)
    assert told(member) == [] and not Notice.objects.exists()
    set_support(other_member, post, "with_you", on=True)
    read_notices(member)
    set_support(finch, post, "helped_me", on=True)
    assert count(member) == 1
    set_support(finch, post, "helped_me", on=False)
    assert count(member) == 0 and told(member) == ["wren is with you."]


def test_what_is_taken_down_tells_nothing_until_it_is_back(member, other_member, post_by):
    post = post_by(member)
    reply = post_by(other_member, "With you.", parent=post)
    change_status(reply, Status.REMOVED)
    assert told(member) == [] and count(member) == 0
    change_status(reply, Status.VISIBLE)
    assert told(member) == ["wren has replied to you."]
    withdraw_post(other_member, reply)
    assert told(member) == []


def test_whoever_is_muted_or_blocked_later_vanishes_from_notices(member, other_member, make_member, post_by):
    post, finch = post_by(member), make_member("finch")
    post_by(other_member, "With you.", parent=post)
    set_support(other_member, post, "with_you", on=True)
    set_support(finch, post, "with_you", on=True)
    assert told(member) == ["finch and wren are with you.", "wren has replied to you."]
    member.mutes_made.create(muted=other_member)
    assert told(member) == ["finch is with you."] and count(member) == 1
    finch.blocks_made.create(blocked=member)
    assert told(member) == [] and count(member) == 0


def test_whoever_is_muted_makes_no_notice(member, other_member, make_member, post_by):
    post = post_by(member)
    member.mutes_made.create(muted=other_member)
    post_by(other_member, "With you.", parent=post)
    set_support(other_member, post, "with_you", on=True)
    assert not Notice.objects.exists()
    post_by(make_member("finch"), "With you.", parent=post)  # the premise: somebody else does
    assert Notice.objects.count() == 1


def test_the_words_are_those_of_the_row_as_it_is_now_and_folded_ones_stay_folded(member, other_member, post_by):
    post = post_by(member, "Third night of not sleeping.")
    post_by(other_member, "With you.", parent=post)
    ((_notice, line),) = read_page(access.facts_of(member)).entries
    assert line.about == "Third night of not sleeping."
    change_status(post, Status.FOLDED)
    post.content_note = "sleep"
    post.save(update_fields=["content_note"])
    ((_notice, line),) = read_page(access.facts_of(member)).entries
    assert line.about == "sleep"


def test_the_same_send_twice_is_told_once(member, other_member, post_by):
    from uuid import uuid4

    post, key = post_by(member), uuid4()
    for _ in range(2):
        post_by(other_member, "With you.", parent=post, key=key)
    assert Notice.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_author_hears_that_there_is_something_and_nobody_else_does(hear, member, other_member, post_by):
    post = post_by(member)

    def act():
        reply = post_by(other_member, "With you.", parent=post)
        set_support(other_member, post, "with_you", on=True)
        withdraw_post(other_member, reply)

    heard = [event["kind"] for event in hear(member, act) if event["stream"].startswith("member:")]
    # How many depends on how many looks the hub took: of one row's changes in one look only the last is told.
    assert heard and set(heard) == {"notice.changed"}
    post = post_by(member)
    assert [event for event in hear(other_member, act) if event["kind"] == "notice.changed"] == []

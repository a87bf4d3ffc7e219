"""Where somebody wrote and signed in from: taken at both doors, sealed for its row, forgotten after thirty days."""

from datetime import UTC, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from forum import connections, data_rights
from forum.actions.posts import edit_post, publish_post
from forum.connections import read_of_post, read_sign_ins
from forum.models import ConnectionFact, Post
from forum.sealing import CannotOpen
from realtime import retention
from realtime.peers import Peer
from tests.conftest import PASSWORD
from tests.disk import bytes_of_database
from tests.forum.canaries import _places

OLD, NEW = "old-" * 13, "new-" * 13
FROM = Peer("203.0.113.77", 50123)


@pytest.fixture
def share():
    return lambda who, via=FROM: publish_post(who, body="Third night.", key=uuid4(), via=via).post


@pytest.mark.django_db
def test_a_post_through_the_form_keeps_where_it_came_from(as_, member):
    sent = {"body": "Third night.", "intent": "support", "key": str(uuid4())}
    assert as_(member).post("/posts/", sent, REMOTE_ADDR=FROM.address, REMOTE_PORT="50123").status_code == 303
    fact = read_of_post(Post.objects.get().pk)
    assert (fact.address, fact.port) == ("203.0.113.77", "50123")
    assert fact.at.tzinfo == UTC and timezone.now() - fact.at < timedelta(minutes=5)
    reply = {"body": "With you.", "key": str(uuid4())}
    as_(member).post(f"/posts/{Post.objects.get().pk}/replies/", reply, REMOTE_ADDR="198.51.100.4")
    assert read_of_post(Post.objects.get(parent__isnull=False).pk).address == "198.51.100.4"


@pytest.mark.django_db(transaction=True)
def test_a_post_through_the_socket_keeps_it_too(listen, member, settings):
    settings.TRUSTED_PROXIES, settings.SOURCE_PORT_HEADER = 1, "X-Source-Port"
    with listen(member, **{"x-forwarded-for": "203.0.113.77", "x-source-port": "50123"}) as socket:
        socket.receive()
        frame = {"type": "post", "key": str(uuid4()), "body": "Third night.", "intent": "support"}
        frame["via"] = frame["peer"] = "198.51.100.1"  # what a visitor says of themselves changes nothing
        socket.send(frame)
        socket.until("ack")
    fact = read_of_post(Post.objects.get().pk)
    assert (fact.address, fact.port) == ("203.0.113.77", "50123")


@pytest.mark.django_db
def test_each_sign_in_is_kept_and_a_wrong_password_is_none(client, member):
    for password in ("wrong-password-it-is", PASSWORD):
        client.post("/accounts/login/", {"login": member.email, "password": password}, REMOTE_ADDR=FROM.address)
    facts = read_sign_ins(member.pk)
    assert [fact.address for fact in facts] == ["203.0.113.77"]
    assert ConnectionFact.objects.get().post is None


@pytest.mark.django_db
def test_the_newest_ten_sign_ins_are_shown_the_newest_first(member, time_machine):
    for hour in range(12):
        time_machine.move_to(timezone.now() + timedelta(hours=1), tick=False)
        connections.note_sign_in(member, Peer(f"198.51.100.{hour}", 1))
    assert [fact.address[-2:].strip(".") for fact in read_sign_ins(member.pk)][:3] == ["11", "10", "9"]
    assert len(read_sign_ins(member.pk)) == 10


@pytest.mark.django_db
def test_the_same_post_sent_again_and_an_edit_keep_the_first(member, share):
    key = uuid4()
    for address in ("203.0.113.77", "198.51.100.1"):
        post = publish_post(member, body="Third night.", key=key, via=Peer(address, 1)).post
    edit_post(member, post, body="Fourth night.", content_note="", seen_version=post.version)
    assert read_of_post(post.pk).address == "203.0.113.77"


@pytest.mark.django_db
def test_what_cannot_be_told_leaves_no_row_and_the_post_is_shared(member):
    assert publish_post(member, body="Third night.", key=uuid4()).post.status == "visible"
    assert not ConnectionFact.objects.exists()


@pytest.mark.django_db
def test_facts_swapped_between_rows_members_or_columns_do_not_open(member, other_member, share):
    mine, theirs, again = share(member), share(other_member, Peer("198.51.100.1", 2)), share(member)
    taken = ConnectionFact.objects.get(post=mine)
    swaps = [
        (ConnectionFact.objects.filter(post=theirs), {"address": taken.address}, theirs),
        (ConnectionFact.objects.filter(post=again), {"at": taken.at}, again),
        (ConnectionFact.objects.filter(post=mine), {"port": taken.address}, mine),
    ]
    for row, change, post in swaps:
        assert read_of_post(post.pk)  # the premise
        row.update(**change)
        with pytest.raises(CannotOpen):
            read_of_post(post.pk)


@pytest.mark.django_db(transaction=True)
def test_neither_the_tables_nor_the_files_hold_what_was_sealed(member, share):
    """A hundred addresses, and each of them nowhere."""
    known = [f"203.0.113.{number}" for number in range(100)]
    for address in known:
        share(member, Peer(address, 54321))
    assert len(connections.read_sign_ins(member.pk)) == 0 and ConnectionFact.objects.count() == 100
    text = " ".join(text for _place, text in _places())
    assert [address for address in known if address in text] == []
    assert "54321" not in text
    if connection.vendor == "sqlite":
        content = bytes_of_database()
        assert b"third night" in content.lower()  # the premise: these are the bytes
        assert [address for address in known if address.encode() in content] == []


@pytest.mark.django_db
def test_it_is_forgotten_after_thirty_days_and_not_before(member, share, time_machine):
    post, start = share(member), timezone.now()
    time_machine.move_to(start + timedelta(days=29, hours=22), tick=False)
    assert retention.forget("connections") == 0
    time_machine.move_to(start + timedelta(days=30), tick=False)
    assert retention.forget("connections") == 1
    assert read_of_post(post.pk) is None and Post.objects.filter(pk=post.pk).exists()


@pytest.mark.django_db
def test_it_stays_longer_while_something_keeps_it_and_goes_then(member, other_member, share, time_machine, monkeypatch):
    kept = {member.pk}
    monkeypatch.setattr(data_rights, "keep_checks", [lambda member_id: member_id in kept])
    share(member), share(other_member)
    time_machine.move_to(timezone.now() + timedelta(days=31), tick=False)
    assert retention.forget("connections") == 1
    assert ConnectionFact.objects.get().member == member
    kept.clear()
    assert retention.forget("connections") == 1


@pytest.mark.django_db
def test_resealing_leaves_every_fact_readable_with_the_new_key_alone(settings, member, share):
    settings.SEAL_KEYS = [OLD]
    first = share(member)
    settings.SEAL_KEYS = [NEW, OLD]
    second = share(member)
    told = StringIO()
    call_command("reseal", stdout=told)
    assert "Connections sealed anew: 1." in told.getvalue()
    settings.SEAL_KEYS = [NEW]
    assert read_of_post(first.pk).address == read_of_post(second.pk).address == "203.0.113.77"
    settings.SEAL_KEYS = [OLD]
    with pytest.raises(CommandError, match="Connections that none of the keys opens: 2"):
        call_command("reseal", stdout=StringIO())


@pytest.mark.django_db
def test_my_own_copy_has_mine_and_nobody_elses(member, other_member, share):
    share(member), share(other_member, Peer("198.51.100.1", 2))
    assert [row["address"] for row in connections.rows_of(member.pk)] == ["203.0.113.77"]

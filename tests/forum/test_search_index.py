"""The index follows the words in the same transaction, and can be checked and made anew."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, connections, transaction

from forum import search_index
from forum.access import facts_of
from forum.actions.posts import change_content_note, edit_post, withdraw_post
from forum.models import Post, Status
from forum.refusals import Refusal
from forum.search import search_posts

CANARY = "zyzzyvaquill"


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def found(member):
    return lambda query: [hit.post.pk for hit in search_posts(facts_of(member), query).hits]


@pytest.mark.django_db
def test_the_index_holds_what_can_be_read_through_every_change(member, post_by):
    posts = [post_by(member, f"{CANARY} number {number}") for number in range(4)]
    withdraw_post(member, posts[0])
    edit_post(member, posts[1], body="Other words.", content_note="", seen_version=1)
    Post.objects.filter(pk=posts[2].pk).update(status=Status.ERASED, body="")
    Post.objects.filter(pk=posts[3].pk).delete()
    assert search_index.faults() == []


@pytest.mark.django_db(transaction=True)
def test_words_come_and_go_with_the_transaction_that_changes_them(member, post_by, found):
    post = post_by(member, CANARY)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        withdraw_post(member, post)
        assert found(CANARY) == []
        raise ZeroDivisionError
    assert found(CANARY) == [post.pk]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("harm", "fault"),
    [
        ("DELETE FROM forum_search", "Posts that are not in the index: 1."),
        ("UPDATE forum_search SET rowid = rowid + 1000", "Posts that are not in the index: 1."),
        ("UPDATE forum_search SET rowid = rowid + 1000", "Words in the index that are nobody's to read any more: 1."),
    ],
)
def test_a_fault_is_named_and_mended(member, post_by, found, harm, fault):
    post = post_by(member, CANARY)
    run(harm)
    assert fault in search_index.faults()
    with pytest.raises(CommandError, match="makes the index anew"):
        call_command("reindex", "--check")
    call_command("reindex", stdout=StringIO())
    assert search_index.faults() == []
    assert found(CANARY) == [post.pk]


@pytest.mark.django_db
def test_words_that_are_no_longer_the_posts_are_noticed(member, post_by):
    post_by(member, CANARY)
    other = "'other'" if connection.vendor == "sqlite" else "forum_search_words('other')"
    run(f"UPDATE forum_search SET words = {other}")
    assert search_index.faults() == ["Posts with other words than the index has: 1."]


@pytest.mark.django_db(transaction=True)
def test_of_a_change_and_taking_back_at_once_the_words_are_gone_in_the_end(member, post_by, found):
    posts = [post_by(member, f"{CANARY} {number}") for number in range(6)]

    def race(act) -> None:
        try:
            with suppress(Refusal, OperationalError):  # too late to edit; or PostgreSQL would not wait
                act()
        finally:
            connections.close_all()

    acts = [lambda post=post: withdraw_post(member, post) for post in posts]
    acts += [
        lambda post=post: edit_post(member, post, body=f"{CANARY} again", content_note="", seen_version=1)
        for post in posts
    ]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(race, acts[::2] + acts[1::2]))
    for post in posts:
        withdraw_post(member, post)
    assert found(CANARY) == []
    assert search_index.faults() == []


@pytest.mark.django_db(transaction=True)
def test_forgetting_waits_for_the_commit(member):
    with transaction.atomic():
        assert search_index.forget_erased()
        member.save()
    assert search_index.faults() == []


@pytest.mark.django_db
def test_a_content_note_comes_and_goes_with_its_change(member, post_by, found):
    post = post_by(member, "Slept.", content_note=CANARY)
    assert found(CANARY) == [post.pk]
    edit_post(member, post, body="Slept.", content_note="other", seen_version=1)
    assert found(CANARY) == [] and search_index.faults() == []
    with transaction.atomic():
        change_content_note(post, CANARY)
    assert found(CANARY) == [post.pk] and search_index.faults() == []


@pytest.mark.django_db
def test_an_index_from_before_notes_were_in_it_catches_up_with_the_next_migrate(member, post_by, found):
    post = post_by(member, "Slept.", content_note=CANARY)
    before = "'Slept.'" if connection.vendor == "sqlite" else "forum_search_words('Slept.')"
    run(f"UPDATE forum_search SET words = {before}")
    assert found(CANARY) == []  # the premise
    search_index.catch_up(sender=None)
    assert found(CANARY) == [post.pk] and search_index.faults() == []


@pytest.mark.parametrize("looked_at", [(1, 0), (4, 0), (1, 1), (1, 3), (100, 25)])
def test_the_newest_with_a_word_are_found_however_many_are_looked_at_first(member, post_by, monkeypatch, looked_at):
    monkeypatch.setattr(search_index.PostgreSQLIndex, "LOOKED_AT", looked_at)
    posts = [
        post_by(member, f"Post {n}{' lantern' if n % 2 else ''}{' kingfisher' if n == 1 else ''}").pk for n in range(9)
    ]
    with_word = {"lantern": posts[1::2][::-1], "kingfisher": [posts[1]], "petrichor": []}
    for word, ids in with_word.items():
        for before in (None, posts[6], posts[1], posts[0]):
            older = [pk for pk in ids if before is None or pk < before]
            for number in (1, 3, 20):
                matching = search_index.matching([((word,),)], before, number)
                found = Post.objects.filter(pk__in=matching).order_by("-pk").values_list("pk", flat=True)
                assert list(found) == older[:number], (word, before, number)

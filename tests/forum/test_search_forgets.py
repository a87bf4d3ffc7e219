"""After an erasure the words are in no file of the embedded mode. PostgreSQL's files are its own."""

import pytest

from forum import search_index
from forum.access import facts_of
from forum.models import Post, Status
from forum.search import search_posts
from tests.disk import bytes_of_database

pytestmark = pytest.mark.django_db(transaction=True)

CANARY = "zyzzyvaquill"


def in_files() -> bool:
    return CANARY.encode() in bytes_of_database()


def test_what_was_erased_is_in_no_file(member, post_by):
    posts = [post_by(member, f"{CANARY} and other words {number}") for number in range(5)]
    assert in_files()  # the premise
    for post in posts:
        Post.objects.filter(pk=post.pk).update(status=Status.ERASED, body="", key_digest="")
    assert search_posts(facts_of(member), CANARY).hits == []
    assert in_files()  # a delete alone is not enough
    assert search_index.forget_erased()
    assert not in_files()

"""What sharing words costs the database: five questions for the words alone, and nine with everything around them."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forum import holding
from forum.actions import posts
from forum.actions.drafts import save_draft
from forum.actions.posts import publish_post
from forum.models import Draft
from forum.signals import post_submitted
from realtime.peers import Peer

pytestmark = pytest.mark.django_db

BARE, EVERYTHING = 5, 9
HERE = Peer("203.0.113.9", 4711)


@pytest.fixture
def queries() -> Any:
    """`queries(act)`: how many questions it asks. The transaction, which a test's own makes a savepoint, is not one."""

    def count(act: Any) -> int:
        with CaptureQueriesContext(connection) as asked:
            act()
        about_itself = [each["sql"].startswith(("SAVEPOINT", "RELEASE")) for each in asked]
        assert sum(about_itself) == 2
        return len(asked) - sum(about_itself)

    return count


def _share(author: Any, **more: Any) -> Any:
    return publish_post(author, body="It has been a long day.", key=uuid4(), **more)


def test_words_alone(member, queries, monkeypatch):
    _share(member)
    monkeypatch.setattr(holding, "rules", [])
    monkeypatch.setattr(posts, "check_posts", lambda _author, *, reply: None)
    monkeypatch.setattr(post_submitted, "receivers", [])
    post_submitted.sender_receivers_cache.clear()
    try:
        assert queries(lambda: _share(member)) == BARE
    finally:
        post_submitted.sender_receivers_cache.clear()


def test_words_with_screening_limits_receivers_a_draft_and_where_they_came_from(member, queries):
    _share(member)
    save_draft(member, "post", {"body": "It has been a long day."}, version="one")
    assert queries(lambda: _share(member, via=HERE, draft=["one"])) <= EVERYTHING
    assert not Draft.objects.exists()


def test_the_same_send_again_costs_next_to_nothing(member, queries):
    key = uuid4()
    publish_post(member, body="It has been a long day.", key=key)
    assert queries(lambda: publish_post(member, body="It has been a long day.", key=key)) == 2

"""What a page costs the database: the same however many rows there are."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forum import threads
from forum.actions.asking import set_up
from forum.actions.following import set_follow, set_keep
from forum.actions.posts import publish_post
from forum.actions.support import set_support
from forum.models import Post

WALL = (
    8  # session, member, their view, positions, posts, replies, marks, and everything the header and the notices count
)
NOTICES = 10  # session, member, their view, notices, what the header counts, then replies, supports and their posts


@pytest.fixture
def queries() -> Callable[..., int]:
    """How many queries a page asks as this client."""

    def count(client: Any, path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    return count


@pytest.fixture
def fill_wall(other_member: Any, member: Any) -> Callable[[int], None]:
    def fill(posts: int) -> None:
        for number in range(posts):
            post = publish_post(other_member, body=f"Day {number}.", key=uuid4()).post
            publish_post(member, body="I am here.", parent=post, key=uuid4())
            set_support(member, post, "with_you", on=True)

    return fill


@pytest.mark.parametrize("who", ["member", "moderator", "staff", "independent"])
def test_the_wall_costs_the_same_however_many_stand_on_it(
    who: str, request: pytest.FixtureRequest, as_: Any, queries: Any, fill_wall: Any
) -> None:
    client = as_(request.getfixturevalue(who))
    fill_wall(1)
    queries(client, "/")
    assert queries(client, "/") <= WALL
    fill_wall(8)
    assert queries(client, "/") <= WALL


@pytest.mark.parametrize("lens", ["waiting", "following", "kept", "mine"])
def test_a_lens_costs_no_more_than_the_wall_for_those_who_are_up_too(
    lens: str, as_: Any, member: Any, other_member: Any, queries: Any, fill_wall: Any
) -> None:
    set_up(member, up=True)
    client = as_(other_member if lens == "mine" else member)
    path = f"/?lens={lens}"
    fill_wall(1)
    queries(client, path)
    assert queries(client, path) <= WALL
    fill_wall(25)  # and more than one page of it
    for post in Post.objects.filter(parent__isnull=True):
        set_follow(member, post, on=True)
        set_keep(member, post, on=True)
    assert len(client.get(path).context["threads"]) == threads.PAGE
    assert queries(client, path) <= WALL
    assert queries(client, "/") <= WALL


def test_the_page_of_notices_costs_the_same_however_many_there_are(
    as_: Any, other_member: Any, queries: Any, fill_wall: Any
) -> None:
    client = as_(other_member)
    fill_wall(2)
    queries(client, "/notices/")
    few = queries(client, "/notices/")
    fill_wall(18)
    assert queries(client, "/notices/") == few <= NOTICES
    assert queries(client, "/notices/count/") <= 4


def test_a_post_on_its_own_page_costs_the_same_however_many_answer(
    as_: Any, member: Any, other_member: Any, queries: Any, fill_wall: Any
) -> None:
    fill_wall(1)
    post = Post.objects.get(parent__isnull=True)
    client, path = as_(member), f"/posts/{post.pk}/"
    queries(client, path)
    few = queries(client, path)
    for number in range(15):
        publish_post(other_member, body=f"Reply {number}.", parent=post, key=uuid4())
    assert queries(client, path) == few <= WALL

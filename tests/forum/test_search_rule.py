"""Search held to the visibility rule over random walls: all that can be seen with the word in it, and nothing else."""

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum import access
from forum.access import Sight, ViewerFacts
from forum.models import Member, Post, Role, Standing, Status
from forum.search import search_posts

pytestmark = pytest.mark.django_db
WORDS = "A heron stood in the rain."

people = st.integers(0, 2)
words = st.tuples(people, st.sampled_from(Status), st.sampled_from([WORDS, "Nothing of the kind."]))
walls = st.lists(st.tuples(words, st.lists(words, max_size=2)), min_size=1, max_size=3)
viewers = st.tuples(
    people,
    st.sampled_from(Role),
    st.sampled_from([*access.WALL_OPEN, Standing.BANNED]),
    st.frozensets(people, max_size=1),
    st.frozensets(people, max_size=1),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(viewer=viewers, wall=walls)
def test_it_finds_all_that_can_be_seen_with_the_word_and_nothing_else(viewer, wall, three):
    Post.objects.filter(parent__isnull=False).delete()
    Post.objects.all().delete()
    for (author, status, body), replies in wall:
        stands = sum(status in access.ON_THE_WALL for _author, status, _body in replies)
        post = make_post(three[author], status, body, standing_replies=stands)
        for reply_author, reply_status, reply_body in replies:
            make_post(three[reply_author], reply_status, reply_body, parent=post)
    who, role, standing, blocks, mutes = viewer
    apart = [frozenset(three[index].pk for index in each - {who}) for each in (blocks, mutes)]
    facts = ViewerFacts(three[who].pk, role, standing, *apart)
    rows = Post.objects.select_related("parent").filter(body=WORDS)
    sights = {post.pk: access.sight_of(facts, access.facts_of_post(post)) for post in rows}
    found = {hit.post.pk for hit in search_posts(facts, "herons").hits}
    assert found == {pk for pk, sight in sights.items() if sight in (Sight.WORDS, Sight.NOTICE)}


@pytest.fixture
def three(db) -> list[Member]:
    return [Member.objects.create_user(f"s{n}@example.org", f"searcher-{'abc'[n]}") for n in range(3)]


def make_post(author: Member, status: str, body: str, **fields) -> Post:
    return Post.objects.create(author=author, status=status, body=body, key=uuid4(), key_digest="", **fields)

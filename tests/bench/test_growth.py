"""However much there is, each page is read from indexes. Holds whichever database the tests run on."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from bench.growth import plans
from bench.growth.filling import Size, fill
from bench.growth.pages import acts_in
from forum import search_index
from forum.models import Member, Post, Support
from moderation import audit
from moderation.models import Case
from realtime import triggers
from realtime.models import Event

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

POSTS = 20_000
MOST_ROWS = POSTS // 4  # that one query of a page looks at, in vain or not


@pytest.fixture
def grown() -> Iterator[Callable[[int], Size]]:
    yield fill
    with connection.cursor() as cursor:  # what was found of these rows would stay when they have gone
        cursor.execute("ANALYZE" if connection.vendor == "postgresql" else "DROP TABLE IF EXISTS sqlite_stat1")


def plans_of(act: Callable[[], object]) -> list[plans.Plan]:
    """Of the queries that an act makes once its page has been opened before."""
    act()
    return [plans.explain(query) for query in plans.queries_of(act)]


def wrong(found: list[plans.Plan]) -> list[tuple[Any, str]]:
    faulty = [(each.faults or f"{each.rows} rows", each.query.sql) for each in found]
    return [pair for pair, each in zip(faulty, found, strict=True) if each.faults or each.rows > MOST_ROWS]


def test_no_page_reads_from_end_to_end_what_grows(grown: Callable[[int], Size]) -> None:
    size = grown(POSTS)
    assert wrong(
        plans_of(lambda: list(Post.objects.filter(body="Nobody wrote this")))
    )  # the premise: it would be noticed
    found = {act.name: plans_of(act) for act in acts_in(size)}
    assert {name: wrong(all_of) for name, all_of in found.items() if wrong(all_of)} == {}
    assert min(map(len, found.values())) > 3
    assert not [each.query.sql for all_of in found.values() for each in all_of if "OFFSET" in each.query.sql]


def test_what_fills_a_database_is_a_community_like_any_other(grown: Callable[[int], Size]) -> None:
    size = grown(1_000)
    assert (Member.objects.count(), Post.objects.count(), Support.objects.count()) == (size.members, 1_000, 1_000)
    assert (Case.objects.count(), Event.objects.filter(stream="wall").count()) == (size.cases, 1_000)
    assert search_index.faults() == []
    assert triggers.differences(connection) == []
    assert audit.verify() is None
    assert audit.head()[0] > size.cases
    connection.check_constraints()
    for act in acts_in(size):
        act()  # each checks its own answer

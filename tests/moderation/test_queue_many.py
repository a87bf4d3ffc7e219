"""A table full of cases changes nothing: the same queries, none of which reads every row, and pages that lose nobody."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forum.access import facts_of
from forum.models import Member
from moderation.filters import Filters
from moderation.models import Case, Report, Severity
from moderation.queues import PAGE, read_queue

pytestmark = pytest.mark.django_db
DAYS = 400


@pytest.fixture
def people():
    rows = [Member(email=f"bird{n}@x.test", handle=f"bird{n}", handle_key=f"bird{n}") for n in range(400)]
    return Member.objects.bulk_create(rows)


@pytest.fixture
def fill(people, other_member):
    """`fill(live, closed)`: so many cases, live ones about a person each."""

    def make(live: int, closed: int) -> None:
        now, start = timezone.now(), Case.objects.count()
        severities = [Severity.EMERGENCY, Severity.URGENT, *[Severity.SOON] * 5, *[Severity.ROUTINE] * 9]
        rows = [
            Case(
                kind="conduct",
                subject=people[(start + n) % len(people)],
                subject_role="member",
                severity=severities[n % len(severities)],
                state="open" if n < live else "closed",
                opened_at=now - timedelta(minutes=n),
                due_at=now + timedelta(minutes=n // 3) if n < live else None,  # some share a moment
                closed_at=None if n < live else now - timedelta(days=(n % DAYS), minutes=n),
                closed_by=None if n < live else other_member,
            )
            for n in range(live + closed)
        ]
        made = Case.objects.bulk_create(rows, batch_size=500)
        told = [
            Report(case=case, door="rule", category="spam", severity=case.severity, source="member") for case in made
        ]
        Report.objects.bulk_create(told, batch_size=500)

    return make


def asked(act) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        act()
    return [query["sql"] for query in queries.captured_queries]


def plan_of(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return [row[3] for row in cursor.fetchall()]


def test_thousands_of_cases_cost_the_queries_that_one_does(as_, moderator, fill):
    client = as_(moderator)
    fill(1, 0)
    client.get("/moderation/")
    few = asked(lambda: client.get("/moderation/"))
    fill(300, 4000)
    page = client.get("/moderation/")
    assert len(page.context["queue"].rows) == PAGE
    assert len(asked(lambda: client.get("/moderation/"))) == len(few)
    assert len(asked(lambda: client.get("/moderation/?severity=soon&due=today&category=rule.spam"))) == len(few)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's plans")
@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(lane="worry"),
        Filters(severity="soon", state="open"),
        Filters(due="today", category="rule.spam"),
        Filters(mine="on"),
        Filters(state="closed"),
    ],
    ids=str,
)
def test_no_query_of_the_queue_reads_every_case(moderator, fill, filters):
    """A SCAN of the cases would grow with everything that was ever closed; a SEARCH reads a part of an index."""
    fill(300, 4000)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN SELECT * FROM moderation_case")  # the premise: a scan is called one
        assert "SCAN moderation_case" in cursor.fetchone()[3]
    first = read_queue(facts_of(moderator), filters)
    after = first.next.partition("after=")[2]
    for sql in asked(lambda: read_queue(facts_of(moderator), filters, after)):
        if not sql.startswith("SELECT"):
            continue
        assert [step for step in plan_of(sql) if reads_them_all(step, filters)] == [], sql


def reads_them_all(step: str, filters: Filters) -> bool:
    """What is closed is most of the table: an index that only says so is no help."""
    if "moderation_" not in step:
        return False
    by_state = (filters.closed or bool(filters.mine)) and ("(state=?)" in step or "(place=?)" in step)
    return step.startswith("SCAN") or by_state


@pytest.mark.parametrize("state", ["", "closed"])
def test_pages_show_everybody_once(moderator, fill, state):
    fill(130, 1500)
    viewer, filters, seen, after = facts_of(moderator), Filters(state=state), [], ""
    total = read_queue(viewer, filters).total
    assert total > PAGE or state  # more than one page of what is live
    while True:
        page = read_queue(viewer, filters, after)
        seen += [row.case.pk for row in page.rows]
        if not page.next:
            break
        after = page.next.partition("after=")[2]
    assert len(seen) == len(set(seen)) == total


def test_a_case_that_comes_or_goes_above_moves_nobody_to_another_page(as_, moderator, fill):
    fill(130, 0)
    client = as_(moderator)
    first = client.get("/moderation/").context["queue"]
    following = client.get(f"/moderation/{first.next}").context["queue"]
    ids = [row.case.pk for row in following.rows]
    Case.objects.filter(pk=first.rows[3].case.pk).update(state="closed", closed_at=timezone.now())
    again = client.get(f"/moderation/{first.next}")
    assert [row.case.pk for row in again.context["queue"].rows] == ids
    assert "Back to the first" in again.text and "The next 50" in again.text

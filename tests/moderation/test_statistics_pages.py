"""The figures of the team's work, how often it agrees, and what members are told: no count of 1 to 7, and none to be worked out."""

import itertools
import random
import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from moderation import agreement, tally, week_statistics
from moderation.models import Appeal, BlindReading, Case, Decision, Reserved
from moderation.small_cells import SMALL, published, rounded

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)  # London is on UTC then
NOW = MONDAY + timedelta(days=9, hours=3)
QUARTER = datetime(2026, 4, 20, tzinfo=UTC)  # the first quarter is the last that is over
WEEKLY = ("arrivals", "half_looked", "looked_in_time", "closed", "half_decided", "decided_in_time")


@pytest.fixture
def cases(member, other_member, moderator):
    """`cases(9, MONDAY, looked=20, closed=90)`: so many routine cases, opened then, looked at and closed after so many minutes."""

    def make(count, opened, looked=None, closed=None, **fields):
        fields = {"kind": "conduct", "severity": "routine", "subject_role": "member", **fields}
        rows = []
        for _ in range(count):
            row = {"opened_at": opened, "subject": member, **fields}
            if looked is not None:
                row["first_looked_at"] = opened + timedelta(minutes=looked)
            row["state"] = "closed"
            row["closed_at"] = opened + (timedelta(minutes=closed) if closed is not None else timedelta(days=400))
            rows.append(Case.objects.create(**row))
        return rows

    return make


@pytest.fixture
def decisions(cases, moderator, member):
    """`decisions("fold", 9)`: of conduct, on 10 February, by heron."""

    def make(kind, count, at=datetime(2026, 2, 10, tzinfo=UTC), **of_case):
        made = []
        for case in cases(count, at - timedelta(days=1), 1, 60, **of_case):
            fields = {"case": case, "case_kind": "conduct", "kind": kind, "subject": member, "decided_by": moderator}
            if kind in ("slow", "pause", "suspend"):
                fields["until"] = at + timedelta(days=7)
            made.append(Decision.objects.create(statement="So it is.", made_at=at, **fields))
        return made

    return make


@pytest.fixture
def readings(decisions, other_moderator):
    """`readings("abuse", 9, alike=5)`: second readings of March."""

    def make(category, count, alike=0, at=datetime(2026, 3, 10, tzinfo=UTC), **of_case):
        for place, decision in enumerate(decisions("fold", count, at, **of_case)):
            BlindReading.objects.create(
                case=decision.case,
                decision=decision,
                judged_by=decision.decided_by,
                judged_kind="fold",
                category=category,
                reader=other_moderator,
                taken_at=at,
                answered_at=at,
                kind="fold" if place < alike else "remove",
            )

    return make


# What may be said of counts that add up


def test_no_published_count_tells_of_one_to_seven_nor_does_any_difference():
    """An attacker who reads every figure as if it were exact, and knows how it is made."""
    dice = random.Random(8)
    tables = [dict(zip("abc", each, strict=True)) for each in itertools.product(range(12), repeat=3)]
    tables += [{str(n): dice.choice((0, 0, 1, 3, 7, 8, 12, 40)) for n in range(14)} for _ in range(2000)]
    for counts in tables:
        said = published(counts)
        out = [name for name, cell in said.cells.items() if cell is None]
        assert all(counts[name] >= SMALL for name in counts if name not in out), counts
        if said.total is not None:
            left = sum(counts[name] for name in out)
            assert left >= SMALL or not out, (counts, said)
            assert len(out) != 1, (counts, said)
            assert said.total >= SMALL


def test_the_quarter_before_has_nothing_in_common_with_this_one(db, decisions):
    decisions("fold", 12)
    later = tally.last_quarter(datetime(2026, 7, 2, tzinfo=UTC))
    assert later.decisions_in_all == ""
    assert later.first == date(2026, 4, 1)


@pytest.mark.django_db
def test_no_row_of_weeks_tells_of_fewer_than_eight(cases):
    for place, count in enumerate(range(1, 9)):
        cases(count, MONDAY - place * timedelta(days=7), 30, 60)
    for count, week in enumerate(week_statistics.weeks_of_work(NOW), start=1):
        figures = [getattr(week, name) for name in WEEKLY]
        words = [getattr(each, "said", each) for each in figures]
        drawn = [each.drawn for each in figures if hasattr(each, "drawn")]
        if count < SMALL:
            assert set(words) == {""}, count
            assert set(drawn) == {None}, count
        else:
            assert words[0] == "about 10"


def test_whatever_share_was_in_time_neither_it_nor_what_it_leaves_is_small():
    limit, soon, late = timedelta(hours=1), timedelta(minutes=5), timedelta(hours=3)
    for in_time in range(31):
        for others in range(31 - in_time):
            waits = [(soon, limit)] * in_time + [(late, limit)] * others
            said = week_statistics._in_time(waits)
            if len(waits) < SMALL:
                assert said.said == ""
            if "%" in said.said or said.drawn is not None:
                assert min(in_time, others) >= SMALL
                assert said.said == f"{said.drawn} %"


@pytest.mark.django_db
def test_weeks_do_not_overlap(cases):
    cases(9, MONDAY - timedelta(minutes=1), 1, 2)
    cases(9, MONDAY, 1, 2)
    cases(30, MONDAY + timedelta(days=7), 1, 2)  # this week is not over
    weeks = week_statistics.weeks_of_work(NOW)
    assert [week.arrivals.said for week in weeks[:3]] == ["about 10", "about 10", ""]


# What the figures say


@pytest.mark.django_db
def test_a_week_says_what_came_in_and_how_soon_it_was_looked_at_and_decided(cases):
    cases(11, MONDAY, looked=20, closed=80)
    cases(9, MONDAY, looked=25 * 60, closed=5 * 24 * 60)
    week = week_statistics.weeks_of_work(NOW)[0]
    assert (week.first, week.last) == (MONDAY.date(), MONDAY.date() + timedelta(days=6))
    assert (week.arrivals.said, week.half_looked.said, week.looked_in_time.said) == ("about 20", "20 min", "55 %")
    assert (week.closed.said, week.half_decided.said, week.decided_in_time.said) == ("about 20", "1 h", "55 %")


@pytest.mark.django_db
def test_what_staff_hold_is_not_among_what_was_decided_in_time(cases):
    cases(9, MONDAY, 1, 6 * 24 * 60, episode=1)
    week = week_statistics.weeks_of_work(NOW)[0]
    assert (week.closed.said, week.decided_in_time.said, week.half_decided.said) == ("about 10", "", "")


@pytest.mark.django_db
def test_what_comes_back_is_counted_in_its_own_week(cases, moderator, other_moderator, member):
    from moderation import audit

    opened = cases(9, timezone.now() - timedelta(days=20), 1, 2)
    for case in opened:
        audit.record(case, "reopen", moderator, "closed", "in_review")
        audit.record(case, "reopen", moderator, "closed", "in_review")
    week = week_statistics.weeks_of_work(timezone.now() + timedelta(days=7))[0]
    assert (week.reopened.said, week.appealed.said, week.upheld.said) == ("about 10", "fewer than 8", "fewer than 8")
    assert (week.reopened.drawn, week.appealed.drawn, week.half_looked.drawn) == (10, None, None)
    drawn = week_statistics.charts([week])
    assert "about 10" in drawn["reopened"]
    assert (drawn["appealed"], drawn["upheld"], drawn["half_looked"]) == ("", "", "")


@pytest.mark.django_db
def test_the_times_are_charts_too_and_are_drawn_as_they_are_said(cases, as_, moderator, time_machine):
    cases(18, MONDAY, looked=21, closed=80)
    week = week_statistics.weeks_of_work(NOW)[0]
    assert (week.half_looked.said, week.half_looked.drawn) == ("25 min", 25)
    assert (week.half_decided.said, week.half_decided.drawn) == ("1 h", 60)
    time_machine.move_to(NOW)
    page = as_(moderator).get("/moderation/statistics/").text
    assert 'aria-labelledby="half-looked-title"' in page and 'aria-labelledby="half-decided-title"' in page
    assert 'aria-labelledby="upheld-title"' not in page


@pytest.mark.django_db
@pytest.mark.parametrize("hidden", [{"reserved_for": Reserved.STAFF}, {"subject_role": "moderator"}])
def test_what_only_some_may_know_of_is_in_no_figure(cases, decisions, readings, hidden):
    cases(20, MONDAY, 1, 2, **hidden)
    decisions("fold", 20, **hidden)
    readings("abuse", 30, 30, **hidden)
    assert week_statistics.weeks_of_work(NOW)[0].arrivals.said == ""
    assert tally.last_quarter(QUARTER).decisions_in_all == ""
    assert agreement.last_month(QUARTER).rows == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("count", "words"), [(0, "Most"), (7, "Most"), (8, "About half"), (15, "A few"), (19, "A few")]
)
def test_below_twenty_it_says_in_words_how_far_it_is_and_no_figure(readings, count, words):
    readings("abuse", count, count)
    said = agreement.last_month(QUARTER)
    assert said.missing.startswith(words)
    assert (said.rows, re.findall(r"\d", said.missing)) == ([], [])


@pytest.mark.django_db
def test_from_twenty_each_category_has_a_plain_share_or_nothing(readings, django_assert_num_queries):
    readings("abuse", 20, 12)
    readings("spam", 9, 9)
    readings("unkind", 7, 3)
    readings("other", 9, 5, at=datetime(2026, 4, 2, tzinfo=UTC))  # this month is not over
    with django_assert_num_queries(1):
        rows = agreement.last_month(QUARTER).rows
    assert [(row.cases, row.agreed) for row in rows] == [("about 20", "60 %"), ("about 10", "too few to say")]
    assert "abusive" in str(rows[0].category)


@pytest.mark.django_db
def test_members_read_how_often_what_was_decided_and_what_that_means(decisions, as_, member, client):
    decisions("remove", 23)
    decisions("fold", 11)
    decisions("warning", 3)
    said = {line.name: line.said for line in tally.last_quarter(QUARTER).decisions}
    assert said["Take it down"] == "about 25"
    assert said["A word of warning"] == ""
    assert said["Fold it"] == "about 10"
    assert tally.last_quarter(QUARTER).decisions_in_all == ""  # less the rest it would tell of three warnings
    assert tally.last_quarter(QUARTER).chart


@pytest.mark.django_db
def test_a_few_upheld_appeals_are_not_told_by_those_that_were_refused(decisions, member, other_moderator, moderator):
    for place, decision in enumerate(decisions("fold", 20)):
        Appeal.objects.create(
            kind="decision", case=decision.case, decision=decision, by=member, against=moderator, words="Again, please.",
            key=uuid4(), due_at=decision.made_at, stage="upheld" if place < 3 else "refused", heard_by=other_moderator,
            answered_at=decision.made_at, reasons="So it is.",
        )  # fmt: skip
    said = tally.last_quarter(QUARTER)
    assert [line.said for line in said.appeals] == ["", "about 15"]
    assert said.appeals_in_all == ""


@pytest.mark.django_db
def test_every_kind_of_decision_has_words_for_what_it_means(db):
    assert all(line.means for line in tally.last_quarter().decisions)


# The pages


@pytest.mark.django_db
def test_the_page_of_members_is_for_everybody_and_stands_in_the_footer(as_, member, moderator, client):
    for who in (client, as_(member), as_(moderator)):
        page = who.get("/transparency/")
        assert page.status_code == 200
        assert "Too few to say anything" in page.text
    assert 'href="/transparency/"' in as_(member).get("/").text


@pytest.mark.django_db
def test_both_pages_take_the_same_number_of_queries_however_much_there_is(as_, moderator, cases, decisions, readings):
    def queries(url):
        with CaptureQueriesContext(connection) as taken:
            assert as_(moderator).get(url).status_code == 200
        return len(taken)

    urls = ("/moderation/statistics/", "/transparency/")
    [queries(url) for url in urls]  # what is looked up once in the life of a server
    before = [queries(url) for url in urls]
    last_week, last_quarter = timezone.now() - timedelta(days=7), tally.last_quarter().first
    cases(30, last_week, 5, 50)
    day = datetime(last_quarter.year, last_quarter.month, 10, tzinfo=UTC)
    decisions("fold", 20, day)
    readings("abuse", 25, 20, at=timezone.now().replace(day=1) - timedelta(days=3))
    assert [queries(url) for url in urls] == before
    page = as_(moderator).get("/moderation/statistics/").text
    assert 'role="img"' in page
    assert "<svg" in page
    assert "How often we agree" in page
    assert "style=" not in page[page.index("<main") : page.index("</main")]


@pytest.mark.django_db
def test_neither_page_names_anybody_of_the_team(as_, moderator, other_moderator, staff, readings, member):
    readings("abuse", 25, 20, at=timezone.now().replace(day=1) - timedelta(days=3))
    for url in ("/moderation/statistics/", "/transparency/"):
        page = as_(staff).get(url).text
        main = page[page.index("<main") : page.index("</main")]
        assert moderator.handle not in main
        assert other_moderator.handle not in main


def test_rounding_never_makes_a_small_count():
    assert min(rounded(count) for count in range(SMALL, 200)) >= SMALL

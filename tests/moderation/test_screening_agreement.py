"""Where screening and people agree: per rule, a quarter, and nothing of fewer than eight cases."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from forum.models import Member
from moderation.models import Case, Decision, Report, Word
from moderation.screening_agreement import agreement

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)  # the last quarter that is over: January to March
THEN = datetime(2026, 2, 10, 12, tzinfo=UTC)


@pytest.fixture
def closed_case(make_member, moderator):
    """`closed_case("intent", met="word")`: a closed case that screening opened, with the rule that spoke."""

    def make(*rules: str, met: str = "", kind: str = "care", source: str = "screening", at=THEN, **fields) -> Case:
        subject = Member.objects.create_user(f"{uuid4().hex}@harbour.test", uuid4().hex[:12], "x")
        case = Case.objects.create(
            kind=kind,
            subject=subject,
            subject_role="member",
            severity="soon",
            state="closed",
            opened_at=at,
            closed_at=at,
            **fields,
        )
        Report.objects.create(
            case=case,
            door="worry" if kind == "care" else "rule",
            category="crisis",
            severity="soon",
            source=source,
            reasons=[{"rule": rule, "start": 0, "end": 1} for rule in rules],
        )
        if met == "word":
            Word.objects.create(case=case, author=moderator, body="Hello.", from_team=True, key=uuid4())
        elif met:
            Decision.objects.create(
                case=case,
                case_kind=kind,
                kind=met,
                statement="So.",
                decided_by=moderator,
                subject=subject,
                rule="safety",
            )
        return case

    return make


def rows():
    return {str(row.rule): (row.cases, row.met) for row in agreement(NOW).rows}


def test_a_rule_is_told_with_how_often_people_saw_something_too(closed_case):
    for _ in range(10):
        closed_case("intent", met="word")
    for _ in range(10):
        closed_case("intent", met="no_action")
    assert rows() == {"intent": ("about 20", "50 %")}
    assert (agreement(NOW).first.isoformat(), agreement(NOW).end.isoformat()) == ("2026-01-01", "2026-04-01")


def test_seven_cases_are_too_few(closed_case):
    for _ in range(7):
        closed_case("intent", met="word")
    assert rows() == {}, "not even its name: it would say that there was one"
    closed_case("intent", met="word")
    assert rows() == {"intent": ("about 10", "too few to say")}


def test_a_case_with_two_rules_counts_for_both_and_the_most_frequent_comes_first(closed_case):
    for _ in range(8):
        closed_case("intent", "time", met="fold")
    closed_case("intent")
    assert list(rows()) == ["intent", "a time"]


@pytest.mark.parametrize("change", [
    {"source": "member"}, {"at": THEN + timedelta(days=60)}, {"at": THEN - timedelta(days=60)}, {"reserved_for": "staff"},
])  # fmt: skip
def test_what_others_reported_another_quarter_and_what_is_reserved_stay_out(closed_case, change):
    for _ in range(9):
        closed_case("intent", met="word", **change)
    assert rows() == {}


def test_an_undone_decision_is_no_agreement(closed_case):
    for _ in range(18):
        closed_case("intent", met="fold")
    Decision.objects.filter(pk__in=Decision.objects.values("pk")[:18]).update(undone_at=THEN)
    assert rows()["intent"][1] == "few"


def test_it_asks_four_questions_however_many_cases(closed_case, django_assert_num_queries):
    for _ in range(12):
        closed_case("intent", met="word")
    with django_assert_num_queries(4):
        agreement(NOW)


def test_the_team_reads_it_with_its_other_figures(as_, moderator):
    assert "Where screening and people agree" in as_(moderator).get("/moderation/statistics/").text

"""What is known of a member from before: of the same kind alone, for a year, and no nearer than anybody needs."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from forum.access import facts_of
from forum.models import Member, Post
from moderation.actions.cases import claim_case
from moderation.actions.decisions import decide_case, undo_decision
from moderation.actions.escalation import close_case, escalate_case, take_case
from moderation.actions.reports import report_member, report_post
from moderation.history import decisions_in_force, read_history, seen_words, span_words
from moderation.models import Case, Decision
from tests.moderation.records import write_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided(other_member, moderator, post_by, member, on_duty):
    """`decided("fold")`: a case about words of robin's, and what heron decided in it, on a shift that has no end."""

    def decide(kind: str = "fold", **more) -> Decision:
        post = post_by(member, f"Words {uuid4()}.")
        case = claim_case(report_post(other_member, post, "rule", "abuse", key=uuid4()).case, moderator)
        return decide_case(
            case, moderator, kind, post=post, seen_post_version=post.version, **{"rule": "kindness"} | more
        )

    return decide


@pytest.fixture
def cared_for(other_member, moderator, staff, member, on_duty):
    """`cared_for()`: a worry about robin that staff have looked after and closed with a record."""

    def care() -> Case:
        on_duty(moderator)
        case = report_member(other_member, member, "worry", "worried", key=uuid4()).case
        case = take_case(escalate_case(claim_case(case, moderator), moderator, "Please look."), staff)
        words = {
            "what_they_said": "It was dark.",
            "what_they_want": "To be rung at nine.",
            "what_we_did": "Rang at nine.",
        }
        write_record(case, staff, **words)
        return close_case(Case.objects.get(pk=case.pk), staff, because="", note="")

    return care


def history_of(case: Case, reader: Member, **more):
    return read_history(Case.objects.select_related("subject").get(pk=case.pk), facts_of(reader), **more)


def test_a_page_about_conduct_shows_what_was_decided_and_what_counts(decided, open_case, moderator):
    fold, warning = decided("fold"), decided("warning")
    history = history_of(open_case(door="rule"), moderator)
    assert [(each.pk, each.counts) for each in history.decisions] == [(warning.pk, True), (fold.pk, False)]
    assert [each.case.pk for each in history.cases] == [warning.case_id, fold.case_id]


def test_what_was_undone_or_took_nothing_is_not_held_against_anybody(decided, open_case, moderator):
    undo_decision(decided("fold"), moderator)
    decided("no_action", rule="")
    history = history_of(open_case(door="rule"), moderator)
    assert list(history.decisions) == []
    assert len(history.cases) == 2  # that they were there is no secret; what came of them shows


def test_after_a_year_nothing_of_it_is_shown(decided, open_case, moderator):
    long_ago = timezone.now() - timedelta(days=366)
    with time_machine.travel(long_ago, tick=False):
        decided("warning")
    case = open_case(door="rule")
    history = history_of(case, moderator)
    assert (list(history.decisions), list(history.cases)) == ([], [])
    a_day_sooner = history_of(case, moderator, now=timezone.now() - timedelta(days=2))
    assert len(a_day_sooner.decisions) == 1


def test_a_case_of_a_year_ago_that_is_still_open_is_shown(open_case, moderator):
    with time_machine.travel(timezone.now() - timedelta(days=400), tick=False):
        old = open_case(door="rule")
    assert [each.case for each in history_of(open_case(door="rule"), moderator).cases] == [old]


def test_care_and_conduct_never_stand_on_one_page(decided, cared_for, open_case, moderator, as_, make_member):
    warning, earlier = decided("warning"), cared_for()
    worry, complaint = open_case(), open_case(door="rule")
    about_care, about_conduct = history_of(worry, moderator), history_of(complaint, moderator)
    assert [each.case for each in about_care.cases] == [earlier] and list(about_care.decisions) == []
    assert [each.case.pk for each in about_conduct.cases] == [warning.case_id]
    page = as_(moderator).get(reverse("case", args=[worry.pk])).text
    assert "a word of warning" not in page and reverse("case", args=[warning.case_id]) not in page
    page = as_(moderator).get(reverse("case", args=[complaint.pk])).text
    assert "Rang at nine." not in page and reverse("case", args=[earlier.pk]) not in page


def test_a_standing_stands_on_pages_about_conduct_alone(open_case, moderator, member, as_):
    worry, complaint = open_case(), open_case(door="rule")
    Member.objects.filter(pk=member.pk).update(standing="suspended", standing_until=timezone.now() + timedelta(days=3))
    assert history_of(complaint, moderator).standing == "suspended"
    assert history_of(worry, moderator).standing == ""
    page = as_(moderator).get(reverse("case", args=[worry.pk])).text
    assert "suspended" not in page and "reaches them all the same, in the small room" in page


def test_a_break_of_ones_own_is_no_standing_of_the_teams(open_case, moderator, member):
    case = open_case(door="rule")
    Member.objects.filter(pk=member.pk).update(standing="on_break")
    history = history_of(case, moderator)
    assert (history.standing, history.wall_is_closed) == ("", True)


def test_a_page_of_care_says_what_was_wanted_and_done_before(cared_for, open_case, moderator, as_):
    earlier = cared_for()
    page = as_(moderator).get(reverse("case", args=[open_case().pk])).text
    assert "To be rung at nine." in page and "Rang at nine." in page
    assert reverse("case", args=[earlier.pk]) in page


def test_somebody_who_was_never_here_before(open_case, moderator, as_):
    assert "This is the first time." in as_(moderator).get(reverse("case", args=[open_case().pk])).text
    assert "None besides this one." in as_(moderator).get(reverse("case", args=[open_case(door="rule").pk])).text


def test_a_case_somebody_may_not_see_is_not_in_its_history(decided, open_case, moderator, staff):
    hidden = decided("warning")
    Case.objects.filter(pk=hidden.case_id).update(subject_role="moderator")  # from when they were one of us
    case = open_case(door="rule")
    for reader in (moderator, staff):
        history = history_of(case, reader)
        assert (list(history.decisions), list(history.cases)) == ([], [])


def test_somebody_elses_cases_are_not_theirs(decided, open_case, moderator, make_member):
    decided("warning")
    finch = make_member("finch")
    history = history_of(open_case(door="rule", subject=finch), moderator)
    assert (list(history.decisions), list(history.cases)) == ([], [])
    assert not decisions_in_force(finch, facts_of(moderator)).exists()


def test_what_was_done_for_safety_does_not_count(decided, open_case, moderator):
    decided("fold", rule="safety")
    assert [each.counts for each in history_of(open_case(door="rule"), moderator).decisions] == [False]


def test_however_many_cases_there_were_the_queries_are_the_same(decided, open_case, moderator):
    case = open_case(door="rule")
    decided("warning")
    one = _queries(case, moderator)
    for kind in ("fold", "warning", "fold", "warning", "fold", "warning", "fold", "warning"):
        decided(kind)
    assert _queries(case, moderator) == one
    history = history_of(case, moderator)
    assert (len(history.cases), history.more) == (8, True)


def _queries(case, reader) -> int:
    case, viewer = Case.objects.select_related("subject").get(pk=case.pk), facts_of(reader)
    with CaptureQueriesContext(connection) as asked:
        history = read_history(case, viewer)
        assert [str(each.case.subject) + each.case.state for each in history.cases]
        assert [list(each.decisions) for each in history.cases]
    return len(asked)


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "under a minute"), (3, "3 days"), (59, "59 days"), (61, "2 months"), (400, "13 months"), (800, "2 years")],
)
def test_how_long_somebody_has_been_here(days, words):
    assert span_words(timedelta(days=days)) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0.5, "within the last day"),
        (3, "within the last week"),
        (20, "within the last month"),
        (45, "more than a month ago"),
        (100, "not for a long while"),
    ],
)
def test_last_seen_is_said_no_nearer_than_anybody_needs(days, words):
    now = timezone.now()
    assert seen_words(now - timedelta(days=days), now) == words


def test_nobody_knows_when_somebody_was_here_whose_sessions_are_gone(open_case, moderator, member):
    case = open_case()
    assert history_of(case, moderator).seen == "within the last day"  # their newest words are of today
    Post.objects.all().update(created_at=timezone.now() - timedelta(days=100))
    assert history_of(case, moderator).seen == "not for a long while"
    Member.objects.filter(pk=member.pk).update(last_login=timezone.now() - timedelta(days=3))
    assert history_of(Case.objects.get(), moderator).seen == "within the last week"


def test_of_somebody_who_never_wrote_and_whose_visits_are_gone_nothing_is_made_up(open_case, moderator, member):
    assert history_of(open_case(about_post=False), moderator).seen == "not known"


def test_lines_that_say_the_same_are_gathered_behind_a_press(decided, open_case, moderator, as_):
    for kind in ("fold", "fold", "remove", "fold", "fold"):
        decided(kind)
    case = open_case(door="rule")
    history = history_of(case, moderator)
    assert [(each.newest.kind, len(each.others)) for each in history.decisions_alike] == [("fold", 3), ("remove", 0)]
    assert [len(each.others) for each in history.cases_alike] == [3, 0]
    page = as_(moderator).get(f"/moderation/cases/{case.pk}/").text
    assert "3 earlier decisions like it: fold it" in page and "3 earlier ones like it: A post by robin" in page


def test_a_visit_today_counts_as_being_here(as_, open_case, moderator, member):
    as_(member).get("/")
    assert history_of(open_case(), moderator).seen == "within the last day"

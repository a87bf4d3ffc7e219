"""Every list a member can open asks the database as often for many rows as for few."""

from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forum.actions.following import set_follow, set_keep
from forum.actions.posts import publish_post
from forum.actions.support import set_support
from forum.models import Block, Member, Mute, MutedWord, RuleComment, RuleSet
from moderation.actions.reports import report_post
from moderation.models import Case, Decision, Report, ReportQuestion, State, Word
from moderation.views import mine
from tests.forum.places import make_group

pytestmark = pytest.mark.django_db

LISTS = (
    "/", "/?lens=waiting", "/?lens=following", "/?lens=kept", "/?lens=mine", "/members/wren/", "/members/robin/",
    "/notices/", "/me/", "/me/shared/", "/me/care/", "/me/sessions/", "/me/data/", "/me/words/", "/me/reports/",
    "/me/decisions/", "/room/", "/rules/next/", "/support-groups/", "/support-groups/mine/",
)  # fmt: skip
STAFFS = ("/support-groups/suggestions/", "/rules/next/")
STATES = (State.OPEN, State.IN_REVIEW, State.WITH_STAFF, State.CLOSED, State.ESCALATED)


@pytest.fixture
def count(as_):
    def count(person, path: str) -> int:
        as_(person).get(path)  # what is read once in the life of a session is read now
        with CaptureQueriesContext(connection) as asked:
            assert as_(person).get(path, follow=path.startswith("/search/")).status_code == 200
        return len(asked)

    return count


@pytest.fixture
def fill(member, other_member, moderator, make_member, on_duty):
    """`fill(3)`: three more rows of everything that stands in a list of robin's."""
    on_duty(moderator)

    def fill(rows: int) -> None:
        for _row in range(rows):
            number = Member.objects.count()
            post = publish_post(other_member, body=f"Day {number}.", key=uuid4()).post
            publish_post(member, body="I am here.", parent=post, key=uuid4())
            own = publish_post(member, body=f"Night {number}.", key=uuid4()).post
            publish_post(other_member, body="With you.", parent=own, key=uuid4())
            set_support(other_member, own, "with_you", on=True)
            set_support(member, post, "hear_you", on=True)
            set_follow(member, post, on=True)
            set_keep(member, post, on=True)
            someone, another = make_member(f"one{number}"), make_member(f"two{number}")
            Block.objects.create(blocker=member, blocked=someone)
            Mute.objects.create(muter=member, muted=another)
            MutedWord.objects.create(member=member, phrase=f"word{number}", folded=f"word{number}")
            _sessions(member, number)
            _told(member, moderator, post, number)
            _talked(member, moderator, number)
            _suggested(member, other_member, number)

    return fill


def _told(member, moderator, post, number: int) -> None:
    report = report_post(member, post, "rule", "abuse", key=uuid4())
    state, now = STATES[number % len(STATES)], timezone.now()
    more = {"closed_at": now, "outcome": "no_action"} if state == State.CLOSED else {}
    if state in (State.IN_REVIEW, State.WITH_STAFF):
        more = {"holder": moderator}
    Case.objects.filter(pk=report.case_id).update(state=state, **more)
    if state not in (State.OPEN, State.ESCALATED):
        Report.objects.filter(pk=report.pk).update(read_at=now, read_by=moderator)
    ReportQuestion.objects.create(report=report, asked_by=moderator, question="When was that?")


def _talked(member, moderator, number: int) -> None:
    case = Case.objects.create(
        kind="conduct", subject=member, subject_role="member", severity="soon", state="closed", closed_at=timezone.now(),
        outcome="no_action",
    )  # fmt: skip
    for from_team in (True, False):
        by = moderator if from_team else member
        Word.objects.create(case=case, author=by, body=f"Hello {number}.", from_team=from_team, key=uuid4())
    about = {"subject": member, "case_kind": "conduct", "kind": "no_action"}
    Decision.objects.create(case=case, statement="So it is.", decided_by=moderator, **about)


def _suggested(member, other_member, number: int) -> None:
    make_group(f"Kettle {number}", suggested_by=member, checked_on=timezone.localdate() - timedelta(days=900))
    make_group(f"Chairs {number}", suggested_by=member, status="suggested")
    RuleComment.objects.create(
        rule_set=RuleSet.objects.order_by("-published_at").first(),
        author=other_member,
        body="Fewer words.",
        key=uuid4(),
    )


def _sessions(member, number: int) -> None:
    UserSession.objects.create(user=member, ip="0.0.0.0", session_key=f"key{number}", user_agent="Firefox Linux")


@pytest.mark.parametrize("path", LISTS)
def test_a_list_asks_as_often_for_many_as_for_few(member, fill, count, path):
    fill(5)
    few = count(member, path)
    fill(10)
    assert count(member, path) == few


@pytest.mark.parametrize("path", STAFFS)
def test_so_does_a_list_of_the_staffs(staff, fill, count, path):
    fill(5)
    few = count(staff, path)
    fill(10)
    assert count(staff, path) == few


def test_so_does_a_search_by_name(member, as_, fill, count):
    def found() -> int:
        where = as_(member).post("/search/", {"query": "day", "among": "everything", "by": "wren"})["Location"]
        return count(member, where.partition("#")[0])

    fill(5)
    few = found()
    fill(10)
    assert found() == few


def test_what_was_told_and_said_comes_a_page_at_a_time(member, as_, fill, monkeypatch):
    monkeypatch.setattr(mine, "RECEIPTS_A_PAGE", 3)
    monkeypatch.setattr(mine, "TALKS_A_PAGE", 3)
    fill(5)
    for path, named in (("/me/reports/", "told"), ("/me/words/", "talks")):
        first, second = as_(member).get(path), as_(member).get(f"{path}?page=2")
        assert (len(first.context[named]), len(second.context[named])) == (3, 2), path
        assert "?page=2" in first.text
    oldest = Report.objects.order_by("pk").first()
    alone = as_(member).get(f"/me/reports/?sent={oldest.pk}")  # a notice leads to it, whatever page it stands on
    assert [each["report"].pk for each in alone.context["told"]] == [oldest.pk]
    assert as_(member).get("/me/reports/?sent=999999").context["sent"] is None

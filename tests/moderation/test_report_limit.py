"""A day has room for so many reports of a broken rule. Worries, asking for oneself and danger have no limit."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from moderation.actions.reports import ask_for_team, report_post
from moderation.models import Door, Report
from moderation.refusals import ReportedOften

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def limit(settings):
    settings.RULE_REPORTS_PER_DAY = 3


def tell(reporter, post, door=Door.RULE, category="unkind", key=None) -> Report:
    return report_post(reporter, post, door, category, key=key or uuid4())


def test_the_next_one_is_refused_with_the_time(member, other_member, post_by):
    post, key = post_by(other_member), uuid4()
    for each in (key, uuid4(), uuid4()):
        tell(member, post, key=each)
    with pytest.raises(ReportedOften) as refused:
        tell(member, post)
    assert "You can report again at" in refused.value.message and "has no limit" in refused.value.message
    assert tell(member, post, key=key) and Report.objects.count() == 3


def test_worries_and_the_third_door_are_gathered_however_many(member, other_member, post_by):
    post = post_by(other_member)
    for _each in range(3):
        tell(member, post)
    for _each in range(30):
        tell(member, post, Door.WORRY, "worried")
        ask_for_team(member, "please_answer", key=uuid4())
    assert Report.objects.count() == 63


@pytest.mark.parametrize("category", ["child", "threat", "grooming", "controlled", "address"])
def test_danger_at_the_door_of_rules_is_gathered_past_the_limit_and_never_refused(
    member, other_member, post_by, category
):
    post = post_by(other_member)
    for _each in range(3):
        assert not tell(member, post, category=category).gathered
    report = tell(member, post, category=category)
    assert report.gathered and report.rings_from, "nobody is rung for it now, and somebody is unless it is read"
    with pytest.raises(ReportedOften):
        tell(member, post)


def test_whoever_told_us_of_much_that_is_quiet_is_heard_about_a_child(member, other_member, post_by):
    post = post_by(other_member)
    for _each in range(3):
        tell(member, post)
    with pytest.raises(ReportedOften):
        tell(member, post)
    assert not tell(member, post, category="child").gathered


def test_what_the_team_notices_at_work_is_not_counted(moderator, other_member, post_by):
    post = post_by(other_member)
    assert [tell(moderator, post).source for _each in range(5)] == ["noticed"] * 5


def test_the_page_keeps_the_note(as_, member, other_member, post_by):
    post = post_by(other_member)
    for _each in range(3):
        tell(member, post)
    form = {"door": "rule", "category": "unkind", "note": "It stung.", "key": str(uuid4()), "seen_version": "1"}
    answer = as_(member).post(f"/posts/{post.pk}/report/", form)
    assert answer.status_code == 429 and "It stung." in answer.text and "You can report again at" in answer.text


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_are_three(member, other_member, post_by):
    post = post_by(other_member)

    def attempt(_number: int) -> bool:
        try:
            return bool(tell(member, post))
        except ReportedOften:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        stored = list(pool.map(attempt, range(10)))
    assert stored.count(True) == 3 == Report.objects.count()

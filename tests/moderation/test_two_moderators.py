"""Two moderators, one outcome: whoever comes second changes nothing and reads who was first."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from forum.models import Notice
from moderation.actions.reports import report_post
from moderation.models import Case, CaseEvent, Decision
from tests.moderation.pressing import press_and_send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

PAIRS = 100


@pytest.fixture
def browsers(moderator: Any, other_moderator: Any, on_duty: Any) -> list[Client]:
    clients = []
    for person in (moderator, other_moderator):
        on_duty(person)
        client = Client()
        client.force_login(person)
        clients.append(client)
    return clients


def press(browser: Client, case: Case, version: int, kind: str, rule: str) -> tuple[int, str]:
    """Claims and decides as the page does, from what it showed; the answer to the first press that was refused."""
    url = f"/moderation/cases/{case.pk}/"
    answer = browser.post(url, {"do": "claim", "seen": version})
    if answer.status_code != 303:
        return answer.status_code, answer.text
    post = case.post
    assert post is not None
    fields = {
        "do": "decide",
        "seen": version + 1,
        "seen_posts": f"{post.pk}:{post.version}",
        "kind": kind,
        "rule": rule,
    }
    answer = press_and_send(browser, url, fields)
    return answer.status_code, answer.text


def test_of_two_opposite_presses_at_the_same_moment_one_counts_a_hundred_times(
    browsers: list[Client], member: Any, other_member: Any, post_by: Any, at_once: Any
) -> None:
    heron, kestrel = browsers
    for number in range(PAIRS):
        case = report_post(other_member, post_by(member, f"Words {number}."), "rule", "unkind", key=uuid4()).case
        version = case.version
        answers = at_once(
            lambda case=case, version=version: press(heron, case, version, "remove", "kindness"),
            lambda case=case, version=version: press(kestrel, case, version, "no_action", ""),
        )
        assert sorted(status for status, _text in answers) == [303, 409], answers
        decision = Decision.objects.get(case=case)
        assert CaseEvent.objects.filter(case=case, action="decide").count() == 1
        assert Notice.objects.filter(member=member, kind="decision", ref=decision.pk).count() == 1
        winner = decision.decided_by.handle
        [told] = [text for status, text in answers if status == 409]
        assert f"{winner} took this at" in told or f"{winner} decided this at" in told

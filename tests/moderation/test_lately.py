"""What I hold and what I decided lately: one's own, and nobody else's."""

from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.actions.cases import claim_case
from moderation.actions.decisions import decide_case, undo_decision
from moderation.decided import PAGE
from moderation.models import Decision

pytestmark = pytest.mark.django_db
PATH = "/moderation/mine/"


@pytest.fixture
def folded(held_case, moderator):
    """heron has folded a post of robin's."""
    case = held_case(door="rule")
    return decide_case(case, moderator, "fold", post=case.post, seen_post_version=case.post.version, rule="kindness")


def test_my_decisions_stand_there_with_the_way_to_undo_them(as_, moderator, folded):
    page = as_(moderator).get(PATH).text
    assert "A post by robin" in page and "fold it" in page
    assert f'href="/moderation/cases/{folded.case_id}/#decisions"' in page and "Open it, or undo it" in page


def test_what_was_undone_says_by_whom(as_, moderator, other_moderator, folded):
    undo_decision(folded, other_moderator)
    page = as_(moderator).get(PATH).text
    assert "kestrel undid it" in page and "Open it, or undo it" not in page


def test_nobody_else_sees_mine_there(as_, moderator, other_moderator, folded):
    assert "A post by robin" in as_(moderator).get(PATH).text
    assert "You have decided nothing in the last 30 days." in as_(other_moderator).get(PATH).text


def test_after_thirty_days_it_is_no_longer_lately(as_, moderator, folded):
    Decision.objects.update(made_at=timezone.now() - timedelta(days=31))
    assert "You have decided nothing in the last 30 days." in as_(moderator).get(PATH).text


def test_what_i_hold_and_what_was_offered_to_me_is_there(as_, moderator, other_moderator, open_case):
    case = open_case()
    assert "You hold nothing just now." in as_(moderator).get(PATH).text
    claim_case(case, moderator)
    assert "Worry about robin" in as_(moderator).get(PATH).text
    assert "Worry about robin" not in as_(other_moderator).get(PATH).text


def test_a_case_that_is_no_longer_mine_to_see_is_not_there(as_, moderator, member, folded):
    assert "A post by robin" in as_(moderator).get(PATH).text
    member.role = "moderator"
    member.save()
    assert "A post by robin" not in as_(moderator).get(PATH).text


def test_many_decisions_come_in_pages_at_the_same_cost(as_, moderator, folded, django_assert_max_num_queries):
    client = as_(moderator)
    client.get(PATH)
    with django_assert_max_num_queries(30) as few:
        client.get(PATH)
    alike = {
        "case": folded.case,
        "case_kind": "conduct",
        "kind": "no_action",
        "statement": "It stays.",
        "decided_by": moderator,
        "subject": folded.subject,
    }
    more = [Decision(**alike) for _each in range(PAGE + 5)]
    Decision.objects.bulk_create(more)
    with django_assert_max_num_queries(30) as many:
        page = client.get(PATH)
    assert len(many) == len(few)
    assert len(page.context["decided"]) == PAGE
    second = client.get(f"{PATH}?before={page.context['older']}")
    assert len(second.context["decided"]) == 6 and not second.context["older"]

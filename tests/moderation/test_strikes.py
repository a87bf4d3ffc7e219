"""What counts against a member, and for how long."""

from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.actions.cases import claim_case
from moderation.actions.decisions import undo_decision
from moderation.actions.stopping import stop_posts
from moderation.clocks import STRIKES_FOR
from moderation.models import Decision
from moderation.strikes import strikes_of
from tests.moderation.members import again, ban, decide


@pytest.fixture
def conduct(held_case):
    return held_case(door="rule")


@pytest.mark.parametrize(("kind", "counts"), [("advice", 0), ("warning", 1), ("slow", 1), ("pause", 1), ("suspend", 1)])
def test_a_warning_and_more_count_and_a_friendly_word_never_does(conduct, moderator, member, kind, counts):
    decision = decide(conduct, moderator, kind)
    assert list(strikes_of(member)) == [decision] * counts
    assert ("counts for twelve months" in decision.statement) == bool(counts)


def test_a_ban_counts(conduct, moderator, other_moderator, member):
    decision = ban(conduct, moderator, other_moderator)
    assert list(strikes_of(member)) == [decision]


@pytest.mark.parametrize("kind", ["slow", "pause", "suspend"])
def test_what_was_done_for_safety_never_counts(conduct, moderator, member, kind):
    decide(conduct, moderator, kind, rule="safety")
    assert not strikes_of(member).exists() and Decision.objects.count() == 1


def test_stopped_posts_and_steps_on_words_never_count(conduct, open_case, moderator, member):
    other = claim_case(open_case(door="rule"), moderator)
    decide(again(other), moderator, "remove")
    stop_posts(again(conduct), moderator, "They are hurting somebody.")
    assert Decision.objects.count() == 2 and not strikes_of(member).exists()


def test_what_was_undone_counts_no_more(conduct, moderator, member):
    decision = decide(conduct, moderator, "warning")
    undo_decision(decision, moderator)
    assert not strikes_of(member).exists()


def test_it_lapses_after_twelve_months_and_nothing_is_deleted(conduct, moderator, member):
    made_at = decide(conduct, moderator, "warning").made_at
    assert strikes_of(member, made_at + STRIKES_FOR - timedelta(minutes=1)).exists()
    assert not strikes_of(member, made_at + STRIKES_FOR).exists()
    assert Decision.objects.exists()


def test_another_members_do_not_count_here(conduct, moderator, other_member):
    decide(conduct, moderator, "warning")
    assert not strikes_of(other_member, timezone.now()).exists()

"""The next rules: begun, written, shown to members, published or put away. By staff and administrators alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from forum import rules
from forum.actions.rules import (
    DraftStands,
    NobodyAsked,
    TalkedOver,
    drop_rule,
    open_talk,
    publish_rules,
    put_draft_away,
    start_draft,
    write_rule,
)
from forum.models import Member, RuleSet
from forum.refusals import NotThere, NotYours
from tests.forum.places import FIRST, draft_with_change, end_talk, publish_change

pytestmark = pytest.mark.django_db
WORDS = {"title": "Rest is allowed", "words": "Nobody has to answer.", "easy": "You can rest."}


def test_a_draft_begins_with_the_rules_as_they_are(staff: Any) -> None:
    draft = start_draft(staff)
    assert [r.anchor for r in draft.rules.all()] == [r.anchor for r in rules.in_force().rules.all()]


def test_there_is_one_draft_at_a_time(staff: Any, administrator: Any) -> None:
    start_draft(staff)
    with pytest.raises(DraftStands):
        start_draft(administrator)
    assert RuleSet.objects.filter(state="draft").count() == 1


@pytest.mark.parametrize("role", ["member", "moderator", "independent"])
def test_nobody_else_writes_rules(make_member: Any, staff: Any, role: str, as_: Any) -> None:
    draft, other = draft_with_change(staff), make_member("crow", role=role)
    for act in (
        lambda: start_draft(other),
        lambda: write_rule(other, draft, **WORDS, place=1),
        lambda: drop_rule(other, draft, "honest"),
        lambda: open_talk(other, draft, purpose="No.", days=14),
        lambda: publish_rules(other, draft, heard="No."),
        lambda: put_draft_away(other, draft),
    ):
        with pytest.raises(NotYours):
            act()
    assert as_(other).get("/rules/next/draft/").status_code == 404
    assert as_(staff).get("/rules/next/draft/").status_code == 200  # the premise


def test_a_new_rule_takes_its_place_and_an_anchor_no_rule_ever_had(staff: Any) -> None:
    draft = start_draft(staff)
    assert write_rule(staff, draft, **WORDS, place=2).anchor == "rest-is-allowed"
    assert write_rule(staff, draft, **WORDS, place=99).anchor == "rest-is-allowed-2"
    assert write_rule(staff, draft, **WORDS | {"title": "Safety"}, place=99).anchor == "safety-2"
    assert write_rule(staff, draft, **WORDS | {"title": "“…”"}, place=99).anchor == "rule"
    anchors = [rule.anchor for rule in draft.rules.all()]
    assert anchors[:2] == ["kindness", "rest-is-allowed"]
    assert anchors[-3:] == ["rest-is-allowed-2", "safety-2", "rule"]


def test_a_rule_is_taken_out_but_never_the_last_one(staff: Any) -> None:
    draft = start_draft(staff)
    anchors = [rule.anchor for rule in draft.rules.all()]
    for anchor in anchors[1:]:
        drop_rule(staff, draft, anchor)
    with pytest.raises(NotThere):
        drop_rule(staff, draft, anchors[0])
    with pytest.raises(NotThere):
        drop_rule(staff, draft, "never-was")


def test_while_members_talk_its_words_stay(staff: Any) -> None:
    draft = open_talk(staff, draft_with_change(staff), purpose="Shorter.", days=14)
    assert timedelta(days=13) < draft.closes_at - timezone.now() <= timedelta(days=14)
    for act in (
        lambda: write_rule(staff, draft, "kindness", **WORDS, place=1),
        lambda: publish_rules(staff, draft, heard="Nothing yet."),
        lambda: open_talk(staff, draft, purpose="Longer.", days=60),
    ):
        with pytest.raises(TalkedOver):
            act()


def test_after_the_talk_it_is_written_again_and_members_are_asked_again(staff: Any) -> None:
    draft = end_talk(open_talk(staff, draft_with_change(staff), purpose="Shorter.", days=14))
    write_rule(staff, draft, **WORDS, place=3)
    again = open_talk(staff, draft, purpose="Shorter, and one more.", days=14)
    assert again.round == 2 and again.is_open


def test_nothing_is_published_before_members_were_asked(staff: Any) -> None:
    with pytest.raises(NobodyAsked):
        publish_rules(staff, draft_with_change(staff), heard="Nobody.")
    assert rules.version_in_force() == FIRST


def test_publishing_puts_it_into_force_and_asks_everyone(staff: Any, member: Any) -> None:
    published = publish_change(staff)
    assert rules.version_in_force() == published.version == timezone.localdate().isoformat() != ""
    assert set(Member.objects.values_list("rules_asked", flat=True)) == {published.version}
    with pytest.raises(NotThere):  # and once is once
        publish_rules(staff, published, heard="Again.")


def test_two_versions_of_one_day_have_two_names(staff: Any) -> None:
    assert publish_change(staff).version + "-2" == publish_change(staff).version


def test_a_draft_put_away_leaves_the_rules_as_they_are(staff: Any) -> None:
    put_draft_away(staff, open_talk(staff, draft_with_change(staff), purpose="Shorter.", days=14))
    assert rules.version_in_force() == FIRST
    start_draft(staff)  # and there is room for another

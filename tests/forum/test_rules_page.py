"""The house rules: what holds and what held, in plain words and in easy read, for everyone."""

from typing import Any

import pytest
from django.test import Client

from forum import rules
from forum.models import HouseRule
from forum.views.rules import RuleSet
from tests.forum.places import FIRST, publish_change

pytestmark = pytest.mark.django_db


def test_a_site_starts_with_the_first_rules(client: Client) -> None:
    page = client.get("/rules/")
    assert page.status_code == 200
    for rule in rules.FIRST_RULES:
        assert f'id="{rule.anchor}"' in page.text
        assert str(rule.title) in page.text
    assert f"Version {FIRST}" in page.text


def test_planting_twice_makes_one_version() -> None:
    rules.plant_first()
    assert RuleSet.objects.count() == 1
    assert HouseRule.objects.count() == len(rules.FIRST_RULES)


@pytest.mark.parametrize("path", ["/rules/?read=easy", "/rules/easy/", f"/rules/{FIRST}/?read=easy"])
def test_easy_read_has_a_picture_and_short_lines_for_each_rule(client: Client, path: str) -> None:
    page = client.get(path).text
    assert page.count('class="picture"') == len(rules.FIRST_RULES)
    assert "<p>That breaks no rule.</p>" in page


def test_every_easy_sentence_is_short() -> None:
    lines = [line for rule in rules.FIRST_RULES for line in str(rule.easy).splitlines()]
    assert max(len(line.split()) for line in lines) <= 12


def test_an_old_version_stays_readable_with_its_anchors_and_says_that_it_is_old(client: Client, staff: Any) -> None:
    new = publish_change(staff)
    assert "Be kind, tonight too." in client.get("/rules/").text
    old = client.get(f"/rules/{FIRST}/")
    assert 'id="kindness"' in old.text
    assert "Everyone here carries something." in old.text
    assert "do not hold any more" in old.text
    assert f'href="/rules/{FIRST}/"' in client.get(f"/rules/{new.version}/").text


@pytest.mark.parametrize("version", ["1999-01-01", "2026-11-22-7", "draft", "2026-11-22;--"])
def test_a_version_that_never_was_is_not_found(client: Client, version: str) -> None:
    assert client.get(f"/rules/{version}/").status_code == 404


def test_a_draft_is_no_version(client: Client, staff: Any) -> None:
    from tests.forum.places import draft_with_change

    draft_with_change(staff)
    assert "Be kind, tonight too." not in client.get("/rules/").text
    assert rules.version_in_force() == FIRST


def test_the_page_costs_the_same_however_many_rules_there_are(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):
        client.get("/rules/")
    rule_set = rules.in_force()
    HouseRule.objects.bulk_create(
        HouseRule(rule_set=rule_set, anchor=f"more-{n}", place=20 + n, title="More", words="More.", easy="More.")
        for n in range(12)
    )
    with django_assert_num_queries(3):
        assert client.get("/rules/").text.count('class="card rule"') == len(rules.FIRST_RULES) + 12


@pytest.mark.parametrize("path", ["/welcome/", "/supporting/", "/stepping-in/", "/privacy/"])
def test_pages_of_words_ask_the_database_nothing(client: Client, path: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert client.get(path).status_code == 200


def test_without_a_crisis_response_none_is_promised(client: Client, settings: Any) -> None:
    assert "When 999 is rung" in client.get("/stepping-in/").text  # the premise
    settings.CRISIS_RESPONSE = False
    page = client.get("/stepping-in/").text
    assert "Nobody who runs this site can answer an emergency." in page
    for promise in ("When 999 is rung", "on call are called", "within minutes", "What is handed over"):
        assert promise not in page

"""New rules are shown before the wall, and nothing else waits for the answer."""

from typing import Any
from uuid import uuid4

import pytest

from forum import rules
from forum.actions.posts import edit_post, publish_post
from forum.actions.rules import RulesMovedOn, accept_rules
from forum.models import Consent, Member, Post
from forum.refusals import RulesChanged
from tests.forum.places import FIRST, publish_change
from tests.forum.signing import code_for, confirm, sign_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(member: Any, staff: Any) -> Any:
    """A member who said yes to the first rules, and then they changed."""
    Consent.objects.create(member=member, kind=Consent.Kind.RULES, version=FIRST)
    publish_change(staff)
    member.refresh_from_db()
    return member


@pytest.mark.parametrize("path", ["/", "/members/robin/", "/posts/", "/?before=12"])
def test_the_wall_waits_behind_what_is_new(as_: Any, asked: Any, path: str) -> None:
    answer = as_(asked).get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/rules/changed/?next=")
    page = as_(asked).get(answer["Location"]).text
    assert "Be kind, tonight too." in page and "Everyone here carries something." in page  # now, and before
    assert "You asked for fewer words." in page
    assert "Adults only" not in page  # what stayed is not repeated


@pytest.mark.parametrize(
    "path",
    ["/help/", "/ask/", "/me/", "/room/", "/rules/", "/rules/next/", "/privacy/", "/support-groups/", "/me/words/"],
)
def test_help_the_team_and_what_is_theirs_never_wait(as_: Any, asked: Any, path: str) -> None:
    assert as_(asked).get("/").status_code == 302  # the premise
    assert as_(asked).get(path).status_code == 200


def test_telling_the_team_and_taking_words_back_never_wait(as_: Any, asked: Any, other_member: Any) -> None:
    post = Post.objects.create(author=other_member, body="Goodbye, all.", key=uuid4())
    mine = Post.objects.create(author=asked, body="Too much.", key=uuid4())
    assert as_(asked).get(f"/posts/{post.pk}/report/").status_code == 200
    assert as_(asked).get(f"/posts/{mine.pk}/withdraw/").status_code == 200


def test_words_on_their_way_are_refused_and_kept(as_: Any, asked: Any) -> None:
    answer = as_(asked).post("/posts/", {"body": "Third night.", "intent": "support", "key": str(uuid4())})
    assert answer.status_code == 422
    assert "Third night." in answer.text and "The house rules have changed." in answer.text
    with pytest.raises(RulesChanged):
        publish_post(asked, body="Third night.", key=uuid4())
    assert not Post.objects.exists()


def test_an_edit_waits_too(asked: Any) -> None:
    post = Post.objects.create(author=asked, body="Before.", key=uuid4())
    with pytest.raises(RulesChanged):
        edit_post(asked, post, body="After.", content_note="", seen_version=1)


def test_saying_yes_opens_the_wall_and_is_kept(as_: Any, asked: Any) -> None:
    version = rules.version_in_force()
    answer = as_(asked).post("/rules/changed/", {"version": version, "next": "/members/robin/"})
    assert (answer.status_code, answer["Location"]) == (303, "/members/robin/")
    assert as_(asked).get("/").status_code == 200
    accept_rules(asked, version)  # twice is once
    said = Consent.objects.filter(member=asked, kind=Consent.Kind.RULES).values_list("version", flat=True)
    assert sorted(said) == [FIRST, version]
    publish_post(Member.objects.get(pk=asked.pk), body="Slept at last.", key=uuid4())


@pytest.mark.parametrize("version", [FIRST, "", "x" * 500])
def test_a_yes_to_other_rules_than_those_in_force_is_no_yes(as_: Any, asked: Any, version: str) -> None:
    assert as_(asked).post("/rules/changed/", {"version": version}).status_code == 409
    with pytest.raises(RulesMovedOn):
        accept_rules(asked, version)
    assert as_(asked).get("/").status_code == 302


@pytest.mark.parametrize("away", ["https://example.org/", "//example.org/", "/\\example.org"])
def test_nobody_is_sent_away_from_here(as_: Any, asked: Any, away: str) -> None:
    answer = as_(asked).post("/rules/changed/", {"version": rules.version_in_force(), "next": away})
    assert answer["Location"] == "/"


def test_whoever_was_asked_nothing_finds_nothing_to_do(as_: Any, member: Any) -> None:
    assert "There is nothing here" not in as_(member).get("/rules/changed/").text
    assert "You have said yes" in as_(member).get("/rules/changed/").text


def test_it_costs_no_query_of_its_own(as_: Any, asked: Any, django_assert_max_num_queries: Any) -> None:
    as_(asked).get("/")
    with django_assert_max_num_queries(2):  # the session and the member, which every page reads
        as_(asked).get("/")


def test_whoever_joined_while_the_rules_changed_is_asked(client: Any, staff: Any) -> None:
    sign_up(client)
    publish_change(staff)
    confirm(client, code_for("linnet@example.org"))
    assert Member.objects.get(handle="linnet").rules_asked == rules.version_in_force()


def test_whoever_joins_under_the_new_rules_is_not(client: Any, staff: Any) -> None:
    publish_change(staff)
    sign_up(client)
    confirm(client, code_for("linnet@example.org"))
    assert Member.objects.get(handle="linnet").rules_asked == ""

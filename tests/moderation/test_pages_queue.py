"""The moderators' queue: most urgent first, by due time, who holds what, and nothing else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from moderation.actions.cases import claim_case
from moderation.actions.reports import ask_for_team, report_member
from moderation.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def four(make_member, other_member, moderator, on_duty):
    """Cases about four people: routine, soon and late, soon, urgent."""
    on_duty(moderator)
    told = {
        "finch": ("rule", "unkind"),
        "siskin": ("worry", "worried"),
        "dunlin": ("rule", "abuse"),
        "petrel": ("worry", "ending_life"),
    }
    cases = {}
    for handle, (door, category) in told.items():
        cases[handle] = report_member(other_member, make_member(handle), door, category, key=uuid4()).case
    Case.objects.filter(pk=cases["dunlin"].pk).update(due_at=timezone.now() - timedelta(minutes=41))
    return cases


def shown(page) -> list[str]:
    return [row.case.subject.handle for row in page.context["queue"].rows]


def test_the_most_urgent_come_first_and_the_sooner_due_within_a_severity(as_, moderator, four):
    assert shown(as_(moderator).get("/moderation/")) == ["petrel", "dunlin", "siskin", "finch"]


def test_lenses_are_plain_links_with_counts(as_, moderator, four):
    claim_case(four["finch"], moderator)
    page = as_(moderator).get("/moderation/")
    queue = page.context["queue"]
    assert {tab.key: tab.count for tab in queue.lanes} == {"": 4, "worry": 2, "rules": 2}
    assert queue.mine.count == 1
    assert shown(as_(moderator).get("/moderation/?lane=worry")) == ["petrel", "siskin"]
    assert shown(as_(moderator).get("/moderation/?lane=rules")) == ["dunlin", "finch"]
    assert shown(as_(moderator).get("/moderation/?mine=on")) == ["finch"]
    assert shown(as_(moderator).get("/moderation/?lane=nonsense")) == ["petrel", "dunlin", "siskin", "finch"]


def test_due_times_are_said_in_words(as_, moderator, four):
    rows = {row.case.subject.handle: row for row in as_(moderator).get("/moderation/").context["queue"].rows}
    assert rows["dunlin"].due == "41 min late" and rows["dunlin"].late
    assert rows["petrel"].due == "in 59 min" and not rows["petrel"].late
    assert rows["finch"].due == "in 23 h"


def test_it_says_who_holds_what(as_, moderator, other_moderator, four):
    claim_case(four["finch"], moderator)
    held = {row.case.subject.handle: row.held for row in as_(other_moderator).get("/moderation/").context["queue"].rows}
    assert (held["finch"], held["petrel"]) == ("heron is on it", "nobody yet")
    mine = {row.case.subject.handle: row.held for row in as_(moderator).get("/moderation/").context["queue"].rows}
    assert mine["finch"] == "you hold it"


def test_reporters_are_numbers_and_never_names(as_, moderator, open_case, member, make_member):
    open_case()
    report_member(make_member("finch"), member, "worry", "thoughts", key=uuid4())
    page = as_(moderator).get("/moderation/").text
    assert "2 people" in page
    assert "wren" not in page and "finch" not in page


def test_who_asked_for_themselves_is_said_to_have(as_, moderator, member, on_duty):
    on_duty(moderator)
    ask_for_team(member, "please_answer", key=uuid4())
    assert "they asked themselves" in as_(moderator).get("/moderation/").text


def test_an_empty_queue_says_something_kind(as_, moderator):
    page = as_(moderator).get("/moderation/").text
    assert "Nothing to look at just now" in page
    assert "cup of tea" in page


def test_the_queue_costs_the_same_for_many_cases(
    as_, moderator, four, make_member, other_member, django_assert_max_num_queries
):
    client = as_(moderator)
    client.get("/moderation/")
    with django_assert_max_num_queries(30) as few:
        client.get("/moderation/")
    for n in range(12):
        report_member(other_member, make_member(f"tern{'abcdefghjkmn'[n]}"), "worry", "worried", key=uuid4())
    with django_assert_max_num_queries(30) as many:
        client.get("/moderation/")
    assert len(many) == len(few)


def test_the_header_counts_what_waits(as_, moderator, member, open_case):
    open_case()
    assert '<span class="count">1</span>' in as_(moderator).get("/").text
    assert 'href="/moderation/"' not in as_(member).get("/").text


def test_signing_on_and_off(as_, moderator, held_case):
    moderator.duties.all().delete()
    assert "You are off shift" in as_(moderator).get("/moderation/duty/").text
    assert as_(moderator).post("/moderation/duty/", {"do": "on"})["Location"] == "/moderation/duty/"
    assert "You are on shift" in as_(moderator).get("/moderation/duty/").text
    case = held_case()
    as_(moderator).post("/moderation/duty/", {"do": "off"})
    case.refresh_from_db()
    assert (case.state, case.holder) == ("open", None)


def test_an_open_queue_hears_of_a_new_case(hear, as_, moderator, member, other_member, on_duty):
    on_duty(moderator)
    fields = {"door": "worry", "category": "worried", "note": "Words of mine.", "key": str(uuid4())}
    heard = hear(moderator, lambda: as_(other_member).post("/members/robin/report/", fields))
    case = Case.objects.get()
    assert [(event["kind"], event["id"]) for event in heard if event["stream"] == "moderation"] == [
        ("case.changed", case.pk)
    ]
    assert "Words of mine." not in str(heard)

"""What a moderator chooses to see: filters that go together, numbers that agree with the list, pages that lose nobody."""

from datetime import timedelta
from itertools import product
from uuid import uuid4

import pytest
from django.utils import timezone

from forum.access import facts_of
from moderation.actions.cases import claim_case
from moderation.actions.decisions import decide_case
from moderation.actions.escalation import escalate_case, take_case
from moderation.actions.reports import ask_for_team, report_member
from moderation.filters import DUE, LANES, Filters, category_choices, read_filters
from moderation.models import Case, Severity, State
from moderation.queues import read_queue

pytestmark = pytest.mark.django_db
TOLD = (
    ("finch", "rule", "unkind"),
    ("siskin", "worry", "worried"),
    ("dunlin", "rule", "abuse"),
    ("petrel", "worry", "ending_life"),
    ("plover", "rule", "threat"),
    ("curlew", "worry", "thoughts"),
    ("avocet", "rule", "spam"),
)


@pytest.fixture
def evening(make_member, other_member, moderator, other_moderator, staff, member, on_duty):
    """Eight cases of every kind, severity and state: heron holds two, puffin one, one waits for staff, one is closed."""
    for person in (moderator, other_moderator):
        on_duty(person)
    cases = {}
    for handle, door, category in TOLD:
        cases[handle] = report_member(other_member, make_member(handle), door, category, key=uuid4()).case
    cases["robin"] = ask_for_team(member, "please_answer", key=uuid4()).case
    claim_case(cases["finch"], moderator)
    claim_case(cases["curlew"], moderator)
    take_case(escalate_case(cases["petrel"], moderator, "Please."), staff)
    escalate_case(cases["plover"], other_moderator, "Please.")
    decide_case(claim_case(cases["avocet"], moderator), moderator, "no_action")
    for handle, left in (("dunlin", -41), ("siskin", 20)):
        Case.objects.filter(pk=cases[handle].pk).update(due_at=timezone.now() + timedelta(minutes=left))
    return {handle: Case.objects.get(pk=case.pk) for handle, case in cases.items()}


def shown(page) -> list[str]:
    return [row.case.subject.handle for row in page.context["queue"].rows]


def test_filters_go_together_in_one_address(as_, moderator, evening):
    client = as_(moderator)
    assert shown(client.get("/moderation/")) == ["plover", "robin", "petrel", "dunlin", "siskin", "curlew", "finch"]
    assert shown(client.get("/moderation/?severity=urgent&lane=worry")) == ["robin", "petrel"]
    assert shown(client.get("/moderation/?severity=urgent&lane=worry&state=open")) == ["robin"]
    assert shown(client.get("/moderation/?lane=rules&mine=on")) == ["finch"]
    assert shown(client.get("/moderation/?state=in_review")) == ["curlew", "finch"]
    assert shown(client.get("/moderation/?category=worry.thoughts")) == ["curlew"]
    assert shown(client.get("/moderation/?category=self.please_answer&lane=rules")) == []


def test_what_is_due_late_within_the_hour_and_today(as_, moderator, evening):
    client = as_(moderator)
    assert shown(client.get("/moderation/?due=late")) == ["dunlin"]
    assert shown(client.get("/moderation/?due=hour")) == ["robin", "dunlin", "siskin"]
    assert set(shown(client.get("/moderation/?due=today"))) >= {"dunlin"}


def test_what_was_closed_lately_is_found_newest_first_and_what_was_closed_long_ago_is_not(as_, moderator, evening):
    client = as_(moderator)
    assert shown(client.get("/moderation/?state=closed")) == ["avocet"]
    assert "you closed it" in client.get("/moderation/?state=closed").text
    Case.objects.filter(pk=evening["avocet"].pk).update(closed_at=timezone.now() - timedelta(days=8))
    assert shown(client.get("/moderation/?state=closed")) == []


def test_nonsense_narrows_nothing(as_, moderator, evening):
    everything = shown(as_(moderator).get("/moderation/"))
    for query in ("severity=dire", "state=gone", "category=worry.nonsense", "due=never", "after=1.2", "after=9.x-y"):
        assert shown(as_(moderator).get(f"/moderation/?{query}")) == everything


def test_every_number_is_what_pressing_it_shows(moderator, staff, evening):
    """All combinations of what is chosen: each count is the length of the list that its link leads to."""
    for person in (moderator, staff):
        viewer = facts_of(person)
        for lane, mine, severity, state, due in product(
            ("", *LANES), ("", "on"), ("", *Severity.values), ("", *State.values), ("", *DUE)
        ):
            filters = Filters(lane=lane, mine=mine, severity=severity, state=state, due=due)
            queue = read_queue(viewer, filters)
            assert queue.total == len(queue.rows), filters
            assert queue.waiting == sum(row.case.state == "open" for row in queue.rows)
            assert queue.late == sum(row.late for row in queue.rows)
            counted = {tab.key: tab.count for tab in queue.severities}
            if severity:
                assert counted[severity] == queue.total
            else:
                assert sum(counted.values()) == queue.total
            assert next(tab.count for tab in queue.lanes if tab.current) == queue.total


@pytest.mark.parametrize("part", ["lanes", "severities"])
def test_each_link_leads_to_as_many_as_it_says_and_to_the_oldest_it_names(as_, moderator, evening, part):
    client = as_(moderator)
    for query in ("", "?lane=worry", "?severity=urgent", "?mine=on"):
        queue = client.get(f"/moderation/{query}").context["queue"]
        for tab in getattr(queue, part):
            there = client.get(f"/moderation/{tab.query}").context["queue"]
            if tab.current and part == "severities":
                continue  # pressing it again shows everything
            assert len(there.rows) == tab.count
            assert tab.oldest == min((row.case.opened_at for row in there.rows), default=None)


def test_every_category_can_be_chosen_and_read_back(moderator, evening):
    for value, _words in category_choices():
        assert read_filters({"category": value}).category == value
        read_queue(facts_of(moderator), Filters(category=value))


def test_each_row_says_its_lane_and_its_severity_in_words(as_, moderator, evening):
    page = as_(moderator).get("/moderation/?severity=routine").text
    row = page[page.index('id="case-') :]
    assert "Rules" in row and "routine" in row


def test_who_may_take_a_case_can_do_so_from_the_queue(as_, moderator, other_moderator, evening):
    rows = {row.case.subject.handle: row for row in as_(moderator).get("/moderation/").context["queue"].rows}
    assert {handle for handle, row in rows.items() if row.may_claim} == {"robin", "dunlin", "siskin"}
    case = rows["robin"].case
    sent = {"do": "claim", "seen": case.version}
    assert as_(moderator).post(f"/moderation/cases/{case.pk}/", sent).status_code == 303
    lost = as_(other_moderator).post(f"/moderation/cases/{case.pk}/", sent)
    assert lost.status_code == 409 and "heron took this at" in lost.text


def test_a_member_finds_no_queue_whatever_they_ask_for(as_, member, moderator, evening):
    assert as_(moderator).get("/moderation/?lane=worry").status_code == 200
    for path in ("/moderation/?lane=worry", "/moderation/mine/"):
        assert as_(member).get(path).status_code == 404


def test_an_empty_part_never_says_that_nothing_waits(as_, moderator, other_member, make_member, on_duty):
    on_duty(moderator)
    client = as_(moderator)
    assert "Everything has been looked at." in client.get("/moderation/").text
    report_member(other_member, make_member("finch"), "rule", "spam", key=uuid4())
    for query in ("lane=worry", "severity=emergency", "mine=on", "due=late"):
        page = client.get(f"/moderation/?{query}").text
        assert "Nothing to look at among these" in page
        assert "Everything has been looked at." not in page and "Nothing to look at just now" not in page

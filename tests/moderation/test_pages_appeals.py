"""The pages on which appeals are heard: what stands on the list, the second press, a lost race, the same cost for many."""

import pytest

from forum.models import Post, Status
from moderation.actions.appeals import answer_appeal, claim_appeal
from moderation.models import Appeal, Decision
from tests.moderation.hearings import REASONS, WORDS, appeal_by, decide

pytestmark = pytest.mark.django_db


@pytest.fixture
def appeal(held_case, member, moderator):
    return appeal_by(member, decide(held_case(door="rule"), moderator))


@pytest.fixture
def url(appeal):
    return f"/moderation/appeals/{appeal.pk}/"


def test_it_is_counted_in_the_header_for_those_who_may_hear_it(as_, appeal, member, moderator, other_moderator, staff):
    link = 'href="/moderation/appeals/"'
    assert link in as_(other_moderator).get("/").text and link in as_(staff).get("/").text
    assert link not in as_(moderator).get("/").text and link not in as_(member).get("/").text


def test_an_answer_is_seen_as_they_will_before_it_is_sent(as_, appeal, url, other_moderator):
    page = as_(other_moderator)
    assert page.post(url, {"do": "claim"})["Location"] == url
    shown = page.post(url, {"do": "uphold", "reasons": REASONS})
    assert shown.status_code == 200 and "As they will read it" in shown.text and "agrees with you" in shown.text
    assert Appeal.objects.get().stage == "held"
    form = {"reasons": REASONS, "shown": REASONS, "shown_as": "upheld"}
    other = page.post(url, {"do": "refuse", **form})  # another answer is shown first, too
    assert "It stays as it was decided" in other.text and Appeal.objects.get().stage == "held"
    edited = page.post(url, {"do": "uphold", **form, "reasons": "Other reasons."})
    assert "Other reasons." in edited.text and Appeal.objects.get().stage == "held"
    assert page.post(url, {"do": "uphold", **form})["Location"] == url
    assert Appeal.objects.get().stage == "upheld"
    assert Post.objects.get(pk=appeal.decision.post_id).status == Status.VISIBLE


def test_without_reasons_it_comes_back(as_, appeal, url, other_moderator):
    claim_appeal(appeal, other_moderator)
    page = as_(other_moderator).post(url, {"do": "uphold", "reasons": " "})
    assert page.status_code == 422 and "Write the reasons first" in page.text
    assert Decision.objects.get().undone_at is None


def test_who_comes_second_reads_who_was_first(as_, appeal, url, other_moderator, staff):
    claim_appeal(appeal, other_moderator)
    late = as_(staff).post(url, {"do": "claim"})
    assert late.status_code == 409 and "kestrel took this at" in late.text
    sent = {"do": "refuse", "reasons": "My own view.", "shown": "My own view.", "shown_as": "refused"}
    late = as_(staff).post(url, sent)
    assert late.status_code == 409 and "My own view." in late.text
    answer_appeal(appeal, other_moderator, "upheld", REASONS)
    late = as_(staff).post(url, sent)
    assert late.status_code == 409 and "kestrel decided this at" in late.text and "My own view." in late.text


def test_who_had_a_hand_in_it_sends_nothing(as_, appeal, url, moderator):
    assert as_(moderator).post(url, {"do": "claim"}).status_code == 422
    sent = {"do": "refuse", "reasons": "No.", "shown": "No.", "shown_as": "refused"}
    page = as_(moderator).post(url, sent)
    assert page.status_code == 422 and WORDS not in page.text
    assert Appeal.objects.get().stage == "open"


def test_anything_else_is_not_there(as_, url, other_moderator):
    assert as_(other_moderator).post(url, {"do": "burn"}).status_code == 404
    assert as_(other_moderator).get("/moderation/appeals/9999/").status_code == 404


def test_the_lists(as_, held_case, appeal, member, moderator, other_moderator, time_machine):
    def listed(show: str = "") -> list[int]:
        docket = as_(other_moderator).get(f"/moderation/appeals/?show={show}").context["docket"]
        counts = {lens.key: lens.count for lens in docket.lenses}
        assert counts[show] == len(docket.rows)
        return [row.appeal.pk for row in docket.rows]

    second = appeal_by(member, decide(held_case(door="rule"), moderator))
    assert listed() == [appeal.pk, second.pk] and listed("mine") == [] and listed("late") == []
    claim_appeal(second, other_moderator)
    assert listed("mine") == [second.pk]
    answer_appeal(second, other_moderator, "refused", REASONS)
    assert listed() == [appeal.pk] and listed("answered") == [second.pk]
    time_machine.move_to(appeal.due_at)
    assert listed("late") == [appeal.pk]


def test_the_list_costs_the_same_for_one_as_for_many(
    as_, held_case, appeal, member, moderator, other_moderator, django_assert_max_num_queries
):
    client = as_(other_moderator)
    client.get("/moderation/appeals/")
    with django_assert_max_num_queries(12) as few:
        client.get("/moderation/appeals/")
    for _each in range(4):
        appeal_by(member, decide(held_case(door="rule"), moderator))
    with django_assert_max_num_queries(12) as many:
        assert len(client.get("/moderation/appeals/").context["docket"].rows) == 5
    assert len(many) == len(few)

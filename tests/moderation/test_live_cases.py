"""What the team's sockets hear: an id and a state, and nothing of a case they may not see."""

import pytest

from moderation.actions.cases import claim_case
from realtime import log


def of_cases(events):
    return [event for event in events if event["kind"] == "case.changed"]


def test_a_moderator_hears_of_a_case_without_a_word_of_it(hear, open_case, moderator):
    case = open_case()
    heard = of_cases(hear(moderator, lambda: claim_case(case, moderator)))
    assert [(event["id"], event["state"], event["stream"]) for event in heard] == [(case.pk, "in_review", "moderation")]
    assert set(heard[0]) <= {"type", "stream", "seq", "kind", "id", "version", "state"}


def test_a_member_never_hears_the_queue(hear, open_case, moderator, other_member):
    case = open_case()
    assert of_cases(hear(other_member, lambda: claim_case(case, moderator))) == []


def test_a_moderator_never_hears_of_a_case_about_a_colleague(hear, open_case, moderator, other_moderator, independent):
    case = open_case(door="rule", subject=moderator)
    assert of_cases(hear(other_moderator, lambda: claim_case(case, independent))) == []
    other = open_case(door="rule", subject=other_moderator)
    assert of_cases(hear(independent, lambda: claim_case(other, independent)))  # the premise: somebody does hear


@pytest.mark.parametrize(("door", "goes_to"), [("rule", "independent"), ("worry", "staff")])
def test_the_numbers_of_the_queue_do_not_move_for_a_case_about_a_colleague(open_case, moderator, member, door, goes_to):
    open_case(door=door, subject=member)
    before = log.positions(["moderation"])
    heard = log.positions([goes_to])
    open_case(door=door, subject=moderator)
    assert log.positions(["moderation"]) == before, "a jump would say that there is a case which nobody shows them"
    assert log.positions([goes_to]) != heard

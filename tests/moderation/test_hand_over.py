"""Handing a case to a colleague: with a note, to somebody who may take it, and to nobody who is asleep."""

from uuid import uuid4

import pytest

from forum.access import facts_of
from forum.models import Block, Notice
from moderation.access import case_facts
from moderation.actions.cases import claim_case
from moderation.actions.handing import hand_over_case
from moderation.actions.reports import report_member
from moderation.colleagues import colleagues_for, who_may_take
from moderation.models import Case, CaseEvent
from moderation.refusals import CaseMoved, Missing, NotAllowed
from moderation.workflow import why_not

pytestmark = pytest.mark.django_db
NOTE = "They asked to be written to tomorrow at ten. I said somebody would."


@pytest.fixture
def both(moderator, other_moderator, on_duty):
    on_duty(moderator)
    on_duty(other_moderator)


def hand(client, case: Case, to, note: str = NOTE):
    fields = {"do": "hand_over", "to": to.pk, "note": note, "seen": Case.objects.get(pk=case.pk).version}
    return client.post(f"/moderation/cases/{case.pk}/", fields)


def test_a_colleague_on_shift_holds_it_is_told_and_reads_the_note(as_, both, moderator, other_moderator, held_case):
    case = held_case()
    assert hand(as_(moderator), case, other_moderator)["Location"] == f"/moderation/cases/{case.pk}/#timeline"
    case.refresh_from_db()
    assert (case.state, case.holder) == ("in_review", other_moderator)
    assert case.events.get(action="hand_over").said.words == NOTE
    assert "has handed a case to you, with a note." in as_(other_moderator).get("/notices/").text
    queue = as_(other_moderator).get("/moderation/").text
    assert "handed to you" in queue and "you hold it" in queue
    assert NOTE in as_(other_moderator).get(f"/moderation/cases/{case.pk}/").text
    assert Notice.objects.get(member=other_moderator).read_at is not None
    assert "handed to you" not in as_(other_moderator).get("/moderation/").text


def test_handing_on_buys_no_time(both, moderator, other_moderator, held_case):
    case = held_case()
    due = Case.objects.get(pk=case.pk).due_at
    hand_over_case(case, moderator, other_moderator, NOTE)
    case.refresh_from_db()
    assert case.due_at == due and case.lapses_at is not None


def test_to_a_colleague_who_is_not_here_it_is_offered_and_anybody_may_take_it(
    as_, moderator, other_moderator, make_member, held_case
):
    case = held_case()
    hand_over_case(case, moderator, other_moderator, NOTE)
    case.refresh_from_db()
    assert (case.state, case.holder, case.offered_to) == ("open", None, other_moderator)
    assert case.due_at is not None
    assert "handed to you" in as_(other_moderator).get("/moderation/").text
    assert not Notice.objects.get(member=other_moderator).pressing  # their quiet hours are theirs
    dunnock = make_member("dunnock", role="moderator")
    assert claim_case(case, dunnock).holder == dunnock


def test_without_a_note_or_a_colleague_it_comes_back_with_the_words(as_, both, moderator, other_moderator, held_case):
    case = held_case()
    answer = hand(as_(moderator), case, other_moderator, note="  ")
    assert answer.status_code == 422 and "Write what your colleague needs to know first." in answer.text
    fields = {"do": "hand_over", "to": "", "note": NOTE}
    answer = as_(moderator).post(f"/moderation/cases/{case.pk}/", fields)
    assert answer.status_code == 422 and "Choose a colleague." in answer.text and NOTE in answer.text
    with pytest.raises(Missing):
        hand_over_case(case, moderator, other_moderator, "\n")
    assert Case.objects.get(pk=case.pk).holder == moderator


def test_only_the_holder_hands_it_on(as_, both, moderator, other_moderator, staff, held_case):
    case = held_case()
    assert hand(as_(other_moderator), case, staff).status_code == 422
    with pytest.raises(NotAllowed):
        hand_over_case(case, other_moderator, staff, NOTE)
    assert hand(as_(moderator), case, staff).status_code == 303


def test_handed_on_twice_the_second_is_told_who_was_first(both, moderator, other_moderator, held_case):
    case = held_case()
    seen = Case.objects.get(pk=case.pk)
    hand_over_case(case, moderator, other_moderator, NOTE)
    with pytest.raises(CaseMoved) as refused:
        hand_over_case(seen, moderator, other_moderator, NOTE)
    assert "heron handed this on at" in refused.value.message
    assert CaseEvent.objects.filter(action="hand_over").count() == 1


@pytest.mark.django_db(transaction=True)
def test_handed_to_two_at_once_one_has_it(both, moderator, other_moderator, staff, on_duty, held_case, at_once):
    on_duty(staff)
    case = held_case()
    seen = [Case.objects.get(pk=case.pk) for _each in range(2)]
    results = at_once(
        lambda: hand_over_case(seen[0], moderator, other_moderator, NOTE),
        lambda: hand_over_case(seen[1], moderator, staff, NOTE),
    )
    assert sum(isinstance(result, CaseMoved) for result in results) == 1
    assert Notice.objects.filter(kind="handed").count() == 1


def test_the_page_offers_those_who_may_take_it_whoever_is_here_first(
    as_, both, moderator, other_moderator, staff, member, make_member, held_case, independent, administrator
):
    away = make_member("dunnock", role="moderator")
    Block.objects.create(blocker=make_member("pipit", role="moderator"), blocked=member)
    make_member("rook", role="moderator", standing="suspended")
    case = held_case()
    able = [(each.member.handle, each.here) for each in colleagues_for(case_facts(case), moderator.pk)]
    assert able == [("kestrel", True), ("dunnock", False), ("puffin", False)]
    page = as_(moderator).get(f"/moderation/cases/{case.pk}/").text
    assert "Hand it to a colleague" in page and f'<option value="{away.pk}">dunnock</option>' in page
    assert hand(as_(moderator), case, independent).status_code == 422


def test_the_list_of_colleagues_is_what_the_table_of_transitions_says(
    make_member, member, moderator, other_moderator, staff, independent, administrator, other_member, open_case, post_by
):
    """Two ways to one answer: the question to the database, and the rule for one person who would claim it."""
    Block.objects.create(blocker=other_moderator, blocked=member)
    team = [moderator, other_moderator, staff, independent, administrator, other_member, member]
    about_staff = report_member(other_member, make_member("rook", role="staff"), "rule", "abuse", key=uuid4()).case
    for case in (open_case(), open_case(door="rule"), about_staff):
        facts = case_facts(case)
        by_rule = {person.pk for person in team if not why_not("claim", facts, facts_of(person))}
        assert {person.pk for person in who_may_take(facts)} & {person.pk for person in team} == by_rule
        assert by_rule


def test_staff_hand_what_they_hold_to_staff_alone(staff, other_moderator, staff_case):
    with pytest.raises(NotAllowed):
        hand_over_case(staff_case(), staff, other_moderator, NOTE)


def test_the_member_hears_nothing_of_it(told, both, moderator, other_moderator, member, held_case):
    case = held_case()
    heard = told(lambda: hand_over_case(case, moderator, other_moderator, NOTE))
    assert f"member:{other_moderator.pk}" in {stream for stream, _kind, _ref in heard}
    assert f"member:{member.pk}" not in {stream for stream, _kind, _ref in heard}

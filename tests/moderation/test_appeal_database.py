"""The database itself keeps an appeal from whoever had a hand in it, also when somebody writes to it with SQL."""

from uuid import uuid4

import pytest
from django.db import Error, connection, transaction

from moderation.actions.appeals import claim_appeal, complain
from moderation.models import Appeal, Decision
from tests.moderation.hearings import WORDS, appeal_by, decide

pytestmark = pytest.mark.django_db


@pytest.fixture
def appeal(held_case, member, moderator):
    return appeal_by(member, decide(held_case(door="rule"), moderator))


@pytest.fixture
def complaint(held_case, moderator, other_member):
    case = held_case(door="rule")
    decide(case, moderator, "no_action")
    return complain(other_member, case.reports.select_related("case").get(), WORDS, uuid4())


def refuses(sql: str, *values: object) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except Error:
        return True
    return False


HEAR = "UPDATE moderation_appeal SET heard_by_id = %s, stage = 'held' WHERE id = %s"


def test_sql_cannot_give_an_appeal_to_who_decided(appeal, member, moderator, other_moderator):
    assert refuses(HEAR, moderator.pk, appeal.pk)
    assert refuses(HEAR, member.pk, appeal.pk)  # nor to who asks
    assert Appeal.objects.get().heard_by is None
    assert not refuses(HEAR, other_moderator.pk, appeal.pk)  # the premise: it can be written


def test_nor_by_first_saying_that_somebody_else_decided(appeal, moderator, other_moderator):
    against = "UPDATE moderation_appeal SET against_id = %s WHERE id = %s"
    assert refuses(against, other_moderator.pk, appeal.pk)
    assert refuses(
        "UPDATE moderation_decision SET decided_by_id = %s WHERE id = %s", other_moderator.pk, appeal.decision_id
    )
    assert refuses(
        "UPDATE moderation_appeal SET against_id = NULL, heard_by_id = %s WHERE id = %s", moderator.pk, appeal.pk
    )
    assert Decision.objects.get().decided_by == moderator


def test_nor_with_the_orm(appeal, moderator):
    with pytest.raises(Error), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).update(heard_by=moderator, stage="held")
    appeal.heard_by, appeal.stage = moderator, "held"
    with pytest.raises(Error), transaction.atomic():
        appeal.save()


def test_nor_by_writing_a_new_one(appeal, held_case, member, moderator, other_moderator):
    other = decide(held_case(door="rule"), moderator)
    fields = {
        "kind": "decision", "decision": other, "case": other.case, "by": member, "words": WORDS, "key": uuid4(),
        "due_at": appeal.due_at, "stage": "held",
    }  # fmt: skip
    for wrong in (
        {"against": moderator, "heard_by": moderator},
        {"against": other_moderator, "heard_by": moderator},
        {"against": None, "heard_by": moderator},
        {"against": moderator, "heard_by": other_moderator, "by": other_moderator},
    ):
        with pytest.raises(Error), transaction.atomic():
            Appeal.objects.create(**fields | wrong)
    assert Appeal.objects.create(**fields | {"against": moderator, "heard_by": other_moderator})


def test_nobody_who_left_a_report_so_hears_about_it(complaint, moderator, other_moderator):
    assert refuses(HEAR, moderator.pk, complaint.pk)
    assert claim_appeal(complaint, other_moderator)


def test_an_earlier_hand_in_the_case_counts_as_well(held_case, member, other_member, moderator, other_moderator, staff):
    """heron folded what she had noticed, kestrel closed the case: neither hears that nothing came of it."""
    from moderation.actions.cases import claim_case
    from moderation.actions.decisions import decide_case
    from moderation.actions.reports import report_post
    from moderation.models import Case

    case = held_case(door="rule")
    report_post(moderator, case.post, "rule", "abuse", key=uuid4())
    decide(case, moderator, "fold")
    case = claim_case(Case.objects.get(pk=case.pk), other_moderator)
    decide_case(Case.objects.get(pk=case.pk), other_moderator, "no_action", seen_post_version=2)
    appeal = complain(other_member, case.reports.get(reporter=other_member), WORDS, uuid4())
    assert appeal.against == other_moderator
    assert refuses(HEAR, other_moderator.pk, appeal.pk)
    assert refuses(HEAR, moderator.pk, appeal.pk)
    assert not refuses(HEAR, staff.pk, appeal.pk)


def test_one_appeal_for_each_decision_and_an_answer_has_reasons(appeal, other_moderator):
    columns = "case_id, decision_id, by_id, against_id, words, made_at, due_at, stage, reasons, later_stands, kind"
    copy = f"INSERT INTO moderation_appeal (key, {columns}) SELECT %s, {columns} FROM moderation_appeal WHERE id = %s"
    assert refuses(copy, uuid4().hex, appeal.pk)
    answer = "UPDATE moderation_appeal SET heard_by_id = %s, stage = 'upheld', answered_at = made_at, reasons = %s WHERE id = %s"
    assert refuses(answer, other_moderator.pk, "", appeal.pk)
    assert not refuses(answer, other_moderator.pk, "Because.", appeal.pk)

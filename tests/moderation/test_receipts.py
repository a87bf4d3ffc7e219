"""What a reporter reads follows the facts and tells nothing of the other person."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from moderation.actions.cases import claim_case, release_case, send_word
from moderation.actions.decisions import decide_case, undo_decision
from moderation.actions.duty import sign_off, sign_on
from moderation.actions.escalation import close_case, escalate_case, take_case
from moderation.actions.reports import ask_for_team, report_post
from moderation.models import Case, Duty, Report
from moderation.receipts import Stage, receipt_for


def receipt(case):
    return receipt_for(Report.objects.filter(case=case).first())


def test_unread_it_says_so_and_whom_to_ring(open_case):
    found = receipt(open_case())
    assert found.stage == Stage.SENT
    assert "Nobody has read it yet." in found.text
    assert "If you know where they are and it is now, ring 999 or 112." in found.text
    assert "is here and is expected to read it by" in found.text


def test_with_nobody_here_it_names_who_is_expected(open_case, moderator, other_moderator):
    case = open_case()
    moderator.duties.all().delete()
    assert "Nobody is here just now" in receipt(case).text
    with time_machine.travel("2026-11-22T05:00:00Z"):
        Duty.objects.create(member=other_moderator, kind="shift", starts_at=timezone.now() + timedelta(hours=3))
        assert "Somebody is expected at 08:00." in receipt(case).text


def test_read_it_names_the_reader(open_case, moderator):
    case = open_case()
    claim_case(case, moderator)
    found = receipt(case)
    assert found.stage == Stage.READ
    assert found.text.startswith("heron, one of the moderators, has read this. You have done enough;")


def test_what_was_read_stays_read(open_case, moderator):
    case = open_case()
    release_case(claim_case(case, moderator), moderator)
    assert receipt(case).stage == Stage.READ


def test_what_nobody_read_is_never_said_to_have_been_looked_at(held_case):
    case = held_case()
    Case.objects.filter(pk=case.pk).update(state="closed", holder=None)
    assert receipt(case).stage == Stage.CLOSED
    Report.objects.filter(case=case).update(read_at=None, read_by=None)
    assert receipt(case).stage == Stage.SENT


def test_the_whole_way(open_case, moderator, staff):
    case = open_case()
    stages = [receipt(case).stage]
    for step in (
        lambda: claim_case(case, moderator),
        lambda: send_word(case, moderator, "Hello.", uuid4()),
        lambda: escalate_case(case, moderator, "Please."),
        lambda: take_case(case, staff),
        lambda: close_case(case, staff, because="All well."),
    ):
        case.refresh_from_db()
        step()
        stages.append(receipt(case).stage)
    assert stages == ["sent", "read", "dealing", "dealing", "dealing", "closed"]


def test_a_report_that_joins_later_is_unread_until_its_holder_acts_on_it(held_case, moderator, make_member):
    from moderation.actions.cases import note_case

    case = held_case(door="rule")
    later = report_post(make_member("finch"), case.post, "rule", "abuse", key=uuid4())
    note_case(case, moderator, "From the page as it was before.")
    later.refresh_from_db()
    assert receipt_for(later).stage == Stage.SENT
    note_case(Case.objects.get(pk=case.pk), moderator, "And after.")
    later.refresh_from_db()
    assert receipt_for(later).stage == Stage.READ


LEFT, CHANGED = "have been left as they are.", "do not stand as they did."


@pytest.mark.parametrize(
    ("kind", "outcome"), [("no_action", LEFT), ("warning", LEFT), ("fold", CHANGED), ("remove", CHANGED)]
)
def test_the_end_says_what_the_wall_shows_and_nothing_of_the_person(held_case, moderator, kind, outcome):
    case = held_case(door="rule")
    decide_case(case, moderator, kind, rule="kindness", seen_post_version=1)
    assert receipt(case).text == (
        "heron has looked at this and done what there was to do. What was decided stays between the team and the person. "
        f"The words you told us about {outcome}"
    )


def test_what_was_undone_was_left(held_case, moderator):
    case = held_case(door="rule")
    decision = decide_case(case, moderator, "remove", rule="kindness", seen_post_version=1)
    assert receipt(case).text.endswith(CHANGED)
    undo_decision(decision, moderator)
    assert receipt(case).text.endswith(LEFT)


def test_about_a_person_as_a_whole_the_end_is_the_same_whatever_was_decided(held_case, moderator):
    ends = set()
    for kind in ("no_action", "warning"):
        case = held_case(door="rule", about_post=False)
        decide_case(case, moderator, kind, rule="kindness")
        ends.add(receipt(case).text)
    assert len(ends) == 1


def test_the_end_of_a_worry_is_the_same_whatever_came_of_it(held_case, moderator, staff):
    left = held_case()
    decide_case(left, moderator, "no_action")
    folded = held_case()
    decide_case(folded, moderator, "fold", post=folded.reports.get().post, seen_post_version=1)
    passed = escalate_case(held_case(), moderator, "Please.")
    close_case(take_case(passed, staff), staff, because="All well.")
    assert {receipt(case).text for case in (left, folded, passed)} == {receipt(left).text}
    assert receipt(left).stage == Stage.CLOSED


def test_for_oneself_it_names_who_listens_now(member):
    found = receipt_for(ask_for_team(member, "danger_now", key=uuid4()))
    assert "999 or 112; Samaritans are on 116 123" in found.text
    assert "The people on call are being called now." in found.text


def test_signing_off_gives_the_cases_back(open_case, moderator, on_duty):
    sign_on(moderator)
    assert sign_on(moderator).pk == sign_on(moderator).pk
    case = claim_case(open_case(), moderator)
    assert sign_off(moderator) == 1
    assert Case.objects.get(pk=case.pk).holder is None
    assert sign_off(moderator) == 0


def test_no_receipt_speaks_of_itself_as_i(open_case, moderator):
    case = open_case()
    assert " I " not in receipt(case).text
    claim_case(case, moderator)
    assert " I " not in receipt(case).text

"""The clock of an appeal: half-way a nudge, after seven days late and told to staff, a claim that lapses, words that thaw."""

from datetime import timedelta

import pytest
from django.utils import timezone

from forum.models import Notice, Post
from moderation.actions.appeals import answer_appeal, claim_appeal
from moderation.appeal_clock import run_appeals
from moderation.models import Appeal, FrozenWords
from realtime import retention
from realtime.models import Delivery
from tests.moderation.hearings import REASONS, WORDS, appeal_by, decide

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def appeal(held_case, member, moderator):
    return appeal_by(member, decide(held_case(door="rule"), moderator))


def mailed() -> list[tuple[str, str]]:
    rows = Delivery.objects.filter(dedupe__startswith="appeal:").order_by("pk")
    return [(row.address, row.subject) for row in rows]


def test_half_way_those_who_may_hear_it_are_nudged_once(appeal, other_moderator, staff, time_machine):
    time_machine.move_to(appeal.made_at + 3.4 * DAY)
    run_appeals()
    assert mailed() == []
    time_machine.move_to(appeal.made_at + 3.6 * DAY)
    run_appeals()
    run_appeals()
    assert mailed() == [("kestrel@harbour.test", "An appeal waits for an answer")]


def test_whoever_holds_it_is_nudged_and_nobody_else(appeal, make_member, other_moderator, time_machine):
    make_member("dunlin", role="moderator")
    time_machine.move_to(appeal.made_at + 3.6 * DAY)
    claim_appeal(appeal, other_moderator)
    run_appeals()
    assert mailed() == [("kestrel@harbour.test", "An appeal waits for an answer")]


def test_after_seven_days_it_is_late_and_the_staff_and_the_member_know(
    as_, appeal, member, other_moderator, staff, time_machine
):
    assert "Appeals that are late" not in as_(staff).get("/staff/").text
    time_machine.move_to(appeal.due_at + timedelta(seconds=1))
    run_appeals()
    run_appeals()
    appeal.refresh_from_db()
    assert appeal.late_at and appeal.stage == "open", "being late decides nothing"
    assert mailed() == [("puffin@harbour.test", "An appeal is late")]
    assert "Appeals that are late" in as_(staff).get("/staff/").text
    assert Notice.objects.get(member=member, kind="appeal").state == "late"
    assert "It is late, and the people in charge have been told." in as_(member).get("/me/decisions/").text
    assert appeal.case.events.filter(action="appeal_late").count() == 1


def test_no_mail_says_a_word_of_it(appeal, staff, other_moderator, time_machine):
    for moment in (appeal.made_at + 4 * DAY, appeal.due_at + timedelta(seconds=1)):
        time_machine.move_to(moment)
        run_appeals()
    bodies = list(Delivery.objects.filter(dedupe__startswith="appeal:").values_list("subject", "body"))
    assert len(bodies) == 2
    assert not any(word in text for pair in bodies for text in pair for word in ("robin", "wren", "heron", WORDS))


def test_each_morning_that_it_stays_late_one_mail(appeal, staff, time_machine):
    time_machine.move_to(appeal.due_at + timedelta(seconds=1))
    run_appeals()
    morning = (timezone.localtime() + DAY).replace(hour=9, minute=1)
    time_machine.move_to(morning)
    run_appeals()
    run_appeals()
    assert len(mailed()) == 2
    time_machine.move_to(morning + DAY)
    run_appeals()
    assert len(mailed()) == 3


def test_an_answered_one_is_never_late(appeal, other_moderator, staff, time_machine):
    claim_appeal(appeal, other_moderator)
    answer_appeal(appeal, other_moderator, "refused", REASONS)
    time_machine.move_to(appeal.due_at + DAY)
    run_appeals()
    appeal.refresh_from_db()
    assert appeal.late_at is None and mailed() == []


def test_a_claim_lapses_after_a_day_and_buys_no_time(appeal, other_moderator, staff, time_machine):
    claim_appeal(appeal, other_moderator)
    due = Appeal.objects.get().due_at
    time_machine.move_to(timezone.now() + timedelta(hours=23))
    run_appeals()
    assert Appeal.objects.get().heard_by == other_moderator
    time_machine.move_to(timezone.now() + timedelta(hours=2))
    run_appeals()
    fresh = Appeal.objects.get()
    assert (fresh.stage, fresh.heard_by, fresh.due_at) == ("open", None, due)
    assert claim_appeal(fresh, staff)


def test_a_clock_that_slept_catches_up(appeal, staff, time_machine):
    time_machine.move_to(appeal.due_at + 30 * DAY)
    run_appeals()
    assert ("puffin@harbour.test", "An appeal is late") in mailed()


# --- The words are frozen ------------------------------------------------------------------------------------------------


def test_the_words_stay_as_they_were_decided_about_whatever_becomes_of_the_post(
    as_, held_case, member, moderator, other_moderator
):
    case = held_case(door="rule")
    said = case.post.body
    decision = decide(case, moderator, "fold")
    Post.objects.filter(pk=case.post_id).update(body="Something else by now.", status="withdrawn")
    assert FrozenWords.objects.get().body == said
    appeal = appeal_by(member, decision)
    assert said in as_(other_moderator).get(f"/moderation/appeals/{appeal.pk}/").text


def test_they_thaw_when_the_window_closes_unless_an_appeal_waits(
    held_case, appeal, member, moderator, other_moderator, time_machine
):
    other = decide(held_case(door="rule"), moderator)
    assert FrozenWords.objects.count() == 2
    time_machine.move_to(other.made_at + timedelta(days=183))
    retention.forget("frozen_words")
    assert FrozenWords.objects.count() == 2
    time_machine.move_to(other.made_at + timedelta(days=184, seconds=1))
    retention.forget("frozen_words")
    assert FrozenWords.objects.get().decision == appeal.decision
    claim_appeal(appeal, other_moderator)
    answer_appeal(appeal, other_moderator, "refused", REASONS)
    retention.forget("frozen_words")
    assert not FrozenWords.objects.exists()


def test_what_takes_nothing_freezes_nothing(held_case, moderator):
    decide(held_case(door="rule"), moderator, "no_action")
    assert not FrozenWords.objects.exists()


def test_who_leaves_for_good_keeps_an_open_appeal_until_it_is_answered(appeal, member, other_moderator, time_machine):
    from forum.actions.leaving import delete_now, erase_due
    from forum.models import Erasure

    delete_now(member)
    erase_due()
    assert Appeal.objects.get().words == WORDS and FrozenWords.objects.exists()
    assert Post.objects.get(pk=appeal.decision.post_id).body == ""
    claim_appeal(appeal, other_moderator)
    answer_appeal(Appeal.objects.get(), other_moderator, "refused", REASONS)
    Erasure.objects.update(again_at=None)
    erase_due()
    fresh = Appeal.objects.get()
    assert (fresh.words, fresh.reasons) == ("[erased]", "[erased]")
    assert not FrozenWords.objects.exists()
    assert Erasure.objects.get().finished_at


def test_who_leaves_without_an_appeal_leaves_no_frozen_words(held_case, member, moderator):
    from forum.actions.leaving import delete_now, erase_due

    decide(held_case(door="rule"), moderator)
    delete_now(member)
    erase_due()
    assert not FrozenWords.objects.exists()

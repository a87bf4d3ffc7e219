"""What an open case needs waits for it, and no longer; what would help find somebody waits while they may be in danger."""

from datetime import timedelta

import pytest
from django.utils import timezone

from forum.actions.leaving import delete_now, erase_due
from forum.cards import read_card
from forum.models import CareCard, Erasure, Member, Post
from moderation.actions.reports import ask_for_team
from moderation.models import Case, CaseEventWords, Report, Word
from tests.forum import canaries

pytestmark = pytest.mark.django_db
HELD = (
    "report about them",
    "team's note",
    "crisis record",
    "word from the team",
    "word to the team",
    "past words",
    "post",
)


@pytest.fixture
def somebody(make_member):
    member = make_member(canaries.HANDLE)
    Member.objects.filter(pk=member.pk).update(email=canaries.CANARIES["address"])
    member.refresh_from_db()
    return member


def close_all():
    Case.objects.all().update(state="closed", holder=None)


def test_a_live_case_keeps_its_words_and_nothing_else_does(somebody, other_member, moderator):
    post, case = canaries.live_a_life(somebody, other_member, moderator, close=False)
    Case.objects.filter(subject=other_member).update(state="closed")
    delete_now(somebody)
    erase_due()
    left = canaries.found(but=HELD)
    assert left == {}
    told = Report.objects.get(case=case, source="member")  # screening may have had a word of its own
    assert told.snapshot == canaries.CANARIES["post"]  # frozen, as it was read
    assert Post.objects.get(pk=post.pk).body == ""
    assert Word.objects.filter(case=case).exclude(body="").count() == 2
    assert Erasure.objects.get().finished_at is None


def test_it_is_erased_within_the_hour_when_the_case_is_closed(somebody, other_member, moderator, time_machine):
    canaries.live_a_life(somebody, other_member, moderator, close=False)
    delete_now(somebody)
    erase_due()
    assert CaseEventWords.objects.exists() and canaries.found() != {}  # the premise
    close_all()
    time_machine.move_to(timezone.now() + timedelta(hours=1, seconds=1))
    erase_due()
    assert canaries.found() == {}
    assert Erasure.objects.get().finished_at


def test_somebody_who_says_goodbye_and_erases_themselves_can_still_be_found(somebody, make_member):
    from uuid import uuid4

    from forum.cards import Card, keep_card

    keep_card(somebody, Card(phone="canary19 card"))
    case = ask_for_team(somebody, "danger_now", key=uuid4()).case
    assert case.severity == "emergency"  # the premise
    delete_now(somebody)
    erase_due()
    somebody.refresh_from_db()
    assert somebody.email == canaries.CANARIES["address"] and not somebody.is_active
    assert read_card(somebody.pk).phone == "canary19 card"
    close_all()
    Erasure.objects.update(again_at=None)
    erase_due()
    somebody.refresh_from_db()
    assert somebody.email == f"{somebody.pk}@erased.invalid"
    assert not CareCard.objects.exists()


def test_one_that_fails_holds_up_no_other(somebody, other_member, monkeypatch, caplog):
    from forum.actions import leaving

    real = leaving.erase_member

    def fails_for_the_first(erasure):
        if erasure.member_id == somebody.pk:
            raise OSError("no")
        return real(erasure)

    monkeypatch.setattr("forum.actions.leaving.erase_member", fails_for_the_first)
    delete_now(somebody)
    delete_now(other_member)
    erase_due()
    assert list(Erasure.objects.filter(finished_at=None).values_list("member_id", flat=True)) == [somebody.pk]
    assert canaries.HANDLE not in caplog.text

"""Who is here, who is on call, who is expected."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from moderation import duty
from moderation.actions.cases import claim_case
from moderation.actions.duty import sign_off, sign_on
from moderation.models import Duty
from moderation.refusals import NotAllowed


def test_who_signs_on_is_here_while_they_act(moderator, open_case):
    sign_on(moderator)
    assert duty.someone_is_here()
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert not duty.someone_is_here()
        claim_case(open_case(), moderator)
        Duty.objects.filter(standing=True).delete()
        assert duty.on_shift() == [moderator]


def test_a_standing_duty_never_tires(moderator, on_duty):
    on_duty(moderator)
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        assert duty.on_shift() == [moderator]


def test_being_on_call_is_not_being_here(staff, on_duty):
    on_duty(staff, "on_call")
    assert duty.on_call() == [staff]
    assert not duty.someone_is_here()


def test_a_member_signs_on_to_nothing(member, administrator, moderator):
    for person in (member, administrator):
        with pytest.raises(NotAllowed):
            sign_on(person)
    assert sign_on(moderator)


def test_signing_on_twice_is_one_shift(moderator):
    assert sign_on(moderator) == sign_on(moderator)
    assert Duty.objects.count() == 1


def test_who_signed_off_is_gone(moderator):
    sign_on(moderator)
    sign_off(moderator)
    assert not duty.someone_is_here()


def test_who_is_suspended_is_not_here(moderator, on_duty):
    on_duty(moderator)
    moderator.standing = "suspended"
    moderator.save()
    assert duty.on_shift() == []


def test_the_next_planned_shift_is_who_is_expected(moderator, db):
    assert duty.next_expected() is None
    at = timezone.now() + timedelta(hours=5)
    Duty.objects.create(
        member=moderator, kind="shift", starts_at=at + timedelta(hours=9), ends_at=at + timedelta(hours=12)
    )
    Duty.objects.create(member=moderator, kind="shift", starts_at=at, ends_at=at + timedelta(hours=3))
    assert duty.next_expected() == at


def test_the_database_keeps_one_endless_duty_and_no_end_before_its_start(moderator):
    sign_on(moderator)
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.create(member=moderator, kind="shift")
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.create(member=moderator, kind="on_call", ends_at=timezone.now() - timedelta(days=1))

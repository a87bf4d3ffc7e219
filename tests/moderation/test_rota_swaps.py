"""Swaps count once the other has said yes, lapse when the time begins, and of two answers one counts."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from moderation import rota
from moderation.actions import rota as acts
from moderation.actions import rota_swaps as swaps
from moderation.actions.rota_swaps import Span
from moderation.models import RotaEvent, RotaSwap
from moderation.refusals import Missing, NotAllowed
from realtime.models import Delivery
from tests.moderation.rotas import fill_week

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TUESDAY = Span(NOW + 6 * HOUR, NOW + 20 * HOUR, "first")  # puffin's night
WEDNESDAY = Span(NOW + 20 * HOUR, NOW + 30 * HOUR, "first")  # gannet's day
IN_THE_NIGHT = NOW + 10 * HOUR


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def week(staff, other_staff, rings):
    rings |= {staff.pk, other_staff.pk}
    return fill_week(staff, other_staff)


def mails() -> list[tuple[str, str]]:
    return list(Delivery.objects.order_by("pk").values_list("address", "subject"))


def test_a_wish_changes_nothing_until_it_is_accepted(staff, other_staff):
    swap = swaps.ask_for_swap(staff, other_staff, TUESDAY)
    assert mails() == [("gannet@harbour.test", "Somebody asks you to swap a time on call")]
    assert rota.on_call_at(IN_THE_NIGHT).first == staff
    swaps.accept_swap(other_staff, swap)
    assert rota.on_call_at(IN_THE_NIGHT).first == other_staff
    assert mails()[1:] == [("puffin@harbour.test", "Your swap was accepted")]


def test_a_time_in_return_changes_hands_as_well(staff, other_staff):
    swaps.accept_swap(other_staff, swaps.ask_for_swap(staff, other_staff, TUESDAY, WEDNESDAY))
    assert rota.on_call_at(IN_THE_NIGHT).first == other_staff
    assert rota.on_call_at(WEDNESDAY.starts_at + HOUR).first == staff
    assert rota.on_call_at(IN_THE_NIGHT + 24 * HOUR).first == staff


def test_no_is_no_and_nobody_asks_why(staff, other_staff):
    swap = swaps.ask_for_swap(staff, other_staff, TUESDAY)
    swaps.refuse_swap(other_staff, swap)
    assert rota.on_call_at(IN_THE_NIGHT).first == staff
    for act in (swaps.accept_swap, swaps.refuse_swap):
        with pytest.raises(acts.RotaMoved):
            act(other_staff, swap)
    swaps.ask_for_swap(staff, other_staff, TUESDAY)  # and again is another wish
    assert RotaSwap.objects.count() == 2


def test_it_lapses_when_the_time_begins_and_whoever_asked_hears_once(staff, other_staff, at_noon):
    swap = swaps.ask_for_swap(staff, other_staff, TUESDAY)
    assert swaps.lapse_swaps() == 0
    at_noon.move_to(TUESDAY.starts_at)
    with pytest.raises(acts.RotaMoved, match="begun"):
        swaps.accept_swap(other_staff, swap)
    assert (swaps.lapse_swaps(), swaps.lapse_swaps()) == (1, 0)
    assert mails()[-1] == ("puffin@harbour.test", "Nobody answered about your swap: the time is yours")
    assert rota.on_call_at(IN_THE_NIGHT).first == staff
    assert RotaEvent.objects.filter(what="swap_lapsed", by=None, swap=swap).count() == 1


def test_whoever_asked_takes_it_back_and_nobody_else(staff, other_staff):
    swap = swaps.ask_for_swap(staff, other_staff, TUESDAY)
    with pytest.raises(NotAllowed):
        swaps.withdraw_swap(other_staff, swap)
    swaps.withdraw_swap(staff, swap)
    with pytest.raises(acts.RotaMoved):
        swaps.accept_swap(other_staff, swap)


def test_only_the_person_asked_answers(staff, other_staff, make_member, member):
    swap = swaps.ask_for_swap(staff, other_staff, TUESDAY)
    for person in (staff, make_member("dunlin", role="staff"), member):
        with pytest.raises(NotAllowed):
            swaps.accept_swap(person, swap)
    assert rota.on_call_at(IN_THE_NIGHT).first == staff


def test_only_ones_own_time_is_given_away_and_only_before_it_begins(staff, other_staff, moderator, at_noon):
    with pytest.raises(acts.RotaMoved, match="not gannet's"):
        swaps.ask_for_swap(other_staff, staff, TUESDAY)
    with pytest.raises(Missing):
        swaps.ask_for_swap(staff, moderator, TUESDAY)
    with pytest.raises(Missing):
        swaps.ask_for_swap(staff, staff, TUESDAY)
    with pytest.raises(acts.RotaMoved, match="not gannet's"):
        swaps.ask_for_swap(staff, other_staff, TUESDAY, Span(TUESDAY.starts_at, TUESDAY.ends_at, "first"))
    at_noon.move_to(IN_THE_NIGHT)
    with pytest.raises(acts.RotaMoved, match="begun"):
        swaps.ask_for_swap(staff, other_staff, TUESDAY)
    assert not RotaSwap.objects.exists()


def test_one_time_is_asked_of_one_person_at_once(staff, other_staff):
    swaps.ask_for_swap(staff, other_staff, TUESDAY)
    with pytest.raises(acts.RotaMoved):
        swaps.ask_for_swap(staff, other_staff, TUESDAY)


def test_a_rota_that_has_changed_since_is_not_swapped(staff, other_staff):
    swap = swaps.ask_for_swap(staff, other_staff, TUESDAY)
    acts.add_instead(other_staff, first=date(2026, 12, 1), last=date(2026, 12, 1), rank="first", who=None, note="")
    with pytest.raises(acts.RotaMoved, match="has changed"):
        swaps.accept_swap(other_staff, swap)
    swap.refresh_from_db()
    assert swap.stage == "asked"


def test_two_answers_at_once_are_one(transactional_db, at_noon, staff, other_staff, week, at_once):
    swap = swaps.ask_for_swap(staff, other_staff, TUESDAY)
    results = at_once(lambda: swaps.accept_swap(other_staff, swap), lambda: swaps.withdraw_swap(staff, swap))
    assert sum(isinstance(result, acts.RotaMoved) for result in results) == 1
    swap.refresh_from_db()
    assert (rota.on_call_at(IN_THE_NIGHT).first == other_staff) == (swap.stage == "accepted")


def test_the_database_refuses_a_swap_with_oneself_and_half_a_return(staff, other_staff):
    good = {"asked_by": staff, "asked": other_staff, "rank": "first", "starts_at": NOW, "ends_at": NOW + HOUR}
    for bad in ({"asked": staff}, {"ends_at": NOW}, {"back_starts_at": NOW}, {"stage": "accepted"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RotaSwap.objects.create(**good | bad)

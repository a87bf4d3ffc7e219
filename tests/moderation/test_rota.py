"""Who is on call: the week, exceptions, holidays, who can be reached, and every change in the log."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from moderation import access, duty, rota
from moderation.actions import rota as acts
from moderation.actions.duty import go_on_call
from moderation.models import Duty, Rank, RotaEvent, RotaHoliday, RotaInstead, RotaWeekly
from moderation.refusals import Missing, NotAllowed
from tests.moderation.rotas import fill_week

pytestmark = pytest.mark.django_db
MIDNIGHT, NOON, DAY = time(), time(12), timedelta(days=1)
TUESDAY_NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
TUESDAY_NIGHT = TUESDAY_NOON + timedelta(hours=8)
SECOND_LONG = timedelta(seconds=1)


@pytest.fixture
def week(staff, other_staff, rings):
    """puffin has the nights, gannet the days, and both can be rung."""
    rings |= {staff.pk, other_staff.pk}
    return fill_week(staff, other_staff)


def why_at(moment: datetime, rank: Rank = Rank.FIRST) -> str:
    return str(rota.stretches(moment, moment + DAY, now=moment)[rank][0].reason)


def test_first_and_second_follow_the_week(week, staff, other_staff):
    assert rota.on_call_at(TUESDAY_NIGHT) == rota.OnCall(staff, other_staff)
    assert rota.on_call_at(TUESDAY_NOON) == rota.OnCall(other_staff, staff)
    assert rota.gaps(TUESDAY_NOON, TUESDAY_NOON + 14 * DAY) == []


@pytest.mark.parametrize("month", [3, 10])
def test_in_a_month_with_a_change_of_the_clock_every_hand_over_is_to_the_second(week, staff, other_staff, month):
    start = datetime(2026, month, 1, 12, tzinfo=UTC)
    firsts = rota.stretches(start, start + 30 * DAY, now=start)[Rank.FIRST]
    assert len(firsts) == 61
    for before, after in pairwise(firsts):
        with time_machine.travel(before.ends_at - SECOND_LONG, tick=False):
            assert duty.on_call() == [before.who, after.who]
        with time_machine.travel(before.ends_at, tick=False):
            assert duty.on_call() == [after.who, before.who]
        with time_machine.travel(before.ends_at + SECOND_LONG, tick=False):
            assert rota.on_call_at(datetime.now(UTC)).first == after.who != before.who
    holidays = [stretch for stretch in firsts if stretch.who is None]
    assert holidays == []


def test_a_month_of_nights_without_a_second_person_is_one_first_or_a_shown_gap_at_every_change(staff, rings):
    rings.add(staff.pk)
    for day in range(5):  # nobody has Friday's night, nor the weekend, nor the days
        acts.add_weekly(staff, day=day, starts=time(20), ends=time(8), rank="first", who=staff)
    start = datetime(2026, 10, 1, 12, tzinfo=UTC)
    end = start + 31 * DAY
    gaps = rota.gaps(start, end, now=start)
    for moment in sorted({each.starts_at for each in gaps} | {each.ends_at for each in gaps}):
        for near in (moment - SECOND_LONG, moment, moment + SECOND_LONG):
            shown = any(gap.starts_at <= near < gap.ends_at for gap in gaps)
            if start <= near < end:
                assert (rota.on_call_at(near).first is None) == shown


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, ""),
        ({"standing": "on_break"}, "puffin is on a break."),
        ({"standing": "suspended"}, "puffin's account is closed to the wall just now."),
        ({"role": "moderator"}, "puffin is not of the staff any more."),
        ({"is_active": False}, "puffin is not of the staff any more."),
    ],
)
def test_who_cannot_be_there_is_a_gap_with_its_reason(week, staff, other_staff, change, says):
    for name, value in change.items():
        setattr(staff, name, value)
    staff.save()
    assert rota.on_call_at(TUESDAY_NIGHT) == rota.OnCall(None if change else staff, other_staff)
    if says:
        assert why_at(TUESDAY_NIGHT) == says


def test_who_has_no_way_that_rings_is_a_gap_as_first_and_as_second(week, staff, other_staff, rings):
    rings.remove(staff.pk)
    assert rota.on_call_at(TUESDAY_NIGHT) == rota.OnCall(None, other_staff)
    assert rota.on_call_at(TUESDAY_NOON) == rota.OnCall(other_staff, None)
    assert why_at(TUESDAY_NIGHT) == "puffin has no way that rings, tested within 30 days."
    assert {gap.rank for gap in rota.gaps(TUESDAY_NOON, TUESDAY_NOON + DAY)} == {"first", "second"}
    rings.add(staff.pk)
    assert rota.on_call_at(TUESDAY_NIGHT).first == staff


def test_a_test_that_is_too_old_by_then_is_a_gap_from_that_moment_on(week, staff, monkeypatch):
    """puffin has Tuesday's night, and their last test is thirty days old in the middle of it."""
    midnight = TUESDAY_NIGHT.replace(hour=23, minute=30)
    after = {staff.pk: midnight}
    monkeypatch.setattr("moderation.ways.rings_until", lambda member, now: after.get(member.pk, now + 365 * DAY))
    found = [gap for gap in rota.gaps(TUESDAY_NOON, TUESDAY_NOON + DAY, now=TUESDAY_NOON) if gap.planned == staff]
    assert found[0].starts_at == midnight
    assert str(found[0].reason) == "puffin's last test is more than 30 days old by then. A new one puts it right."
    ranks = rota.stretches(TUESDAY_NOON, TUESDAY_NOON + DAY, now=TUESDAY_NOON)
    for rank in ranks.values():
        assert all(one.ends_at == other.starts_at for one, other in pairwise(rank))
    assert any(each.who == staff and each.ends_at == midnight for each in ranks["first"])


def test_having_nobody_second_is_no_gap(staff, rings):
    rings.add(staff.pk)
    for day in range(7):
        acts.add_weekly(staff, day=day, starts=NOON, ends=NOON, rank="first", who=staff)
    assert rota.gaps(TUESDAY_NOON, TUESDAY_NOON + 14 * DAY) == []
    assert rota.on_call_at(TUESDAY_NOON) == rota.OnCall(staff, None)


def test_without_a_rota_everything_is_a_gap_and_staff_go_on_call_by_hand(staff, rings):
    rings.add(staff.pk)
    assert [str(gap.reason) for gap in rota.gaps(TUESDAY_NOON, TUESDAY_NOON + DAY)] == ["Nobody is planned."]
    assert duty.on_call() == [] and not rota.in_use()
    go_on_call(staff)
    assert duty.on_call() == [staff]


def test_who_went_on_call_by_hand_comes_after_the_rota_and_once(week, staff, other_staff, make_member, rings):
    tern = make_member("turnstone", role="staff")
    rings.add(tern.pk)
    for person in (tern, staff):
        Duty.objects.create(member=person, kind="on_call", starts_at=TUESDAY_NOON - DAY)
    assert duty.on_call(TUESDAY_NIGHT) == [staff, other_staff, tern]


def test_a_standing_duty_needs_no_way_and_fills_the_firsts_gaps(week, staff, other_staff, rings, on_duty):
    rings.clear()
    on_duty(staff, "on_call", starts_at=TUESDAY_NOON - DAY)
    assert rota.on_call_at(TUESDAY_NIGHT) == rota.OnCall(staff, None)
    assert rota.on_call_at(TUESDAY_NOON).first == staff  # gannet is first then, and cannot be rung
    assert {gap.rank for gap in rota.gaps(TUESDAY_NOON, TUESDAY_NOON + DAY, now=TUESDAY_NOON)} == {"second"}


def test_whoever_is_first_is_not_second_as_well(week, staff, other_staff):
    with time_machine.travel(TUESDAY_NOON):
        day = date(2026, 12, 2)
        acts.add_instead(other_staff, first=day, last=day, rank="first", who=staff, note="")
    wednesday_noon = TUESDAY_NOON + DAY
    assert rota.on_call_at(wednesday_noon) == rota.OnCall(staff, None)
    assert why_at(wednesday_noon, Rank.SECOND) == "puffin is first already, and cannot be second as well."


def test_an_exception_gives_the_days_to_somebody_else_until_midnight_and_is_taken_back(week, staff, other_staff):
    with time_machine.travel(TUESDAY_NOON):
        row = acts.add_instead(
            other_staff, first=date(2026, 12, 2), last=date(2026, 12, 3), rank="first", who=other_staff, note="Away"
        )
    night = datetime(2026, 12, 3, 23, 59, 59, tzinfo=UTC)
    assert rota.on_call_at(night).first == other_staff
    assert rota.on_call_at(night + SECOND_LONG).first == staff
    acts.end_instead(staff, row)
    assert rota.on_call_at(night).first == staff
    with pytest.raises(acts.RotaMoved):
        acts.end_instead(staff, row)


def test_nobody_can_be_written_down_and_is_a_gap(week, staff):
    with time_machine.travel(TUESDAY_NOON):
        acts.add_instead(staff, first=date(2026, 12, 2), last=date(2026, 12, 2), rank="first", who=None, note="")
    assert why_at(datetime(2026, 12, 2, 3, tzinfo=UTC)) == "An exception says that nobody is on call."


@pytest.mark.parametrize(
    ("first", "last", "field"), [("2026-12-03", "2026-12-02", "last"), ("2026-11-01", "2026-11-02", "last")]
)
def test_days_that_are_over_or_the_wrong_way_round_are_refused(staff, first, last, field):
    with time_machine.travel(TUESDAY_NOON), pytest.raises(Missing) as missing:
        acts.add_instead(
            staff, first=date.fromisoformat(first), last=date.fromisoformat(last), rank="first", who=staff, note=""
        )
    assert missing.value.field == field


CHRISTMAS = datetime(2026, 12, 25, 12, tzinfo=UTC)


def test_a_bank_holiday_is_a_gap_until_somebody_confirms_whoever_the_rota_has(week, staff, other_staff):
    assert rota.on_call_at(CHRISTMAS) == rota.OnCall(None, None)
    assert why_at(CHRISTMAS) == "A bank holiday: nobody has confirmed who covers it."
    covered = acts.confirm_holiday(other_staff, CHRISTMAS.date(), first=None, second=None)
    assert rota.on_call_at(CHRISTMAS) == rota.OnCall(other_staff, staff)
    with pytest.raises(acts.RotaMoved):
        acts.confirm_holiday(staff, CHRISTMAS.date(), first=None, second=None)
    acts.end_holiday(staff, covered)
    assert rota.on_call_at(CHRISTMAS).first is None


def test_a_bank_holiday_is_covered_by_those_who_are_named_and_no_longer_when_it_is_taken_back(week, staff, other_staff):
    covered = acts.confirm_holiday(other_staff, CHRISTMAS.date(), first=staff, second=other_staff)
    assert rota.on_call_at(CHRISTMAS) == rota.OnCall(staff, other_staff)
    assert rota.on_call_at(CHRISTMAS + DAY) == rota.OnCall(other_staff, staff)
    acts.end_holiday(other_staff, covered)
    acts.confirm_holiday(other_staff, CHRISTMAS.date(), first=None, second=None)
    assert rota.on_call_at(CHRISTMAS) == rota.OnCall(other_staff, staff)


def test_a_day_that_is_no_bank_holiday_is_not_confirmed(staff):
    with pytest.raises(Missing):
        acts.confirm_holiday(staff, date(2026, 12, 2), first=None, second=None)
    with pytest.raises(Missing):
        acts.confirm_holiday(staff, CHRISTMAS.date(), first=staff, second=staff)
    assert not RotaHoliday.objects.exists()


def weekly(day: int, starts: str, ends: str, rank: str = "first") -> dict[str, Any]:
    return {"day": day, "starts": time.fromisoformat(starts), "ends": time.fromisoformat(ends), "rank": rank}


@pytest.mark.parametrize(
    ("taken", "asked", "refused"),
    [
        (weekly(0, "22:00", "07:00"), weekly(1, "06:59", "12:00"), True),
        (weekly(0, "22:00", "07:00"), weekly(1, "07:00", "12:00"), False),
        (weekly(6, "22:00", "07:00"), weekly(0, "03:00", "04:00"), True),
        (weekly(6, "22:00", "07:00"), weekly(0, "07:00", "22:00"), False),
        (weekly(2, "09:00", "09:00"), weekly(3, "08:00", "10:00"), True),
        (weekly(2, "09:00", "17:00"), weekly(2, "12:00", "13:00"), True),
        (weekly(2, "09:00", "17:00"), weekly(2, "12:00", "13:00", "second"), False),
    ],
)
def test_a_time_that_somebody_has_is_not_given_twice(staff, other_staff, taken, asked, refused):
    acts.add_weekly(staff, **taken, who=staff)
    if refused:
        with pytest.raises(Missing) as missing:
            acts.add_weekly(staff, **asked, who=other_staff)
        assert "puffin's already" in missing.value.message
    else:
        acts.add_weekly(staff, **asked, who=other_staff)
    assert RotaWeekly.objects.count() == (1 if refused else 2)


def test_nobody_is_first_and_second_of_the_same_hours(staff):
    acts.add_weekly(staff, **weekly(0, "22:00", "07:00"), who=staff)
    with pytest.raises(Missing) as missing:
        acts.add_weekly(staff, **weekly(1, "01:00", "02:00", "second"), who=staff)
    assert missing.value.field == "who"


def test_only_staff_change_the_rota_and_only_staff_are_in_it(staff, moderator, independent, administrator, member):
    for person in (moderator, independent, administrator, member):
        with pytest.raises(NotAllowed):
            acts.add_weekly(person, **weekly(0, "09:00", "17:00"), who=staff)
        with pytest.raises(NotAllowed):
            acts.confirm_holiday(person, CHRISTMAS.date(), first=None, second=None)
        with pytest.raises(Missing):
            acts.add_weekly(staff, **weekly(0, "09:00", "17:00"), who=person)
    assert not RotaWeekly.objects.exists()


def test_two_who_give_the_same_time_at_once_give_it_once(transactional_db, make_member, at_once):
    puffin, gannet = make_member("puffin", role="staff"), make_member("gannet", role="staff")
    results = at_once(
        *(
            lambda who=who: acts.add_weekly(who, **weekly(0, "22:00", "07:00"), who=who)  # type: ignore[misc]
            for who in (puffin, gannet)
        )
    )
    assert sum(isinstance(result, Missing) for result in results) == 1
    assert RotaWeekly.objects.count() == 1


def test_every_change_is_in_a_log_that_nobody_can_change(staff, other_staff):
    row = acts.add_weekly(staff, **weekly(0, "22:00", "07:00"), who=other_staff)
    acts.end_weekly(other_staff, row)
    with pytest.raises(acts.RotaMoved):
        acts.end_weekly(staff, row)
    told = list(RotaEvent.objects.order_by("pk").values_list("what", "by__handle", "weekly"))
    assert told == [("weekly_added", "puffin", row.pk), ("weekly_ended", "gannet", row.pk)]
    for change in ("UPDATE moderation_rotaevent SET by_id = NULL", "DELETE FROM moderation_rotaevent"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_the_database_holds_the_rota_together(staff, other_staff):
    now = TUESDAY_NOON
    bad = [
        lambda: RotaInstead.objects.create(starts_at=now, ends_at=now, rank="first", made_by=staff),
        lambda: RotaInstead.objects.create(starts_at=now, ends_at=now + DAY, rank="third", made_by=staff),
        lambda: RotaWeekly.objects.create(**weekly(7, "09:00", "10:00"), member=staff, made_by=staff),
        lambda: RotaWeekly.objects.create(
            **weekly(1, "09:00", "10:00"), member=staff, made_by=staff, ended_at=now, ended_by=None
        ),
    ]
    for make in bad:
        with pytest.raises(IntegrityError), transaction.atomic():
            make()
    RotaWeekly.objects.create(**weekly(1, "09:00", "10:00"), member=staff, made_by=staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        RotaWeekly.objects.create(**weekly(1, "09:00", "11:00"), member=other_staff, made_by=staff)


def test_who_is_called_about_somebody_follows_the_rota(week, escalated_case, staff, other_staff):
    case = escalated_case()
    type(case).objects.filter(pk=case.pk).update(severity="urgent", holder=None)
    with time_machine.travel(TUESDAY_NIGHT):
        assert access._carers({case.subject_id})[case.subject_id] == {staff.pk, other_staff.pk}


def test_asking_who_is_on_call_costs_as_much_however_long_the_rota_is(week, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        rota.on_call_at(TUESDAY_NIGHT)

"""Changing who is on call when. Only staff do, each change is logged, and nothing is deleted."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.access import WALL_OPEN
from forum.models import Member, Role
from forum.refusals import Refusal
from moderation import holidays
from moderation.models import Rank, RotaChange, RotaEvent, RotaHoliday, RotaInstead, RotaSwap, RotaWeekly, Weekday
from moderation.refusals import Missing, NotAllowed
from moderation.rota_times import moment_of

WEEK = 7 * 24 * 60  # minutes
Kept = RotaWeekly | RotaInstead | RotaSwap | RotaHoliday


class RotaMoved(Refusal):
    """Somebody was quicker, or it is that way already."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence)
        self._sentence = sentence

    @property
    def message(self) -> str:
        return self._sentence or _("There is nothing left to do here: it is that way already, or somebody was quicker.")


def add_weekly(member: Member, *, day: int, starts: time, ends: time, rank: str, who: Member) -> RotaWeekly:
    """Gives a time of every week to somebody, by the clock on the wall; past midnight where `ends` is not after `starts`.

    Raises NotAllowed for anyone but staff, and Missing for somebody who cannot be on call or is already, and for a time of
    which some is taken, with whose it is.
    """
    check_staff(member)
    with transaction.atomic():
        lock_staff()
        check_person(who, "who")
        new = RotaWeekly(day=day, starts=starts, ends=ends, rank=rank, member=who, made_by=member)
        live = RotaWeekly.objects.filter(ended_at=None).select_related("member")
        for other in live:
            if _overlap(new, other) and other.rank == rank:
                raise Missing("starts", _taken(other))
            if _overlap(new, other) and other.member_id == who.pk:
                raise Missing("who", _("%(who)s is on call then already. Choose somebody else.") % {"who": who.handle})
        new.save()
        log_change(RotaChange.WEEKLY_ADDED, member, weekly=new)
    return new


def end_weekly(member: Member, weekly: RotaWeekly) -> None:
    """Takes a time out of the week. Raises NotAllowed, and RotaMoved when it is out."""
    check_staff(member)
    with transaction.atomic():
        _end(weekly, member)
        log_change(RotaChange.WEEKLY_ENDED, member, weekly=weekly)


def add_instead(member: Member, *, first: date, last: date, rank: str, who: Member | None, note: str) -> RotaInstead:
    """From one day to another, both counted, somebody else has the rank, or nobody (None).

    Raises NotAllowed, and Missing for days that are over or the wrong way round and for somebody who cannot be on call.
    """
    check_staff(member)
    if last < first:
        raise Missing("last", _("The last day comes before the first."))
    if last < timezone.localdate():
        raise Missing("last", _("That is over already."))
    with transaction.atomic():
        lock_staff()
        if who is not None:
            check_person(who, "who")
        row = RotaInstead.objects.create(
            starts_at=midnight(first),
            ends_at=midnight(last + timedelta(days=1)),
            rank=rank,
            member=who,
            note=note[: RotaInstead.NOTE_MAX],
            made_by=member,
        )
        log_change(RotaChange.INSTEAD_ADDED, member, instead=row)
    return row


def end_instead(member: Member, instead: RotaInstead) -> None:
    """Takes back an exception, or what a swap made: what the week says counts again. Raises NotAllowed and RotaMoved."""
    check_staff(member)
    with transaction.atomic():
        _end(instead, member)
        log_change(RotaChange.INSTEAD_ENDED, member, instead=instead)


def confirm_holiday(member: Member, day: date, *, first: Member | None, second: Member | None) -> RotaHoliday:
    """A bank holiday is covered: by these two, or, where None, by whom the rota has.

    Raises NotAllowed, Missing for a day that is none and for who cannot be on call, and RotaMoved when it is confirmed.
    """
    check_staff(member)
    if day not in holidays.calendar().days:
        raise Missing("day", _("That is not a bank holiday here."))
    with transaction.atomic():
        lock_staff()
        if RotaHoliday.objects.filter(day=day, ended_at=None).exists():
            raise RotaMoved
        if first is not None and first == second:
            raise Missing("second", _("Nobody can be first and second at once."))
        row = RotaHoliday.objects.create(day=day, confirmed_by=member)
        for rank, who in ((Rank.FIRST, first), (Rank.SECOND, second)):
            if who is not None:
                check_person(who, str(rank))
                _cover(row, rank, who, member)
        log_change(RotaChange.HOLIDAY_CONFIRMED, member, holiday=row)
    return row


def end_holiday(member: Member, holiday: RotaHoliday) -> None:
    """Takes the confirmation back: the day is a gap again. Raises NotAllowed and RotaMoved."""
    check_staff(member)
    with transaction.atomic():
        _end(holiday, member)
        holiday.made.filter(ended_at=None).update(ended_at=timezone.now(), ended_by=member)
        log_change(RotaChange.HOLIDAY_ENDED, member, holiday=holiday)


def log_change(what: RotaChange, member: Member | None, **about: Any) -> None:
    RotaEvent.objects.create(what=what, by=member, **about)


def check_staff(member: Member) -> None:
    if member.role != Role.STAFF:
        raise NotAllowed(_("This is for staff."))


def check_person(who: Member, field: str) -> None:
    """Raises Missing for somebody who cannot be on call. A break may end before their time comes."""
    if who.role != Role.STAFF or not who.is_active or who.standing not in WALL_OPEN:
        raise Missing(field, _("Choose somebody of the staff who is here."))


def lock_staff() -> None:
    """One change of the rota at a time: two that overlap cannot both see an empty place."""
    list(Member.objects.select_for_update().filter(role=Role.STAFF).order_by("pk").values_list("pk"))


def midnight(day: date) -> datetime:
    """When a day begins by the organisation's clock."""
    return moment_of(day, time(), ZoneInfo(settings.TIME_ZONE))


def _end(row: Any, member: Member) -> None:
    live = type(row).objects.filter(pk=row.pk, ended_at=None)
    if not live.update(ended_at=timezone.now(), ended_by=member):
        raise RotaMoved


def _cover(holiday: RotaHoliday, rank: str, who: Member, member: Member) -> None:
    RotaInstead.objects.create(
        starts_at=midnight(holiday.day),
        ends_at=midnight(holiday.day + timedelta(days=1)),
        rank=rank,
        member=who,
        holiday=holiday,
        made_by=member,
    )


def _overlap(one: RotaWeekly, other: RotaWeekly) -> bool:
    return any(
        a < d and c < b for a, b in _minutes(one) for c, d in _minutes(other)
    )  # a half-open week: what ends when the other begins is beside it


def _minutes(weekly: RotaWeekly) -> list[tuple[int, int]]:
    """Minutes of the week, in two pieces where it goes over Sunday's midnight."""
    starts = weekly.day * 1440 + weekly.starts.hour * 60 + weekly.starts.minute
    ends = weekly.day * 1440 + weekly.ends.hour * 60 + weekly.ends.minute
    if weekly.ends <= weekly.starts:
        ends += 1440
    return [(starts, ends)] if ends <= WEEK else [(starts, WEEK), (0, ends - WEEK)]


def _taken(other: RotaWeekly) -> str:
    facts = {
        "who": other.member.handle,
        "day": Weekday(other.day).label,
        "start": other.starts.strftime("%H:%M"),
        "end": other.ends.strftime("%H:%M"),
    }
    return _("Some of it is %(who)s's already: %(day)s, %(start)s to %(end)s. Take that out first.") % facts

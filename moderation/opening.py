"""When staff are in: the opening hours that the operator has set, but for bank holidays that nobody covers."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from moderation import holidays
from moderation.rota_times import moment_of

AHEAD = 28  # days: no run of bank holidays is longer
MIDNIGHT = 24 * 60


def next_opening(now: datetime) -> datetime:
    """When staff are next in, strictly after `now`, in the organisation's time zone.

    Where every day of four weeks is a bank holiday that nobody covers, the first of them: somebody has to be named.
    """
    return next((opens for opens, _shuts in openings(now) if opens > now), None) or _first(now)


def is_open(now: datetime) -> bool:
    """Whether staff are in at this moment, by the hours that are set."""
    return any(opens <= now < shuts for opens, shuts in openings(now))


def openings(now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """From when till when staff are in, beginning with the day of `now`."""
    zone = ZoneInfo(settings.TIME_ZONE)
    today = now.astimezone(zone).date()
    closed = holidays.unconfirmed(today, today + timedelta(days=AHEAD))
    for day in holidays.days_from(today, AHEAD + 1):
        for opening in settings.STAFFED_HOURS if day not in closed else ():
            if opening.day == day.weekday():
                shuts = (day + timedelta(days=1), time()) if opening.shuts == MIDNIGHT else (day, _clock(opening.shuts))
                yield tuple(_local(*each, zone) for each in ((day, _clock(opening.opens)), shuts))


def _first(now: datetime) -> datetime:
    zone = ZoneInfo(settings.TIME_ZONE)
    days = holidays.days_from(now.astimezone(zone).date(), 8)
    opens = (
        _local(day, _clock(opening.opens), zone)
        for day in days
        for opening in settings.STAFFED_HOURS
        if opening.day == day.weekday()
    )
    return next(moment for moment in opens if moment > now)


def _clock(minutes: int) -> time:
    return time(*divmod(minutes, 60))


def _local(day, at, zone):  # type: ignore[no-untyped-def]
    return moment_of(day, at, zone).astimezone(zone)

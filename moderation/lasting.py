"""How long a step against a member can last, and when that is over. Pure, but for the words."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CHOICES: Mapping[str, tuple[str | Promise, timedelta]] = {
    "1d": (_("1 day"), timedelta(days=1)),
    "3d": (_("3 days"), timedelta(days=3)),
    "1w": (_("1 week"), timedelta(weeks=1)),
    "2w": (_("2 weeks"), timedelta(weeks=2)),
    "1m": (_("1 month"), timedelta(days=30)),
    "3m": (_("3 months"), timedelta(days=91)),
}
BEGUN_WITHIN = timedelta(hours=2)  # how long a statement may lie on the table with the date that stands in it
HOUR = timedelta(hours=1)


def choices() -> list[tuple[str, str | Promise]]:
    return [(key, label) for key, (label, _span) in CHOICES.items()]


def end_of(lasting: str, begun: datetime | None, now: datetime) -> datetime:
    """The first whole hour after it has lasted that long. Counted from when the statement was begun, so that what the
    member reads is what happens; from now, where that is no moment of the last two hours. Raises KeyError."""
    start = begun if begun is not None and now - BEGUN_WITHIN <= begun <= now else now
    end = start + CHOICES[lasting][1]
    whole = end.replace(minute=0, second=0, microsecond=0)
    return whole if whole == end else whole + HOUR


def until_words(until: datetime) -> str:
    """`Tuesday 3 March 2026, 14:00`."""
    return date_format(timezone.localtime(until), "l j F Y, H:i")

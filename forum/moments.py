"""Times to come, in the site's own time zone and in words."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def next_minute(at: datetime) -> datetime:
    """The first whole minute at or after `at`: what is said to be open at 04:12 must be open when the clock shows it."""
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + timedelta(minutes=1)


def clock_words(at: datetime) -> str:
    """`04:12`, and with the day when that is not today: `04:12 on 4 March`."""
    local = timezone.localtime(next_minute(at))
    if local.date() == timezone.localdate():
        return date_format(local, "H:i")
    return _("%(time)s on %(day)s") % {"time": date_format(local, "H:i"), "day": date_format(local, "j F")}


def day_words(at: datetime) -> str:
    """`Tuesday 4 March, 14:05`, for something days away."""
    return date_format(timezone.localtime(at), "l j F, H:i")

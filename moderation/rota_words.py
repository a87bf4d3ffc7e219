"""Why a time of the rota counts for nothing, and what its times are called, in words for staff."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

_SENTENCES: dict[str, Callable[[], str]] = {
    "unplanned": lambda: _("Nobody is planned."),
    "nobody": lambda: _("An exception says that nobody is on call."),
    "holiday": lambda: _("A bank holiday: nobody has confirmed who covers it."),
    "left": lambda: _("%(who)s is not of the staff any more."),
    "on_break": lambda: _("%(who)s is on a break."),
    "away": lambda: _("%(who)s's account is closed to the wall just now."),
    "silent": lambda: _("%(who)s has no way that rings, tested within 30 days."),
    "lapses": lambda: _("%(who)s's last test is more than 30 days old by then. A new one puts it right."),
    "first_too": lambda: _("%(who)s is first already, and cannot be second as well."),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """`why` is one of the keys above; `who` is the handle of the person it is about, if it is about one."""

    why: str
    who: str = ""

    def __str__(self) -> str:
        return _SENTENCES[self.why]() % {"who": self.who}


def span_words(starts_at: datetime, ends_at: datetime) -> str:
    """`Tuesday 4 March, 22:00 to Wednesday 5 March, 07:00`; the second day only where it is another."""
    starts, ends = timezone.localtime(starts_at), timezone.localtime(ends_at)
    until = date_format(ends, "H:i" if ends.date() == starts.date() else "l j F, H:i")
    return _("%(start)s to %(end)s") % {"start": date_format(starts, "l j F, H:i"), "end": until}

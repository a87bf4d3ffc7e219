"""That the clock has stopped, on every page of the team's: while it stands, nobody is called and nothing that is late is passed on."""

from datetime import datetime

from django.db.models.expressions import Combinable
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format

from forum import panels
from forum.access import ViewerFacts
from forum.onlooker import Onlooker, first_of
from moderation.clocks import CLOCK_BEAT, CLOCK_LATE_AFTER
from moderation.vocabulary import DESK
from realtime.clock import HEARTBEAT
from realtime.models import Tick

FACT = "clock_ran_at"


def register() -> None:
    """The time is read with what the header reads of a person, so it costs no query."""
    panels.member_facts[FACT] = clock_ran_at
    if banner not in panels.banners:
        panels.banners.append(banner)


def clock_ran_at(viewer: ViewerFacts) -> Combinable | None:
    return first_of(Tick.objects.filter(name=HEARTBEAT), "last_run_at") if viewer.role in DESK else None


def banner(onlooker: Onlooker) -> str:
    """For the team: the place that says it, empty while the clock runs and looked at again each minute."""
    return drawn(onlooker.facts[FACT]) if onlooker.member.role in DESK else ""


def drawn(ran_at: datetime | None) -> str:
    """The banner as html. `ran_at`: when a clock last ran, None when none ever did."""
    late = ran_at is None or timezone.now() - ran_at > CLOCK_LATE_AFTER
    context = {"late": late, "since": _since(ran_at) if ran_at else "", "beat": CLOCK_BEAT}
    return render_to_string("moderation/_clock.html", context)


def _since(ran_at: datetime) -> str:
    here = timezone.localtime(ran_at)
    return date_format(here, "H:i" if here.date() == timezone.localdate() else "j F, H:i")

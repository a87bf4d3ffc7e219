"""The list of incidents: who reads it, what is still owed, and how long is left to tell the regulator. Writes no row."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from forum.access import ViewerFacts
from forum.models import Role
from moderation.access import cases_visible_to
from moderation.models import REGULATOR_ANSWERED, Case, Incident, IncidentKind, LineKind

REGULATOR_WITHIN = timedelta(hours=72)  # UK GDPR, article 33: from when it was found, where it has to be told at all
CLOSE_ASKED_FOR = timedelta(days=7)


def seen_by(viewer: ViewerFacts) -> QuerySet[Incident]:
    """Staff read all but those from a case that they may not see: about themselves, or kept for the independent contacts."""
    if not viewer.wall_is_open or viewer.role != Role.STAFF:
        return Incident.objects.none()
    return Incident.objects.filter(Q(case=None) | Q(case__in=Case.objects.filter(cases_visible_to(viewer))))


@dataclass(frozen=True, slots=True)
class RegulatorClock:
    """By when a breach is to be told, where it has to be; `over`: an answer stands in the list."""

    due_at: datetime
    over: bool

    @property
    def is_late(self) -> bool:
        return not self.over and self.due_at <= timezone.now()


def regulator_clock(incident: Incident) -> RegulatorClock | None:
    """None for what is no breach of personal data."""
    if incident.kind != IncidentKind.BREACH:
        return None
    answered = any(line.kind in REGULATOR_ANSWERED for line in incident.lines.all())
    return RegulatorClock(incident.found_at + REGULATOR_WITHIN, answered)


def why_not_close(incident: Incident) -> str:
    """What has to be written first, or ""."""
    kinds = set(incident.lines.values_list("kind", flat=True))
    if LineKind.CHANGED not in kinds:
        return _("Write first what we changed, or that nothing had to be, and why.")
    if incident.kind == IncidentKind.BREACH and not kinds & set(REGULATOR_ANSWERED):
        return _("Write first whether the regulator was told, or why that need not be.")
    return ""


def checks() -> list[str | Promise]:
    """What to look up oneself. None of it is advice on the law."""
    return [
        _(
            "Personal data went astray: check whether the Information Commissioner's Office has to be told. Where it has to, "
            "it is within 72 hours of finding out. ico.org.uk/for-organisations/report-a-breach"
        ),
        _("The people whose data it is: check whether they have to be told, and tell them plainly."),
        _(
            "Illegal content or harm through it: check whether Ofcom's rules on online safety ask for a record or a report."
        ),
        _("Somebody was seriously harmed: check whether your charity regulator has to be told."),
    ]

"""How many cases wait for somebody, and for how long the oldest has: for whoever watches the site, without a word of who."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min
from django.db.models.functions import Coalesce

from moderation.models import Case
from moderation.models.case import RESTING
from moderation.vocabulary import Severity, State

NOBODY_HAS_THEM = (State.OPEN, State.ESCALATED)


@dataclass(frozen=True, slots=True)
class Wait:
    state: str
    severity: str
    count: int
    since: datetime | None  # of the one that waits longest; None where none does


def waits() -> list[Wait]:
    """For moderators (`open`) and for staff (`escalated`), by severity: every one of them, those where nobody waits too."""
    nobody_yet = Case.objects.filter(place__gte=0, place__lt=RESTING, state__in=NOBODY_HAS_THEM)
    groups = nobody_yet.values("state", "severity").annotate(
        count=Count("pk"), since=Min(Coalesce("escalated_at", "opened_at"))
    )
    found = {(group["state"], group["severity"]): (group["count"], group["since"]) for group in groups}
    return [
        Wait(state.value, severity.value, *found.get((state.value, severity.value), (0, None)))
        for state in NOBODY_HAS_THEM
        for severity in Severity
    ]

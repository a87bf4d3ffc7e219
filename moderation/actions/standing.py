"""What decisions do to a member's standing: all that are in force together say what it is, so each can be undone by itself."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from forum.actions.membership import keep_to
from forum.limits import locked_member
from forum.models import Member, Standing
from forum.standings import Step
from moderation.models import Decision
from moderation.vocabulary import DecisionKind
from realtime.log import NewEvent

STANDINGS: Mapping[str, Standing] = {
    DecisionKind.SLOW: Standing.SLOWED,
    DecisionKind.PAUSE: Standing.PAUSED,
    DecisionKind.STOP_POSTS: Standing.PAUSED,
    DecisionKind.SUSPEND: Standing.SUSPENDED,
    DecisionKind.BAN: Standing.BANNED,
}


def lock_subject(member_id: int, kind: str) -> None:
    """Before the case's row: member rows are locked before case rows, everywhere. Only where the kind will change one."""
    if kind in STANDINGS:
        locked_member(Member(pk=member_id))


def impose(subject: Member, kind: str, until: datetime | None) -> list[NewEvent]:
    """Lets a decision that is being made count beside those that are in force. Call with the member's row locked."""
    return keep_to(subject, [*in_force(subject), (STANDINGS[kind], until)])


def lift(decision: Decision) -> list[NewEvent]:
    """Takes one decision out of the count: what the others say is what stands then."""
    return keep_to(decision.subject, in_force(decision.subject, but=decision))


def in_force(subject: Member, but: Decision | None = None) -> list[Step]:
    """What the decisions that nobody has undone and whose time is not over say about this member."""
    going_on = Q(until=None) | Q(until__gt=timezone.now())
    rows = Decision.objects.filter(going_on, subject=subject, kind__in=STANDINGS, undone_at=None)
    steps = rows.values_list("pk", "kind", "until")
    return [(STANDINGS[kind], until) for pk, kind, until in steps if but is None or pk != but.pk]

"""Who is here. On shift is signed on and active; on call is reachable; a standing duty (the demo's) always counts."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from forum.access import WALL_OPEN
from forum.models import Member, Role
from moderation.clocks import ACTIVE_WITHIN
from moderation.models import Duty, DutyKind

WATCH = (Role.MODERATOR, Role.STAFF)  # whose shift counts as somebody being here


def on_shift(now: datetime | None = None) -> list[Member]:
    """Who is signed on and has acted within the last 15 minutes, whoever signed on first first."""
    now = now or timezone.now()
    active = Q(standing=True) | Q(last_act_at__gt=now - ACTIVE_WITHIN)
    return _members(_running(now).filter(active, kind=DutyKind.SHIFT))


def on_call(now: datetime | None = None) -> list[Member]:
    """Who can be rung now, in the order in which they are."""
    return _members(_running(now or timezone.now()).filter(kind=DutyKind.ON_CALL))


def on_call_ids(now: datetime | None = None) -> list[int]:
    return [member.pk for member in on_call(now)]


def someone_is_here(now: datetime | None = None) -> bool:
    """Whether a moderator or staff is on shift. Being on call is not being here."""
    return any(member.role in WATCH for member in on_shift(now))


def next_expected(now: datetime | None = None) -> datetime | None:
    """When the next planned shift begins; None when none is planned."""
    planned = Duty.objects.filter(kind=DutyKind.SHIFT, starts_at__gt=now or timezone.now())
    return planned.order_by("starts_at").values_list("starts_at", flat=True).first()


def note_act(member: Member) -> None:
    """Whoever acts is active: called by every action of the team."""
    now = timezone.now()
    _running(now).filter(member=member, kind=DutyKind.SHIFT).update(last_act_at=now)


def _running(now: datetime) -> QuerySet[Duty]:
    return Duty.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), starts_at__lte=now)


def _members(duties: QuerySet[Duty]) -> list[Member]:
    there = duties.filter(member__standing__in=WALL_OPEN).select_related("member").order_by("starts_at", "id")
    return list(dict.fromkeys(duty.member for duty in there))

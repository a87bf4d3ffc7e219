"""Who is here. On shift is signed on and active; on call is reachable; a standing duty (the demo's) always counts."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from forum.access import WALL_OPEN
from forum.models import Member, Role
from moderation import rota, ways
from moderation.clocks import ACTIVE_WITHIN, NOTES_FOR
from moderation.models import Duty, DutyKind

WATCH = (Role.MODERATOR, Role.STAFF)  # whose shift counts as somebody being here


def on_shift(now: datetime | None = None) -> list[Member]:
    """Who is signed on and has acted within the last 15 minutes, whoever signed on first first."""
    now = now or timezone.now()
    return _members(_running(now).filter(_active(now), kind=DutyKind.SHIFT))


def watch_on_shift(now: datetime) -> QuerySet[Member]:
    """Those on shift whose being here counts as somebody being here, as rows to be counted."""
    on_it = _running(now).filter(_active(now), kind=DutyKind.SHIFT, member__standing__in=WALL_OPEN)
    return Member.objects.filter(pk__in=on_it.values("member"), role__in=WATCH)


def on_call(now: datetime | None = None) -> list[Member]:
    """Who can be rung now, in the order in which they are: the rota's first and second, then who went on call by hand.

    By hand, too, it counts only with a way that rings; the standing ones of the demo are there as they are.
    """
    now = now or timezone.now()
    planned = rota.on_call_at(now)
    rows = _there(_running(now).filter(kind=DutyKind.ON_CALL))
    by_hand = [duty.member for duty in rows if duty.standing or ways.has_ringing_way(duty.member, now)]
    return list(dict.fromkeys(each for each in (planned.first, planned.second, *by_hand) if each))


def on_call_ids(now: datetime | None = None) -> list[int]:
    return [member.pk for member in on_call(now)]


def went_on_call(member_id: int, now: datetime) -> bool:
    """Whether they went on call by hand and have not ended it, whether it counts just now or not."""
    return _running(now).filter(member=member_id, kind=DutyKind.ON_CALL).exists()


def someone_is_here(now: datetime | None = None) -> bool:
    """Whether a moderator or staff is on shift. Being on call is not being here."""
    return watch_on_shift(now or timezone.now()).exists()


def next_expected(now: datetime | None = None) -> datetime | None:
    """When the next planned shift begins or the site opens, whichever is sooner; None when neither is known."""
    now = now or timezone.now()
    return sooner_expected(planned(now).values_list("starts_at", flat=True).first(), now)


def sooner_expected(shift: datetime | None, now: datetime) -> datetime | None:
    """The sooner of the next planned shift and the next opening; None when neither is known."""
    return min((each for each in (shift, rota.expected_at(now)) if each), default=None)


def planned(now: datetime) -> QuerySet[Duty]:
    """The shifts that are to begin, the next one first."""
    return Duty.objects.filter(kind=DutyKind.SHIFT, starts_at__gt=now).order_by("starts_at")


def note_act(member: Member) -> None:
    """Whoever acts is active: called by every action of the team."""
    now = timezone.now()
    _running(now).filter(member=member, kind=DutyKind.SHIFT).update(last_act_at=now, tired_at=None)


def shift_of(member_id: int, now: datetime) -> Duty | None:
    """The shift they signed on to and have not ended, whether it counts just now or not."""
    return _running(now).filter(member=member_id, kind=DutyKind.SHIFT).order_by("-standing", "starts_at").first()


def nobody_there(now: datetime) -> QuerySet[Duty]:
    """The shifts that were signed on to and count no more, because nothing was done on them for too long."""
    quiet = _running(now).filter(kind=DutyKind.SHIFT, standing=False, last_act_at__lte=now - ACTIVE_WITHIN)
    there = _running(now).filter(_active(now), kind=DutyKind.SHIFT)
    return quiet.exclude(member__in=there.values("member"))


def handed_over(role: str, now: datetime) -> QuerySet[Duty]:
    """What those before left for whoever comes next, the newest first. The independent contacts' notes stay among them."""
    apart = Q(member__role=Role.INDEPENDENT)
    readable = apart if role == Role.INDEPENDENT else ~apart
    notes = Duty.objects.filter(readable, note_at__gt=now - NOTES_FOR).exclude(note="")
    return notes.select_related("member").order_by("-note_at")


def _active(now: datetime) -> Q:
    return Q(standing=True) | Q(last_act_at__gt=now - ACTIVE_WITHIN)


def _running(now: datetime) -> QuerySet[Duty]:
    return Duty.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), starts_at__lte=now)


def _members(duties: QuerySet[Duty]) -> list[Member]:
    return list(dict.fromkeys(duty.member for duty in _there(duties)))


def _there(duties: QuerySet[Duty]) -> QuerySet[Duty]:
    return duties.filter(member__standing__in=WALL_OPEN).select_related("member").order_by("starts_at", "id")

"""Which cases are hard to read, and how many of them somebody has taken today. It is read for that person alone."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from moderation.models import Case, CaseEvent, Door, Report, Source
from moderation.vocabulary import ROUSING

HARD: dict[str, frozenset[str]] = {
    Door.WORRY: frozenset(
        {"danger_now", "child", "someone_else", "ending_life", "controlled", "self_harm", "thoughts", "under_18"}
    ),
    Door.SELF: frozenset({"danger_now"}),
    Door.RULE: frozenset({"child", "threat", "grooming", "controlled", "method", "abuse"}),
    Source.SCREENING: frozenset({"crisis", "method", "abuse"}),
}
TAKING = ("claim", "take")


def hard_ones() -> Q:
    """As a condition on Case: urgent and above, or told as something that stays with whoever reads it."""
    told = Q(pk__in=())
    for door, keys in HARD.items():
        where = Q(source=Source.SCREENING) if door == Source.SCREENING else Q(door=door) & ~Q(source=Source.SCREENING)
        told |= where & Q(category__in=keys)
    return Q(severity__in=ROUSING) | Q(Exists(Report.objects.filter(told, case=OuterRef("pk"))))


def is_hard(case: Case) -> bool:
    return Case.objects.filter(hard_ones(), pk=case.pk).exists()


def taken_today(member_id: int, now: datetime) -> int:
    """The hard cases this person has taken since midnight, and those handed to them since; each counts once."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    today = CaseEvent.objects.filter(at__gte=midnight)
    took = today.filter(actor=member_id, action__in=TAKING).order_by().values("case")
    handed = today.filter(action="hand_over", case__holder=member_id).order_by().values("case")
    return Case.objects.filter(hard_ones(), pk__in=took.union(handed)).count()

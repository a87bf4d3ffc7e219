"""What counts against a member: decisions under a rule, for a year. Then they lapse by themselves, and nothing is deleted."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from forum.models import Member, Standing
from moderation.clocks import STRIKES_FOR
from moderation.models import Decision, Kind
from moderation.vocabulary import COUNTS


def strikes_of(member: Member | int, now: datetime | None = None) -> QuerySet[Decision]:
    """The decisions about this member that count now, newest first: a warning or more, under a house rule, in a case about
    conduct, of the last twelve months. Never what was undone, and never what was done for safety, and nothing of
    somebody who has died."""
    since = (now or timezone.now()) - STRIKES_FOR
    under_a_rule = Decision.objects.filter(case_kind=Kind.CONDUCT, kind__in=COUNTS).exclude(
        rule__in=["", Decision.SAFETY]
    )
    counted = under_a_rule.exclude(subject__standing=Standing.REMEMBERED)
    return counted.filter(subject=member, undone_at=None, made_at__gt=since).order_by("-made_at", "-pk")

"""Keeping a record from the person it is about, for a while."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from moderation.models.record import CrisisRecord

MEMBER = settings.AUTH_USER_MODEL


class RecordWithheld(models.Model):
    """Why a person may not read a record about them yet: one of the staff proposes it, another confirms, until a review."""

    WHY_MAX: ClassVar[int] = 2000

    record = models.ForeignKey(CrisisRecord, on_delete=models.CASCADE, related_name="withheld")
    why = models.TextField(max_length=WHY_MAX)
    review_on = models.DateField()
    proposed_by = models.ForeignKey(MEMBER, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(MEMBER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(MEMBER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)  # without an `ended_by`: it lapsed unconfirmed
    reminded_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(why=""), name="withheld_says_why"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")), name="withheld_by_two_people"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="withheld_is_confirmed_by_somebody",
            ),
            models.UniqueConstraint(fields=["record"], condition=Q(ended_at=None), name="withheld_once_at_a_time"),
        ]

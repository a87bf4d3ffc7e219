"""What somebody told the team: a worry, a wish for help, a broken rule."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Door(models.TextChoices):
    """Which of the three doors a report came through."""

    WORRY = "worry", _("I'm worried about this person")
    SELF = "self", _("I need someone from the team")
    RULE = "rule", _("This breaks a house rule")


class Source(models.TextChoices):
    MEMBER = "member", _("a member")
    SELF = "self", _("the person themselves")
    OUTSIDE = "outside", _("somebody without an account")
    NOTICED = "noticed", _("noticed by the team")
    SCREENING = "screening", _("screening")
    STAFF = "staff", _("staff, by phone or letter")


class Report(models.Model):
    """One report, kept as it was made. `snapshot` holds the words as the reporter saw them."""

    NOTE_MAX: ClassVar[int] = 2000
    WAKES_NOBODY: ClassVar[Q] = Q(by_blocked=True) | Q(gathered=True, rang_at=None)

    case = models.ForeignKey("moderation.Case", on_delete=models.PROTECT, related_name="reports")
    post = models.ForeignKey("forum.Post", on_delete=models.PROTECT, null=True, blank=True, related_name="reports")
    door = models.CharField(max_length=5, choices=Door)
    category = models.CharField(max_length=24)  # a key of moderation.categories
    severity = models.CharField(max_length=9)
    note = models.TextField(max_length=NOTE_MAX, blank=True)
    whereabouts = models.TextField(max_length=NOTE_MAX, blank=True)  # what would help find them
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="reports_made"
    )
    source = models.CharField(max_length=9, choices=Source)
    snapshot = models.TextField(blank=True)
    snapshot_version = models.PositiveIntegerField(null=True, blank=True)
    reasons = models.JSONField(default=list, blank=True)  # screening's: [{"rule", "start", "end", "text_kind"}]
    key = models.UUIDField(default=uuid.uuid4)  # the sender's own name for this send
    case_version = models.PositiveIntegerField(
        default=1
    )  # of the case when this joined: who acts on that version has seen it
    made_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="reports_read"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # when its reporter took it back; it stays in the file
    by_blocked = models.BooleanField(
        default=False
    )  # a worry by somebody its subject had blocked: alone it wakes nobody
    gathered = models.BooleanField(
        default=False
    )  # its sender had just told us of many others: they are looked at together, and it wakes nobody until it rings
    rings_from = models.DateTimeField(
        null=True, blank=True
    )  # gathered danger: it rings then unless somebody has read it
    rang_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["made_at", "id"]
        indexes = [models.Index(fields=["rings_from"], name="report_rings_late", condition=Q(rings_from__isnull=False))]
        constraints = [
            models.UniqueConstraint(fields=["reporter", "key"], name="report_key_once_per_reporter"),
            models.CheckConstraint(condition=Q(door__in=Door.values), name="report_door_is_known"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="report_source_is_known"),
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"

    @property
    def wakes_nobody(self) -> bool:
        """Alone: until a person raises its case, somebody else tells us too, or its hour is over and nobody has read it."""
        return self.by_blocked or (self.gathered and self.rang_at is None)

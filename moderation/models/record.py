"""What staff write down about a crisis."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RecordKind(models.TextChoices):
    FULL = "full", _("a full record")
    SHORT = "short", _("not a crisis, because")


class CrisisRecord(models.Model):
    """A full record says what happened; a short one why it was no crisis, and a second person reads it within a day."""

    WORDS_MAX: ClassVar[int] = 4000

    case = models.ForeignKey("moderation.Case", on_delete=models.PROTECT, related_name="records")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="records_written")
    kind = models.CharField(max_length=5, choices=RecordKind)
    what_they_said = models.TextField(max_length=WORDS_MAX, blank=True)
    when_and_where = models.TextField(max_length=WORDS_MAX, blank=True)
    what_they_want = models.TextField(max_length=WORDS_MAX, blank=True)
    what_we_did = models.TextField(max_length=WORDS_MAX, blank=True)
    who_was_told = models.TextField(max_length=WORDS_MAX, blank=True)
    because = models.TextField(max_length=WORDS_MAX, blank=True)
    at = models.DateTimeField(default=timezone.now)
    second_due_at = models.DateTimeField(null=True, blank=True)
    second_read_at = models.DateTimeField(null=True, blank=True)
    second_reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="records_read"
    )
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=RecordKind.values), name="record_kind_is_known"),
            models.CheckConstraint(
                condition=Q(kind=RecordKind.SHORT) | ~(Q(what_they_said="") | Q(what_they_want="") | Q(what_we_did="")),
                name="full_record_says_what_was_said_wanted_and_done",
            ),
            models.CheckConstraint(
                condition=Q(kind=RecordKind.FULL) | (~Q(because="") & Q(second_due_at__isnull=False)),
                name="short_record_says_why_and_is_read_again",
            ),
            models.CheckConstraint(
                condition=Q(second_reader__isnull=True) | ~Q(second_reader=F("by")),
                name="record_is_read_by_somebody_else",
            ),
        ]

    def __str__(self) -> str:
        return f"record {self.pk}"

"""Going away: the 21 days to come back in, the account of what was erased, and the copy a member takes with them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class Leaving(models.Model):
    """Somebody has asked to leave. Coming back deletes the row; what they come back to stands on the member."""

    member = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="leaving")
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(due_at__gte=F("asked_at")), name="leaving_is_due_after_it_was_asked"),
        ]


class Erasure(models.Model):
    """One line of the ledger: ids and times, so that what was erased is erased again when a backup is restored.

    `joined_at` tells the account from a later one that was given the same number by a restored database.
    `finished_at` is empty while something is still to be done; `again_at` is the next look while a case holds some of it.
    """

    member_id = models.PositiveBigIntegerField(unique=True)
    joined_at = models.DateTimeField()
    asked_at = models.DateTimeField(default=timezone.now)
    again_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True, db_index=True)

    def __str__(self) -> str:
        return f"erasure {self.pk}"


class DataExport(models.Model):
    """A copy somebody asked for. `archive` is sealed, taken once, and wiped then or when its time is over."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="data_exports")
    asked_at = models.DateTimeField(default=timezone.now, db_index=True)
    claimed_until = models.DateTimeField(null=True, blank=True)  # a clock that dies leaves it to the next after this
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    archive = models.BinaryField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(ready_at__isnull=True), name="one_export_is_being_made"
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True) | Q(archive__isnull=True), name="export_is_taken_once"
            ),
        ]

"""What is more than usual and might be misuse: somebody of the team is asked to look. Nothing else comes of it by itself."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UnusualKind(models.TextChoices):
    READS = "reads", _("cases opened by one person")
    REPORTS = "reports", _("people one member told us about")
    JOINED = "joined", _("people who joined")
    OUTSIDE = "outside", _("what came from outside")


class Unusual(models.Model):
    """`number` is the most within the hour that began at `hour`. `about`: whose; nobody for what the whole place did."""

    kind = models.CharField(max_length=7, choices=UnusualKind)
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="unusual"
    )
    number = models.PositiveIntegerField()
    hour = models.DateTimeField()
    told_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="unusual_seen"
    )

    class Meta:
        ordering = ["-hour", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "about", "hour"], name="unusual_once_an_hour"),
            models.UniqueConstraint(
                fields=["kind", "hour"], condition=Q(about=None), name="unusual_of_nobody_once_an_hour"
            ),
            models.CheckConstraint(condition=Q(kind__in=UnusualKind.values), name="unusual_kind_is_known"),
            models.CheckConstraint(
                condition=Q(seen_at=None, seen_by=None) | Q(seen_at__isnull=False, seen_by__isnull=False),
                name="unusual_is_seen_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"unusual {self.kind} {self.pk}"

"""Who is on shift and who is on call."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DutyKind(models.TextChoices):
    SHIFT = "shift", _("on shift")
    ON_CALL = "on_call", _("on call")


class Duty(models.Model):
    """A stretch of duty, planned or begun. A shift counts while its person acts; a `standing` one always counts (the demo's)."""

    NOTE_MAX: ClassVar[int] = 1000

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="duties")
    kind = models.CharField(max_length=7, choices=DutyKind)
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    last_act_at = models.DateTimeField(default=timezone.now)
    standing = models.BooleanField(default=False)
    tired_at = models.DateTimeField(null=True, blank=True)  # the clock found nobody there; the next act takes it back
    note = models.TextField(max_length=NOTE_MAX, blank=True)  # for whoever comes next, left at signing off
    note_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DutyKind.values), name="duty_kind_is_known"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")), name="duty_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(note="", note_at=None) | (~Q(note="") & Q(note_at__isnull=False)),
                name="a_note_handed_over_has_its_time",
            ),
            models.UniqueConstraint(
                fields=["member", "kind"], condition=Q(ends_at__isnull=True), name="one_endless_duty_of_a_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"duty {self.pk}"

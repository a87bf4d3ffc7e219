"""The audit chain: one row for everything that happened to any case or role, each bound to the one before."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class AuditHead(models.Model):
    """One row: number and digest of the last event. Locked before every insert, so that numbers have no gaps."""

    n = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)


class CaseEvent(models.Model):
    """Never changed, never deleted: triggers refuse both. Written by moderation.audit.record alone."""

    n = models.PositiveBigIntegerField(unique=True)
    case = models.ForeignKey("moderation.Case", on_delete=models.PROTECT, null=True, related_name="events")
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="role_events"
    )  # whose role it is, where it is a role's
    action = models.CharField(max_length=20)
    from_state = models.CharField(max_length=16, blank=True)  # or the role until then
    to_state = models.CharField(max_length=16)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="case_events"
    )
    at = models.DateTimeField(default=timezone.now)
    canonical = models.TextField()  # what the digest is over: ids, states, time, a salted digest of any words
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["n"]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, about=None) | Q(case=None, about__isnull=False),
                name="an_event_is_a_cases_or_a_roles",
            ),
        ]
        indexes = [models.Index(fields=["at"], name="case_event_time")]  # pages of the team ask what was done today

    def __str__(self) -> str:
        return f"event {self.n}"


class CaseEventWords(models.Model):
    """The words that went with an event. They can be erased; the chain still holds."""

    event = models.OneToOneField(CaseEvent, on_delete=models.CASCADE, related_name="said")
    salt = models.CharField(max_length=32)
    words = models.TextField()

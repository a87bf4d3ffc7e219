"""What went wrong here, or nearly did: harm, breach, near miss. A list that is only ever added to."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class IncidentKind(models.TextChoices):
    HARM = "harm", _("Somebody was harmed")
    BREACH = "breach", _("Personal data went where it should not")
    NEAR_MISS = "near_miss", _("It nearly went wrong")


class Incident(models.Model):
    """One incident. Two people close it, and the database says that they differ."""

    TITLE_MAX: ClassVar[int] = 140

    kind = models.CharField(max_length=9, choices=IncidentKind)
    title = models.CharField(max_length=TITLE_MAX)
    happened_at = models.DateTimeField()
    found_at = models.DateTimeField()
    case = models.ForeignKey(
        "moderation.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="incidents"
    )
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="incidents_opened")
    opened_at = models.DateTimeField(default=timezone.now)
    close_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="incidents_to_close"
    )
    close_asked_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="incidents_closed"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-found_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=IncidentKind.values), name="incident_kind_is_known"),
            models.CheckConstraint(condition=Q(found_at__gte=F("happened_at")), name="incident_is_found_after_it"),
            models.CheckConstraint(
                condition=Q(close_asked_at=None, close_asked_by=None)
                | Q(close_asked_at__isnull=False, close_asked_by__isnull=False),
                name="incident_close_is_asked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False, close_asked_by__isnull=False)
                & ~Q(closed_by=F("close_asked_by")),
                name="incident_is_closed_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"incident {self.pk}"


class LineKind(models.TextChoices):
    HAPPENED = "happened", _("What happened")
    TOLD = "told", _("Who was told")
    REGULATOR = "regulator", _("The regulator was told")
    NO_REGULATOR = "no_regulator", _("Why the regulator need not be told")
    CHANGED = "changed", _("What we changed")


REGULATOR_ANSWERED = (LineKind.REGULATOR, LineKind.NO_REGULATOR)


class IncidentLine(models.Model):
    """One line of an incident. Only ever added to: triggers refuse an UPDATE and a DELETE."""

    WORDS_MAX: ClassVar[int] = 2000

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=12, choices=LineKind)
    words = models.TextField(max_length=WORDS_MAX)
    at = models.DateTimeField(default=timezone.now)  # of what it tells: when they were told, when it was changed
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="incident_lines")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LineKind.values), name="incident_line_kind_is_known"),
            models.CheckConstraint(condition=~Q(words=""), name="incident_line_says_something"),
        ]

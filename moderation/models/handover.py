"""A case that staff hold is offered to another of them: until they accept, whoever holds it goes on."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class HandOverAnswer(models.TextChoices):
    ACCEPTED = "accepted", _("taken over")
    DECLINED = "declined", _("they cannot")
    TAKEN_BACK = "taken_back", _("taken back")
    LAPSED = "lapsed", _("nobody answered in time")
    OVERTAKEN = "overtaken", _("the case went another way")


class HandOver(models.Model):
    """The note stands with the event, where it can be erased. One at a time for a case."""

    case = models.ForeignKey("moderation.Case", on_delete=models.PROTECT, related_name="hand_overs")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hand_overs_offered")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hand_overs_asked")
    event = models.OneToOneField("moderation.CaseEvent", on_delete=models.PROTECT, related_name="hand_over")
    offered_at = models.DateTimeField(default=timezone.now)
    lapses_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=HandOverAnswer, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-offered_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | Q(answer__in=HandOverAnswer.values, answered_at__isnull=False),
                name="hand_over_is_answered_or_not",
            ),
            models.CheckConstraint(condition=~Q(by=F("to")), name="hand_over_is_to_somebody_else"),
            models.UniqueConstraint(fields=["case"], condition=Q(answer=""), name="one_hand_over_waits"),
        ]

    def __str__(self) -> str:
        return f"hand-over {self.pk}"

    @property
    def note(self) -> str:
        return self.event.said.words if hasattr(self.event, "said") else ""

"""What was decided in a case, what the member is told, and what it takes to undo it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moderation import vocabulary
from moderation.models.case import Kind


class DecisionKind(models.TextChoices):
    NO_ACTION = vocabulary.DecisionKind.NO_ACTION.value, _("leave it as it is")
    CONTENT_NOTE = vocabulary.DecisionKind.CONTENT_NOTE.value, _("put a content note on it")
    FOLD = vocabulary.DecisionKind.FOLD.value, _("fold it")
    REMOVE = vocabulary.DecisionKind.REMOVE.value, _("take it down")
    RESTORE = vocabulary.DecisionKind.RESTORE.value, _("put it back")
    WARNING = vocabulary.DecisionKind.WARNING.value, _("a word of warning")


class Decision(models.Model):
    """`case_kind` repeats the case's kind, so that the database itself refuses a warning for being worried about."""

    STATEMENT_MAX: ClassVar[int] = 4000
    SAFETY: ClassVar[str] = (
        "safety"  # stands in `rule` where words were folded to keep someone safe: no rule, no strike
    )

    case = models.ForeignKey("moderation.Case", on_delete=models.PROTECT, related_name="decisions")
    case_kind = models.CharField(max_length=7, choices=Kind)
    kind = models.CharField(max_length=12, choices=DecisionKind)
    rule = models.CharField(max_length=40, blank=True)  # an anchor of /rules/, or "safety"
    rules_version = models.CharField(max_length=20, blank=True)
    statement = models.TextField(max_length=STATEMENT_MAX)
    told = models.BooleanField(
        default=True
    )  # a worry that led to nothing is not told: nobody has to know they were spoken of
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions_made")
    subject = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions_about")
    post = models.ForeignKey("forum.Post", on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    post_version = models.PositiveIntegerField(null=True, blank=True)  # of the words that were judged
    before = models.JSONField(default=dict)  # {"status", "content_note"} of the post, to undo in full
    made_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions_undone"
    )

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DecisionKind.values), name="decision_kind_is_known"),
            models.CheckConstraint(condition=Q(case_kind__in=Kind.values), name="decision_case_kind_is_known"),
            models.CheckConstraint(
                condition=~Q(kind=DecisionKind.WARNING) | Q(case_kind=Kind.CONDUCT), name="nobody_is_warned_for_a_worry"
            ),
        ]

    def __str__(self) -> str:
        return f"decision {self.pk}"

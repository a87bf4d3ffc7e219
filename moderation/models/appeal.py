"""Somebody asks for another look: at what was decided about them, or at what came of what they told us."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AppealKind(models.TextChoices):
    DECISION = "decision", _("about a decision")
    FAILURE_TO_ACT = "failure_to_act", _("about what came of a report")


class AppealStage(models.TextChoices):
    OPEN = "open", _("waits for somebody")
    HELD = "held", _("somebody is reading it")
    UPHELD = "upheld", _("undone")
    REFUSED = "refused", _("it stands")


UNANSWERED = (AppealStage.OPEN, AppealStage.HELD)
ANSWERED = (AppealStage.UPHELD, AppealStage.REFUSED)


class Appeal(models.Model):
    """One for each decision, and one for each report. `against` repeats who decided, or who closed the case that the report
    was in, so that the database itself keeps them from hearing it; triggers see that it is true and stays so, and refuse
    whoever else had a hand in it.
    """

    WORDS_MAX: ClassVar[int] = 2000
    REASONS_MAX: ClassVar[int] = 2000

    kind = models.CharField(max_length=14, choices=AppealKind)
    case = models.ForeignKey("moderation.Case", on_delete=models.PROTECT, related_name="appeals")
    decision = models.OneToOneField(
        "moderation.Decision", on_delete=models.PROTECT, null=True, blank=True, related_name="appeal"
    )
    report = models.OneToOneField(
        "moderation.Report", on_delete=models.PROTECT, null=True, blank=True, related_name="appeal"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appeals_made")
    against = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="appeals_against"
    )
    words = models.TextField(max_length=WORDS_MAX)
    key = models.UUIDField()  # the sender's own name for this send
    made_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    stage = models.CharField(max_length=7, choices=AppealStage, default=AppealStage.OPEN)
    heard_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="appeals_heard"
    )
    held_at = models.DateTimeField(null=True, blank=True)
    lapses_at = models.DateTimeField(null=True, blank=True)  # a claim without an answer
    nudged_at = models.DateTimeField(null=True, blank=True)
    late_at = models.DateTimeField(null=True, blank=True)  # when the clock saw that nobody had answered in time
    reasons = models.TextField(max_length=REASONS_MAX, blank=True)
    later_stands = models.BooleanField(
        default=False
    )  # upheld beneath a later decision about the same words, which stood when this was answered
    answered_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)  # the answer, by whoever asked

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AppealKind.values), name="appeal_kind_is_known"),
            models.CheckConstraint(condition=Q(stage__in=AppealStage.values), name="appeal_stage_is_known"),
            models.CheckConstraint(
                condition=Q(kind=AppealKind.DECISION, decision__isnull=False, report__isnull=True)
                | Q(kind=AppealKind.FAILURE_TO_ACT, decision__isnull=True, report__isnull=False),
                name="appeal_is_about_one_thing",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="appeal_has_words"),
            models.CheckConstraint(
                condition=Q(heard_by__isnull=True) | Q(against__isnull=True) | ~Q(heard_by=F("against")),
                name="nobody_hears_an_appeal_against_themselves",
            ),
            models.CheckConstraint(
                condition=Q(heard_by__isnull=True) | ~Q(heard_by=F("by")), name="nobody_hears_their_own_appeal"
            ),
            models.CheckConstraint(
                condition=Q(stage=AppealStage.OPEN, heard_by__isnull=True)
                | (~Q(stage=AppealStage.OPEN) & Q(heard_by__isnull=False)),
                name="appeal_is_heard_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=UNANSWERED, answered_at__isnull=True)
                | (Q(stage__in=ANSWERED, answered_at__isnull=False) & ~Q(reasons="")),
                name="answered_appeal_has_reasons",
            ),
            models.UniqueConstraint(fields=["by", "key"], name="appeal_key_once_per_member"),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="appeal_waiting", condition=Q(stage__in=UNANSWERED)),
            models.Index(fields=["stage", "-answered_at"], name="appeal_answered"),
        ]

    def __str__(self) -> str:
        return f"appeal {self.pk}"

    @property
    def is_answered(self) -> bool:
        return self.stage in ANSWERED


class FrozenWords(models.Model):
    """The words that a decision was about, as they stood when it was made: kept while its author can ask for another look
    and until that is answered, whatever becomes of the post. The clock deletes them then.
    """

    decision = models.OneToOneField("moderation.Decision", on_delete=models.CASCADE, related_name="frozen")
    body = models.TextField(blank=True)
    content_note = models.CharField(max_length=80, blank=True)
    until = models.DateTimeField(db_index=True)

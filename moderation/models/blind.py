"""A second reading: somebody reads a decided case without knowing what was decided, and the two then talk it through."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value, When
from django.utils import timezone

from moderation.models.case import Kind
from moderation.models.decision import Decision, DecisionKind

_agreed = models.Case(
    When(kind="", then=Value(None)),
    When(kind=F("judged_kind"), then=Value(True)),
    default=Value(False),
    output_field=models.BooleanField(null=True),
)


class BlindReading(models.Model):
    """`judged_by` and `judged_kind` repeat the decision, so that the database itself keeps its reader from being who made
    it, and says whether the two agree.
    """

    WORDS_MAX: ClassVar[int] = 2000

    case = models.OneToOneField("moderation.Case", on_delete=models.PROTECT, related_name="blind_reading")
    case_kind = models.CharField(max_length=7, choices=Kind, default=Kind.CONDUCT)
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="blind_reading")
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions_read_blind"
    )
    judged_kind = models.CharField(max_length=12, choices=DecisionKind)
    category = models.CharField(max_length=24, blank=True)  # of the first report: what it is counted under
    chosen_at = models.DateTimeField(default=timezone.now)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="blind_readings"
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    kind = models.CharField(max_length=12, choices=DecisionKind, blank=True)  # what the reader would have decided
    rule = models.CharField(max_length=40, blank=True)
    words = models.TextField(max_length=WORDS_MAX, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True, db_index=True)
    agreed = models.GeneratedField(expression=_agreed, output_field=models.BooleanField(null=True), db_persist=True)
    talked_at = models.DateTimeField(null=True, blank=True)  # one of the two said that it is talked through

    class Meta:
        ordering = ["chosen_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(case_kind=Kind.CONDUCT), name="no_worry_is_read_blind"),
            models.CheckConstraint(
                condition=Q(judged_kind__in=DecisionKind.values) & Q(kind__in=["", *DecisionKind.values]),
                name="blind_kinds_are_known",
            ),
            models.CheckConstraint(
                condition=Q(reader=None) | ~Q(reader=F("judged_by")), name="nobody_reads_their_own_decision_blind"
            ),
            models.CheckConstraint(
                condition=Q(reader=None, taken_at=None) | Q(reader__isnull=False, taken_at__isnull=False),
                name="a_blind_reading_is_taken_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(kind="", rule="", words="", answered_at=None, talked_at=None)
                | (Q(reader__isnull=False, answered_at__isnull=False) & ~Q(kind="")),
                name="a_blind_answer_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"blind reading {self.pk}"


class BlindNote(models.Model):
    """What the two who read the same case write to each other about it."""

    BODY_MAX: ClassVar[int] = 2000

    reading = models.ForeignKey(BlindReading, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="blind_notes")
    body = models.TextField(max_length=BODY_MAX)
    key = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["author", "key"], name="blind_note_key_once_per_author")]

    def __str__(self) -> str:
        return f"blind note {self.pk}"

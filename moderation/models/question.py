"""One question from whoever holds a case to somebody who told the team something."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class ReportQuestion(models.Model):
    """About a report in a case, or about a letter that has none yet. One is open at a time; an answered one stays."""

    QUESTION_MAX: ClassVar[int] = 600
    ANSWER_MAX: ClassVar[int] = 2000

    report = models.ForeignKey(
        "moderation.Report", on_delete=models.PROTECT, null=True, blank=True, related_name="questions"
    )
    letter = models.ForeignKey(
        "moderation.Letter", on_delete=models.CASCADE, null=True, blank=True, related_name="questions"
    )
    question = models.TextField(max_length=QUESTION_MAX)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="questions_to_reporters"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(max_length=ANSWER_MAX, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(answered_at=None, report__isnull=False),
                name="one_open_question_a_report",
            ),
            models.UniqueConstraint(
                fields=["letter"],
                condition=Q(answered_at=None, letter__isnull=False),
                name="one_open_question_a_letter",
            ),
            models.CheckConstraint(
                condition=Q(report=None, letter__isnull=False) | Q(report__isnull=False, letter=None),
                name="question_is_about_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"

"""What we learnt from something that is over, and what comes of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Lesson(models.Model):
    """`learnt` names nobody. `shared`: moderators read it too."""

    WORDS_MAX: ClassVar[int] = 2000

    learnt = models.TextField(max_length=WORDS_MAX)
    step = models.TextField(max_length=WORDS_MAX, blank=True)  # what is done about it
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="lessons_to_do"
    )
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="lessons_done"
    )
    case = models.ForeignKey("moderation.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="lessons")
    incident = models.ForeignKey(
        "moderation.Incident", on_delete=models.PROTECT, null=True, blank=True, related_name="lessons"
    )
    shared = models.BooleanField(default=False)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="lessons_written")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-written_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(learnt=""), name="lesson_says_something"),
            models.CheckConstraint(
                condition=Q(step="", who=None, due_on=None) | ~Q(step="") & Q(who__isnull=False, due_on__isnull=False),
                name="lesson_step_is_somebodys_by_a_day",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | ~Q(step="") & Q(done_at__isnull=False, done_by__isnull=False),
                name="lesson_is_done_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"lesson {self.pk}"


class Reminder(models.Model):
    """Somebody was reminded of something once. The row is the lock: the second clock finds it there."""

    what = models.CharField(max_length=60)  # such as "request:7:due"
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["what"], name="reminder_once")]

"""The conversation of a case: one between a member and whoever holds it, staff included."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class Word(models.Model):
    """One message. `from_team` says which side wrote it; `read_at` when the other side did read it."""

    BODY_MAX: ClassVar[int] = 5000

    case = models.ForeignKey("moderation.Case", on_delete=models.PROTECT, related_name="words")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="words_sent")
    body = models.TextField(max_length=BODY_MAX)
    from_team = models.BooleanField()
    key = models.UUIDField()
    sent_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["sent_at", "id"]
        constraints = [models.UniqueConstraint(fields=["author", "key"], name="word_key_once_per_author")]

    def __str__(self) -> str:
        return f"word {self.pk}"

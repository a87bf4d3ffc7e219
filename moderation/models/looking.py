"""Who has the page of a case open just now."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Looking(models.Model):
    """Tells colleagues and keeps nobody out. Renewed while the page is open, gone a minute after, and in no record."""

    case = models.ForeignKey("moderation.Case", on_delete=models.CASCADE, related_name="looked_at_by")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="looking_at")
    at = models.DateTimeField(default=timezone.now, db_index=True)
    told = models.BooleanField(default=False)  # whether the boards have heard that this person came

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "member"], name="looking_once")]

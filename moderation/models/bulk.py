"""Several decisions made with one press, so that one press takes them back."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Bulk(models.Model):
    """Each decision in it is a whole one, with its statement and its case; `Decision.bulk` leads here."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bulks")
    made_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"bulk {self.pk}"

"""What somebody has begun to write and not sent."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class Draft(models.Model):
    """One unfinished text of a member's, at most one for each place. Nobody else reads it, no person and no screening.

    `version` is a name that the browser gives to each save, so that a save whose answer was lost is known again.
    """

    PLACE_MAX: ClassVar[int] = 60
    VERSION_MAX: ClassVar[int] = 36

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    place = models.CharField(max_length=PLACE_MAX)  # "post", "reply-12", "edit-12", and other forms' own names
    fields = models.JSONField()  # {"body": "…"}: the form's fields by name, as they stand in it
    version = models.CharField(max_length=VERSION_MAX)
    device = models.CharField(max_length=32, blank=True)  # begun on a shared device: its sign-out takes this away
    saved_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "place"], name="draft_once_per_place")]

    def __str__(self) -> str:
        return f"draft {self.pk}"

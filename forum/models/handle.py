"""Handles that were somebody's: nobody else gets one for a year."""

from django.conf import settings
from django.db import models


class OldHandle(models.Model):
    """Only the key is kept, and never shown. Without a member nobody can say whose it was, and nobody can take it back."""

    handle_key = models.CharField(max_length=120, unique=True)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="old_handles"
    )
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"old handle {self.pk}"

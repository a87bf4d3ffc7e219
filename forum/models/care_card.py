"""The card "If you are worried about me"."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class CareCard(models.Model):
    """What a member wants staff to know when somebody worries about them. Sealed: only forum.cards reads and writes it.

    There is no row while the card is empty. `opened_at` tells the member when staff last read it.
    """

    SEALED: ClassVar[tuple[str, ...]] = ("phone", "town", "to_ring", "helps", "worse", "ask_first")

    member = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="care_card")
    phone = models.TextField(blank=True)
    town = models.TextField(blank=True)
    to_ring = models.TextField(blank=True)
    helps = models.TextField(blank=True)
    worse = models.TextField(blank=True)
    ask_first = models.TextField(blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"card {self.pk}"

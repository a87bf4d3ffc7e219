"""How a member could be reached before they changed it, while somebody from the team was looking after them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone


class KeptContact(models.Model):
    """`sealed` holds a card or an address, sealed for this row (forum/kept_contact.py). The clock deletes it once it may go."""

    class What(models.TextChoices):
        CARD = "card"
        MAIL = "mail"

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="contact_before")
    what = models.CharField(max_length=4, choices=What)
    sealed_for = models.UUIDField(default=uuid.uuid4, unique=True)  # known before the row has its number
    sealed = models.TextField()
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-kept_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(what__in=["card", "mail"]), name="kept_contact_is_known")
        ]

    def __str__(self) -> str:
        return f"contact before {self.pk}"

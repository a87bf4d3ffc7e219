"""Where somebody signed in or wrote from: sealed, and forgotten after thirty days."""

import uuid

from django.conf import settings
from django.db import models


class ConnectionFact(models.Model):
    """`post` None: a sign-in. `address`, `port` and `at` are sealed for this row (forum/connections.py).

    `forget_at` is all the database itself can read of the time: thirty days later, rounded down to the hour.
    """

    SEALED = ("address", "port", "at")

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="connections")
    post = models.OneToOneField(
        "forum.Post", on_delete=models.CASCADE, null=True, blank=True, related_name="connection"
    )
    sealed_for = models.UUIDField(default=uuid.uuid4, unique=True)  # known before the row has its number
    address = models.TextField()
    port = models.TextField(blank=True)
    at = models.TextField()
    forget_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"connection {self.pk}"

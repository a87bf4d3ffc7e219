"""One code on paper for the night on which the phone with the second step is lost."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class SealedCode(models.Model):
    """Shown once when it is made, kept as a hash, used once in place of the second step. `ended_at`: a newer one was made."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sealed_codes")
    hashed = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(used_at__isnull=True, ended_at__isnull=True),
                name="one_sealed_code_works",
            )
        ]

    def __str__(self) -> str:
        return f"sealed code {self.pk}"

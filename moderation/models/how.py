"""How it was to be told of a decision: asked once, a day later, and counted where eight have answered."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class HowChoice(models.TextChoices):
    FAIR = "fair", _("It was clear, and it was fair")
    HARD = "hard", _("I could follow it, and it was hard all the same")
    WRONG = "wrong", _("It felt wrong, or I was left alone with it")


class HowItWas(models.Model):
    """One answer to one decision, never changed. It is not linked to anything the team reads of a person."""

    WORDS_MAX: ClassVar[int] = 1000

    decision = models.OneToOneField("moderation.Decision", on_delete=models.CASCADE, related_name="how_it_was")
    choice = models.CharField(max_length=5, choices=HowChoice)
    words = models.TextField(max_length=WORDS_MAX, blank=True)
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(choice__in=HowChoice.values), name="how_choice_is_known")]

    def __str__(self) -> str:
        return f"how decision {self.decision_id} was"

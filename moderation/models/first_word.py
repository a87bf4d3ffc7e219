"""First messages that the team begins a conversation from. What they say changes only by two names."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FirstWord(models.Model):
    """One message to begin from. A row with a `key` came with Harbour and says what Harbour says while its words are empty."""

    NAME_MAX: ClassVar[int] = 80
    WORDS_MAX: ClassVar[int] = 1500

    key = models.SlugField(max_length=40, blank=True, editable=False)
    language = models.CharField(max_length=12)
    name = models.CharField(max_length=NAME_MAX, blank=True)
    words = models.TextField(max_length=WORDS_MAX, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(key="") | (~Q(name="") & ~Q(words="")), name="own_first_word_has_words"
            ),
            models.UniqueConstraint(
                fields=["key", "language"], condition=~Q(key=""), name="first_word_once_per_key_and_language"
            ),
        ]

    def __str__(self) -> str:
        return f"first word {self.name or self.key} ({self.language})"


class ChangeEnd(models.TextChoices):
    WAITING = "", _("waits for a second name")
    CONFIRMED = "confirmed", _("agreed")
    REFUSED = "refused", _("not agreed")
    TAKEN_BACK = "taken_back", _("taken back")


class FirstWordChange(models.Model):
    """Other words for one of them, or a new one (`of` None), as one person proposes it. Empty words take it away, or put back
    what came with Harbour."""

    of = models.ForeignKey(FirstWord, on_delete=models.SET_NULL, null=True, blank=True, related_name="changes")
    language = models.CharField(max_length=12)
    name = models.CharField(max_length=FirstWord.NAME_MAX, blank=True)
    words = models.TextField(max_length=FirstWord.WORDS_MAX, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    end = models.CharField(max_length=10, choices=ChangeEnd, blank=True, default=ChangeEnd.WAITING)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end="", ended_by=None, ended_at=None)
                | (~Q(end="") & Q(ended_by__isnull=False, ended_at__isnull=False)),
                name="first_word_change_ends_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(end__in=["confirmed", "refused"]) | ~Q(ended_by=F("proposed_by")),
                name="first_word_change_takes_two",
            ),
            models.CheckConstraint(condition=Q(end__in=ChangeEnd.values), name="first_word_change_end_is_known"),
        ]

    def __str__(self) -> str:
        return f"change {self.pk} of a first word"

"""What staff wrote down for somebody who rang, wrote or spoke for another charity."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moderation.models.case import Severity


class Channel(models.TextChoices):
    TELEPHONE = "telephone", _("by telephone")
    LETTER = "letter", _("by letter")
    MAIL = "mail", _("by e-mail")
    CHARITY = "charity", _("through another charity or service")
    IN_PERSON = "in_person", _("in person")


class WhoseWords(models.TextChoices):
    THEIRS = "theirs", _("their own words, as they said or wrote them")
    NOTES = "notes", _("my notes of what they said")


class ByHand(models.Model):
    """Beside a letter that no form sent: how it reached us, who wrote it down, and how soon somebody has to look."""

    ORGANISATION_MAX: ClassVar[int] = 120

    letter = models.OneToOneField("moderation.Letter", on_delete=models.CASCADE, related_name="by_hand")
    channel = models.CharField(max_length=9, choices=Channel)
    organisation = models.CharField(max_length=ORGANISATION_MAX, blank=True)
    whose_words = models.CharField(max_length=6, choices=WhoseWords)
    severity = models.CharField(max_length=9, choices=Severity)  # chosen by whoever took it down
    told_at = models.DateTimeField(default=timezone.now)  # when they rang, or when the letter came
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="taken_down")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="by_hand_channel_is_known"),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="by_hand_severity_is_known"),
            models.CheckConstraint(condition=Q(whose_words__in=WhoseWords.values), name="by_hand_words_are_somebodys"),
        ]

    def __str__(self) -> str:
        return f"taken down by hand: letter {self.letter_id}"

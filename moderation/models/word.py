"""The conversation of a case: one between a member and whoever holds it, staff included."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Word(models.Model):
    """One message. `from_team` says which side wrote it.

    `reached_at`: a page with it was drawn for the member; `read_at`: the other side opened the conversation before their eyes.
    """

    BODY_MAX: ClassVar[int] = 5000

    case = models.ForeignKey("moderation.Case", on_delete=models.PROTECT, related_name="words")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="words_sent")
    body = models.TextField(max_length=BODY_MAX)
    from_team = models.BooleanField()
    key = models.UUIDField()
    sent_at = models.DateTimeField(default=timezone.now)
    reached_at = models.DateTimeField(null=True, blank=True)  # of the team's words alone
    read_at = models.DateTimeField(null=True, blank=True)
    mail = models.ForeignKey(
        "moderation.WordMail", on_delete=models.SET_NULL, null=True, blank=True, related_name="words"
    )  # which told the member of it
    by_mail = models.BooleanField(default=False)  # the member answered a mail; who sent it is not proved
    left_out = models.BooleanField(default=False)  # something was attached to that mail, and is not kept
    answer_due_at = models.DateTimeField(null=True, blank=True)  # of the member's words alone: read by then
    late_at = models.DateTimeField(null=True, blank=True)  # it was not, and people were told

    class Meta:
        ordering = ["sent_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["author", "key"], name="word_key_once_per_author"),
            models.CheckConstraint(
                condition=Q(from_team=True) | Q(reached_at=None, mail=None), name="only_the_teams_words_travel"
            ),
            models.CheckConstraint(
                condition=Q(from_team=False) | Q(answer_due_at=None, late_at=None, by_mail=False, left_out=False),
                name="only_the_members_words_are_answers",
            ),
        ]
        indexes = [
            models.Index(
                fields=["answer_due_at"], name="answer_due", condition=Q(read_at=None, late_at=None, from_team=False)
            ),
            models.Index(
                fields=["sent_at"], name="word_unmailed", condition=Q(read_at=None, mail=None, from_team=True)
            ),
        ]

    def __str__(self) -> str:
        return f"word {self.pk}"


class WordMail(models.Model):
    """One mail that told a member that somebody had written, and what became of it. It has no word of what was written."""

    class Stage(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"

    case = models.ForeignKey("moderation.Case", on_delete=models.CASCADE, related_name="word_mails")
    queued_at = models.DateTimeField(default=timezone.now)
    stage = models.CharField(max_length=6, choices=Stage, default=Stage.QUEUED)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stage="queued", done_at=None) | Q(stage__in=["sent", "failed"], done_at__isnull=False),
                name="word_mail_done_has_its_time",
            )
        ]
        indexes = [models.Index(fields=["queued_at"], name="word_mail_queued", condition=Q(stage="queued"))]

    def __str__(self) -> str:
        return f"mail {self.pk} of case {self.case_id}"

    @property
    def dedupe(self) -> str:
        """Its delivery's key."""
        return f"word-mail:{self.pk}"

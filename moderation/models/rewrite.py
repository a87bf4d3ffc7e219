"""Words that their author would like to have in place of those that were folded, taken out or taken down."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.models import Post


class RewriteStage(models.TextChoices):
    PUBLISHED = "published", _("on the wall")
    WAITING = "waiting", _("waits for the team")
    DECLINED = "declined", _("not like this")


class Rewrite(models.Model):
    """The answer to a decision about words. After a fold it stands at once; after they were taken down the team looks first.

    Never changed once it is sent: who puts it back puts back what they have read.
    """

    decision = models.ForeignKey("moderation.Decision", on_delete=models.PROTECT, related_name="rewrites")
    case = models.ForeignKey(
        "moderation.Case", on_delete=models.PROTECT, related_name="rewrites"
    )  # in which it is read
    body = models.TextField(max_length=Post.BODY_MAX)
    content_note = models.CharField(max_length=Post.NOTE_MAX, blank=True)
    post_version = models.PositiveIntegerField()  # of the words that its author began from
    stage = models.CharField(max_length=9, choices=RewriteStage)
    key = models.UUIDField()  # the sender's own name for this send
    sent_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="rewrites_answered"
    )  # None: nobody had to be asked

    class Meta:
        ordering = ["sent_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=RewriteStage.values), name="rewrite_stage_is_known"),
            models.CheckConstraint(
                condition=Q(stage=RewriteStage.WAITING, answered_at__isnull=True)
                | (~Q(stage=RewriteStage.WAITING) & Q(answered_at__isnull=False)),
                name="rewrite_is_answered_or_waits",
            ),
            models.CheckConstraint(
                condition=~Q(stage=RewriteStage.DECLINED) | Q(answered_by__isnull=False),
                name="a_person_declines_a_rewrite",
            ),
            models.UniqueConstraint(fields=["decision", "key"], name="rewrite_key_once_per_decision"),
            models.UniqueConstraint(
                fields=["decision"],
                condition=Q(stage__in=(RewriteStage.PUBLISHED, RewriteStage.WAITING)),
                name="one_rewrite_stands_or_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"rewrite {self.pk}"

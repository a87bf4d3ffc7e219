"""What a member is told of, and what they asked to be told of or to find again."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Follow(models.Model):
    """A member would like to hear of replies to a post of somebody else's. Nobody is told who follows."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows")
    post = models.ForeignKey("forum.Post", on_delete=models.CASCADE, related_name="follows")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "post"], name="follow_once")]


class Keep(models.Model):
    """A member's private bookmark of a post."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="keeps")
    post = models.ForeignKey("forum.Post", on_delete=models.CASCADE, related_name="keeps")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "post"], name="keep_once")]


class Notice(models.Model):
    """That something happened for a member. It names a row and never holds words: they are drawn from the row as it is now.

    One row for each thing: when more of it happens, the same row is unread again and comes first.
    """

    KIND_MAX: ClassVar[int] = 16

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=KIND_MAX)  # a key of forum.notices
    ref = models.PositiveBigIntegerField()  # the row it is about; which table, its kind knows
    state = models.CharField(max_length=16, blank=True)  # how far that row was when this was told last
    pressing = models.BooleanField(default=False)  # about somebody's safety: counted in quiet hours too
    since = models.DateTimeField(default=timezone.now)  # what happened from here on is what was unread last
    told_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-told_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["member", "kind", "ref"], name="notice_once_for_each_thing"),
        ]
        indexes = [
            models.Index(fields=["member", "-told_at", "-id"], name="notice_order"),
            models.Index(fields=["member", "read_at"], name="notice_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=["kind", "ref"], name="notice_of_row"),
            models.Index(fields=["read_at"], name="notice_read", condition=Q(read_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"

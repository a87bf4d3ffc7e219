"""Words on the wall: a post, a reply (a post with a parent), and the four supports."""

from datetime import UTC, datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Intent(models.TextChoices):
    SUPPORT = "support", _("Some support")
    HELLO = "hello", _("Just saying hello")
    WIN = "win", _("A little win")
    QUESTION = "question", _("A question")


class Status(models.TextChoices):
    HELD = "held", _("waiting for a moderator")
    VISIBLE = "visible", _("on the wall")
    FOLDED = "folded", _("folded")
    REMOVED = "removed", _("taken down")
    WITHDRAWN = "withdrawn", _("taken back by its author")
    ERASED = "erased", _("erased")


class SupportKind(models.TextChoices):
    WITH_YOU = "with_you", _("With you")
    HEAR_YOU = "hear_you", _("I hear you")
    BEEN_THERE = "been_there", _("Been there")
    HELPED_ME = "helped_me", _("This helped me")


def place_of(at: datetime, pk: int) -> str:
    """A moment and an id as text that sorts in their order."""
    since = at - datetime(1970, 1, 1, tzinfo=UTC)
    return f"{since // timedelta(microseconds=1):017d}-{pk:012d}"


class Post(models.Model):
    """One piece of writing. `version` counts changes of words or status; `placed_at` and `id` give its place on the wall."""

    BODY_MAX: ClassVar[int] = 5000  # characters, after cleaning and trimming
    NOTE_MAX: ClassVar[int] = 80

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replies")
    intent = models.CharField(max_length=8, choices=Intent, default=Intent.SUPPORT)
    body = models.TextField(max_length=BODY_MAX)
    content_note = models.CharField(max_length=NOTE_MAX, blank=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.VISIBLE)
    held_for = models.CharField(max_length=20, blank=True)  # a key of forum.holding.reasons
    version = models.PositiveIntegerField(default=1)
    support_version = models.PositiveIntegerField(default=0)  # counts changes of its supports
    standing_replies = models.PositiveIntegerField(default=0)  # replies that are visible or folded
    from_team = models.BooleanField(default=False)  # written from a role account
    created_at = models.DateTimeField(default=timezone.now)
    placed_at = models.DateTimeField(default=timezone.now)  # when it came onto the wall: sorts it there
    edited_at = models.DateTimeField(null=True, blank=True)
    redacted_at = models.DateTimeField(null=True, blank=True)  # a moderator has taken something out of the words
    replies_locked_at = models.DateTimeField(null=True, blank=True)  # no more replies, by decision of the team
    waiting_since = models.DateTimeField(null=True, blank=True)  # asks for replies, and two people have yet to answer
    asked_at = models.DateTimeField(null=True, blank=True)  # when its author asked again
    enough_at = models.DateTimeField(null=True, blank=True)  # when its author said that it is enough
    key = models.UUIDField()  # the sender's own name for this send: the same key never makes a second post
    key_digest = models.CharField(max_length=64)  # of the words sent with it

    class Meta:
        ordering = ["-placed_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["author", "key"], name="post_key_once_per_author"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="post_status_is_known"),
            models.CheckConstraint(condition=Q(intent__in=Intent.values), name="post_intent_is_known"),
            models.CheckConstraint(
                condition=Q(status=Status.HELD) | Q(held_for=""), name="only_held_words_have_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="post_is_not_its_own_reply"
            ),
        ]
        indexes = [
            models.Index(F("placed_at").desc(), F("id").desc(), name="wall_order", condition=Q(parent__isnull=True)),
            models.Index(fields=["parent", "placed_at", "id"], name="reply_order"),
            models.Index(fields=["author", "placed_at"], name="by_author"),
            models.Index(
                F("waiting_since").desc(), F("id").desc(), name="waiting", condition=Q(waiting_since__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{'reply' if self.parent_id else 'post'} {self.pk}"

    @property
    def place(self) -> str:
        """Sorts as text in the order of the wall: microseconds since 1970, then the id. Goes over the wire."""
        return place_of(self.placed_at, self.pk)

    def words_at(self, version: int) -> str:
        """The words as they stood at one of the post's versions, for whoever read them before they were edited."""
        past = self.past_words.filter(last_version__gte=version).order_by("last_version").first()
        return past.body if past else self.body


class PastWords(models.Model):
    """Words that an edit replaced, so that a report holds what its reporter read. Shown in cases alone."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="past_words")
    last_version = models.PositiveIntegerField()  # of the post, with these words
    body = models.TextField(max_length=Post.BODY_MAX)
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "last_version"], name="past_words_once_per_version")]


class Support(models.Model):
    """One member's support of one kind for one post. Never counted against anyone."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="supports")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="supports")
    kind = models.CharField(max_length=10, choices=SupportKind)
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "member", "kind"], name="support_once_per_kind"),
            models.CheckConstraint(condition=Q(kind__in=SupportKind.values), name="support_kind_is_known"),
        ]

"""The house rules, version by version, and what members say about the next ones."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class RuleSet(models.Model):
    """One version of the rules. A draft is written by staff, talked over by members, written again, and published."""

    WORDS_MAX: ClassVar[int] = 4000

    class State(models.TextChoices):
        DRAFT = "draft", _("being written or talked over")
        PUBLISHED = "published", _("published")
        PUT_AWAY = "put_away", _("put away")

    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    version = models.CharField(max_length=20, blank=True)  # a date, named when it is published
    round = models.PositiveSmallIntegerField(default=0)  # how often members were asked about this draft
    purpose = models.TextField(max_length=WORDS_MAX, blank=True)  # what this draft would change, and why
    closes_at = models.DateTimeField(null=True, blank=True)  # when the talk about it ends; none while it is written
    heard = models.TextField(
        max_length=WORDS_MAX, blank=True
    )  # what was heard from members, and what was done about it
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="rule_sets_made"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="rule_sets_published"
    )

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["version"], condition=~Q(version=""), name="rules_version_once"),
            models.UniqueConstraint(fields=["state"], condition=Q(state="draft"), name="one_draft_of_the_rules"),
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False) & ~Q(version="")
                | ~Q(state="published") & Q(published_at__isnull=True, version=""),
                name="published_rules_have_a_version",
            ),
        ]

    def __str__(self) -> str:
        return f"rules {self.version or 'draft'}"

    def get_absolute_url(self) -> str:
        return reverse("rules_version", args=[self.version]) if self.version else reverse("rules_next")

    @property
    def is_open(self) -> bool:
        """Whether members can say something about it now."""
        return self.state == self.State.DRAFT and self.closes_at is not None and timezone.now() < self.closes_at

    @property
    def has_been_asked_about(self) -> bool:
        """Whether the talk has been held and is over: staff may write it again, or publish it."""
        return self.state == self.State.DRAFT and self.closes_at is not None and timezone.now() >= self.closes_at


class HouseRule(models.Model):
    """One rule of one version. `anchor` names it in addresses and statements; it keeps it from version to version."""

    TITLE_MAX: ClassVar[int] = 80
    WORDS_MAX: ClassVar[int] = 1500
    EASY_MAX: ClassVar[int] = 600

    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="rules")
    anchor = models.SlugField(max_length=40)
    place = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=TITLE_MAX)
    words = models.TextField(max_length=WORDS_MAX)
    easy = models.TextField(max_length=EASY_MAX)  # the same in easy read: short sentences, one idea to a line

    class Meta:
        ordering = ["place", "pk"]
        constraints = [models.UniqueConstraint(fields=["rule_set", "anchor"], name="rule_anchor_once_per_version")]

    def __str__(self) -> str:
        return self.anchor

    # The first version's words are in the catalogues of translations; what an operator writes is shown as written.
    @property
    def shown_title(self) -> str:
        return gettext(self.title)

    @property
    def shown_words(self) -> str:
        return gettext(self.words)

    @property
    def easy_lines(self) -> list[str]:
        return [line for line in gettext(self.easy).splitlines() if line.strip()]


class RuleComment(models.Model):
    """What a member says about a draft, or would change in the rules that stand."""

    BODY_MAX: ClassVar[int] = 2000
    WHY_MAX: ClassVar[int] = 300

    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="comments")
    round = models.PositiveSmallIntegerField(default=0)  # of the draft when it was said
    anchor = models.CharField(max_length=40, blank=True)  # the rule it is about; "" for all of them
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rule_comments")
    body = models.TextField(max_length=BODY_MAX)
    made_at = models.DateTimeField(default=timezone.now)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="rule_comments_hidden"
    )
    hidden_why = models.CharField(max_length=WHY_MAX, blank=True)  # read by its author
    key = models.UUIDField()  # the sender's own name for this send

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["author", "key"], name="rule_comment_key_once_per_author"),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True) | ~Q(hidden_why=""), name="rule_comment_hidden_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"

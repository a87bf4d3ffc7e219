"""What was decided in a case, what the member is told, and what it takes to undo it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moderation import vocabulary
from moderation.models.case import Kind


class DecisionKind(models.TextChoices):
    NO_ACTION = vocabulary.DecisionKind.NO_ACTION.value, _("leave it as it is")
    CONTENT_NOTE = vocabulary.DecisionKind.CONTENT_NOTE.value, _("put a content note on it")
    REDACT = vocabulary.DecisionKind.REDACT.value, _("take something out of it")
    FOLD = vocabulary.DecisionKind.FOLD.value, _("fold it")
    LOCK = vocabulary.DecisionKind.LOCK.value, _("no more replies to it")
    REMOVE = vocabulary.DecisionKind.REMOVE.value, _("take it down")
    RESTORE = vocabulary.DecisionKind.RESTORE.value, _("put it back")
    ADVICE = vocabulary.DecisionKind.ADVICE.value, _("a friendly word")
    WARNING = vocabulary.DecisionKind.WARNING.value, _("a word of warning")
    HOLD = vocabulary.DecisionKind.HOLD.value, _("a moderator looks at their words first")
    SLOW = vocabulary.DecisionKind.SLOW.value, _("slow their posting")
    PAUSE = vocabulary.DecisionKind.PAUSE.value, _("pause their posting")
    SUSPEND = vocabulary.DecisionKind.SUSPEND.value, _("close the wall to them for a while")
    BAN = vocabulary.DecisionKind.BAN.value, _("close the wall to them for good")
    STOP_POSTS = vocabulary.DecisionKind.STOP_POSTS.value, _("stop their new posts for an hour")


class Decision(models.Model):
    """`case_kind` repeats the case's kind, so that the database itself refuses a warning for being worried about."""

    STATEMENT_MAX: ClassVar[int] = 4000
    SAFETY: ClassVar[str] = (
        "safety"  # stands in `rule` where words were folded to keep someone safe: no rule, no strike
    )

    case = models.ForeignKey("moderation.Case", on_delete=models.PROTECT, related_name="decisions")
    case_kind = models.CharField(max_length=7, choices=Kind)
    kind = models.CharField(max_length=12, choices=DecisionKind)
    rule = models.CharField(max_length=40, blank=True)  # an anchor of /rules/, or "safety"
    rules_version = models.CharField(max_length=20, blank=True)
    statement = models.TextField(max_length=STATEMENT_MAX)
    told = models.BooleanField(
        default=True
    )  # a worry that led to nothing is not told: nobody has to know they were spoken of
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="decisions_made"
    )  # None: folded by itself while nobody was here
    subject = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions_about")
    post = models.ForeignKey("forum.Post", on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    post_version = models.PositiveIntegerField(null=True, blank=True)  # of the words that were judged
    before = models.JSONField(default=dict)  # {"status", "content_note"} of the post, to undo in full
    taken_out = models.JSONField(default=list, blank=True)  # [[from, to], …] of the words that were judged
    until = models.DateTimeField(null=True, blank=True)  # when what it does to the member ends by itself
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions_confirmed"
    )  # a ban takes two people
    made_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    how_asked_at = models.DateTimeField(
        null=True, blank=True
    )  # once, a day later, how it was; or that nobody was to be asked
    bulk = models.ForeignKey(
        "moderation.Bulk", on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions_undone"
    )

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DecisionKind.values), name="decision_kind_is_known"),
            models.CheckConstraint(condition=Q(case_kind__in=Kind.values), name="decision_case_kind_is_known"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=False) | Q(kind=DecisionKind.FOLD),
                name="a_person_decides_but_for_a_fold",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=sorted(vocabulary.ON_THE_MEMBER)) | Q(case_kind=Kind.CONDUCT),
                name="nothing_is_held_against_a_worry",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=sorted(vocabulary.LASTING | {DecisionKind.STOP_POSTS}))
                | Q(until__isnull=False, until__gt=F("made_at")),
                name="what_lasts_a_while_has_an_end",
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind=DecisionKind.BAN, confirmed_by__isnull=False, until=None) & ~Q(confirmed_by=F("decided_by"))
                )
                | (~Q(kind=DecisionKind.BAN) & Q(confirmed_by=None)),
                name="two_people_ban",
            ),
        ]

    def __str__(self) -> str:
        return f"decision {self.pk}"

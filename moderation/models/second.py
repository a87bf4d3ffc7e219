"""What takes a second person: a ban before it is one, and the look at what was done to somebody."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from moderation.models.case import Kind
from moderation.models.decision import Decision


class Proposal(models.Model):
    """A ban that somebody proposes. Nothing changes for the member until a second person, who had no hand in it, agrees."""

    case = models.ForeignKey("moderation.Case", on_delete=models.PROTECT, related_name="proposals")
    case_kind = models.CharField(max_length=7, choices=Kind, default=Kind.CONDUCT)
    subject = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bans_proposed_about")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bans_proposed")
    proposed_at = models.DateTimeField(default=timezone.now)
    rule = models.CharField(max_length=40)  # an anchor of /rules/, or "safety"
    rules_version = models.CharField(max_length=20)
    statement = models.TextField(max_length=Decision.STATEMENT_MAX)  # what the member will read if it is agreed to
    post = models.ForeignKey(
        "forum.Post", on_delete=models.PROTECT, null=True, blank=True, related_name="bans_proposed"
    )
    post_version = models.PositiveIntegerField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="bans_answered"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(max_length=Decision.STATEMENT_MAX, blank=True)  # why it was refused
    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="proposal"
    )  # what it became

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(case_kind=Kind.CONDUCT), name="nobody_is_banned_for_a_worry"),
            models.CheckConstraint(condition=~Q(answered_by=F("proposed_by")), name="a_second_person_answers"),
            models.CheckConstraint(
                condition=Q(answered_by=None, answered_at=None, reason="", decision=None)
                | (Q(answered_by__isnull=False, answered_at__isnull=False, decision__isnull=False, reason=""))
                | (Q(answered_by__isnull=False, answered_at__isnull=False, decision=None) & ~Q(reason="")),
                name="a_proposal_waits_or_has_its_answer",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(answered_at=None), name="one_ban_is_proposed_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}"


class SecondLook(models.Model):
    """Another person looks at what closes somebody's mouth or the wall to them: within a day, and never whoever decided."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="second_look")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )  # as in the decision, so that the database itself keeps them apart
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_at = models.DateTimeField(db_index=True)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="second_looks"
    )
    looked_at = models.DateTimeField(null=True, blank=True)
    agrees = models.BooleanField(null=True)
    reason = models.TextField(max_length=Decision.STATEMENT_MAX, blank=True)  # why they ask to undo it
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions_let_stand"
    )  # a third person, who lets it stand all the same
    kept_at = models.DateTimeField(null=True, blank=True)
    kept_because = models.TextField(max_length=Decision.STATEMENT_MAX, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)  # it was late, and staff were written to

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(looked_by=None)
                | (~Q(looked_by=F("decided_by")) & (Q(confirmed_by=None) | ~Q(looked_by=F("confirmed_by")))),
                name="nobody_looks_a_second_time_at_their_own",
            ),
            models.CheckConstraint(
                condition=Q(looked_by=None, looked_at=None, agrees=None, reason="")
                | Q(looked_by__isnull=False, looked_at__isnull=False, agrees=True, reason="")
                | (Q(looked_by__isnull=False, looked_at__isnull=False, agrees=False) & ~Q(reason="")),
                name="a_second_look_agrees_or_says_why_not",
            ),
            models.CheckConstraint(
                condition=Q(kept_by=None, kept_at=None, kept_because="")
                | (
                    Q(kept_by__isnull=False, kept_at__isnull=False, agrees=False)
                    & ~Q(kept_because="")
                    & ~Q(kept_by=F("decided_by"))
                    & ~Q(kept_by=F("looked_by"))
                    & (Q(confirmed_by=None) | ~Q(kept_by=F("confirmed_by")))
                ),
                name="a_third_person_lets_it_stand",
            ),
        ]

    def __str__(self) -> str:
        return f"second look {self.pk}"

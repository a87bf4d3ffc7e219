"""The ladder of an escalated case: its times as an operator set them, who was called, and who said that they are up."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moderation.models.case import EscalationSource, Severity


class RuleStage(models.TextChoices):
    WAITING = "waiting", _("waits for a second person")
    AGREED = "agreed", _("agreed to")
    REFUSED = "refused", _("not agreed to")
    TAKEN_BACK = "taken_back", _("taken back")
    LAPSED = "lapsed", _("nobody answered in a week")


class LadderRule(models.Model):
    """One set of times, in minutes. The newest that two people agreed to is in force; with none, clocks.LADDER is."""

    WHY_MAX: ClassVar[int] = 300
    STEPS: ClassVar[tuple[str, ...]] = ("first_after", "second_after", "team_after", "contact_after")

    source = models.CharField(max_length=9, choices=EscalationSource)
    severity = models.CharField(max_length=9, choices=Severity)
    first_after = models.PositiveSmallIntegerField()
    second_after = models.PositiveSmallIntegerField()
    team_after = models.PositiveSmallIntegerField()
    contact_after = models.PositiveSmallIntegerField()
    repeat_every = models.PositiveSmallIntegerField()
    up_for = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=WHY_MAX)
    stage = models.CharField(max_length=10, choices=RuleStage, default=RuleStage.WAITING)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ladders_proposed")
    proposed_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="ladders_answered"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=RuleStage.values), name="ladder_rule_stage_is_known"),
            models.CheckConstraint(
                condition=Q(source=EscalationSource.HUMAN, severity__in=[Severity.EMERGENCY, Severity.URGENT])
                | Q(source=EscalationSource.SCREENING, severity=Severity.EMERGENCY),
                name="ladder_rule_is_of_a_ladder",
            ),
            models.CheckConstraint(
                condition=Q(second_after__gte=F("first_after"))
                & Q(team_after__gte=F("second_after"))
                & Q(contact_after__gte=F("team_after")),
                name="ladder_rule_goes_up",
            ),
            models.CheckConstraint(
                condition=~Q(source=EscalationSource.HUMAN, severity=Severity.EMERGENCY) | Q(first_after=0),
                name="emergency_calls_at_once",
            ),
            models.CheckConstraint(condition=Q(repeat_every__gt=0, up_for__gt=0), name="ladder_rule_goes_on"),
            models.CheckConstraint(
                condition=Q(stage=RuleStage.WAITING, answered_by__isnull=True, answered_at__isnull=True)
                | Q(stage=RuleStage.LAPSED, answered_by__isnull=True, answered_at__isnull=False)
                | Q(stage=RuleStage.TAKEN_BACK, answered_by=F("proposed_by"), answered_at__isnull=False)
                | Q(stage__in=[RuleStage.AGREED, RuleStage.REFUSED], answered_at__isnull=False)
                & ~Q(answered_by=F("proposed_by"))
                & Q(answered_by__isnull=False),
                name="ladder_rule_is_two_peoples",
            ),
            models.UniqueConstraint(
                fields=["source", "severity"], condition=Q(stage=RuleStage.WAITING), name="one_ladder_rule_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"ladder {self.source} {self.severity}"

    @property
    def minutes(self) -> tuple[int, ...]:
        return (self.first_after, self.second_after, self.team_after, self.contact_after)


class LadderCall(models.Model):
    """Somebody was called at one step; without a member, the organisation's emergency contact. The link that was sent says
    "I'm up" for this person, this case and this climb of its ladder, once, and only its digest is kept.
    """

    step = models.ForeignKey("moderation.LadderStep", on_delete=models.CASCADE, related_name="calls")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="ladder_calls"
    )
    at = models.DateTimeField(default=timezone.now)
    token_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["step_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["step", "member"], name="called_once_a_step"),
            models.UniqueConstraint(
                fields=["step"], condition=Q(member__isnull=True), name="contact_called_once_a_step"
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=True, token_digest__isnull=True, expires_at__isnull=True)
                | Q(member__isnull=False, token_digest__isnull=False, expires_at__isnull=False),
                name="a_link_is_somebodys",
            ),
        ]

    def __str__(self) -> str:
        return f"call {self.pk}"


class Acknowledgement(models.Model):
    """Somebody is up: the ladder waits until then. By a call each can be made once; and once without any, from the board."""

    case = models.ForeignKey("moderation.Case", on_delete=models.CASCADE, related_name="acknowledgements")
    episode = models.PositiveIntegerField()
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="acknowledgements")
    call = models.OneToOneField(LadderCall, on_delete=models.CASCADE, null=True, blank=True, related_name="answer")
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("at")), name="up_for_some_time"),
            models.UniqueConstraint(
                fields=["case", "episode", "member"],
                condition=Q(call__isnull=True),
                name="up_once_without_a_call",
            ),
        ]

    def __str__(self) -> str:
        return f"up {self.pk}"

"""A legal hold: nothing of a member is erased while it is in force. Two people, a reason, an owner, a day to look at it again,
and an end."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class HoldStage(models.TextChoices):
    PROPOSED = "proposed", _("waits for a second person")
    IN_FORCE = "in_force", _("in force")
    REFUSED = "refused", _("not agreed to")
    LAPSED = "lapsed", _("lapsed")
    RELEASED = "released", _("released")
    ENDED = "ended", _("ended by itself")


_member = settings.AUTH_USER_MODEL
_NEVER = ["proposed", "refused", "lapsed"]
_ONCE = ["in_force", "released", "ended"]


class LegalHold(models.Model):
    """`review_days` and `ends_days` count from the confirmation; the days themselves are written down then."""

    REASON_MAX: ClassVar[int] = 2000
    REVIEW_MOST: ClassVar[int] = 90  # days: the promise
    ENDS_MOST: ClassVar[int] = 366

    member = models.ForeignKey(_member, on_delete=models.PROTECT, related_name="legal_holds")
    case = models.ForeignKey("moderation.Case", on_delete=models.PROTECT, related_name="legal_holds")
    reason = models.TextField(max_length=REASON_MAX)
    owner = models.ForeignKey(_member, on_delete=models.PROTECT, related_name="legal_holds_owned")
    review_days = models.PositiveSmallIntegerField()
    ends_days = models.PositiveSmallIntegerField()
    untold_because = models.TextField(max_length=REASON_MAX, blank=True)  # the written exemption: they are not told
    renews = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="renewals")
    stage = models.CharField(max_length=8, choices=HoldStage, default=HoldStage.PROPOSED)
    proposed_by = models.ForeignKey(_member, on_delete=models.PROTECT, related_name="legal_holds_proposed")
    proposed_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(
        _member, on_delete=models.PROTECT, null=True, blank=True, related_name="legal_holds_answered"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(max_length=REASON_MAX, blank=True)  # why it was refused
    review_at = models.DateTimeField(null=True, blank=True, db_index=True)
    ends_at = models.DateTimeField(null=True, blank=True, db_index=True)
    released_by = models.ForeignKey(
        _member, on_delete=models.PROTECT, null=True, blank=True, related_name="legal_holds_released"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    release_why = models.TextField(max_length=REASON_MAX, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    late_told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="hold_has_its_reason"),
            models.CheckConstraint(condition=Q(stage__in=HoldStage.values), name="hold_stage_is_known"),
            models.CheckConstraint(
                condition=Q(review_days__gte=1, review_days__lte=90), name="hold_is_looked_at_within_ninety_days"
            ),
            models.CheckConstraint(
                condition=Q(ends_days__gte=F("review_days"), ends_days__lte=366), name="hold_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("proposed_by")), name="hold_takes_two"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=_ONCE, answered_by__isnull=False, review_at__isnull=False, ends_at__isnull=False)
                | Q(stage__in=_NEVER, review_at=None, ends_at=None),
                name="hold_in_force_has_its_days",
            ),
            models.CheckConstraint(condition=~Q(stage="refused") | ~Q(answer=""), name="hold_refused_says_why"),
            models.CheckConstraint(
                condition=(
                    Q(stage="released", released_by__isnull=False, released_at__isnull=False) & ~Q(release_why="")
                )
                | (~Q(stage="released") & Q(released_by=None, release_why="")),
                name="hold_released_says_by_whom_and_why",
            ),
            models.UniqueConstraint(fields=["member"], condition=Q(stage="proposed"), name="one_hold_is_proposed"),
            models.UniqueConstraint(fields=["member"], condition=Q(stage="in_force"), name="one_hold_is_in_force"),
        ]

    def __str__(self) -> str:
        return f"hold {self.pk}"

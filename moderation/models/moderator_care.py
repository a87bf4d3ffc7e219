"""How those who look after others are looked after: what each has set for themselves, and what they need a rest from."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class ModeratorCare(models.Model):
    """One for each of the team, made when there is something to keep. Induction, buddy and supervision are staff's to set."""

    LIMIT_MAX: ClassVar[int] = 50

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="moderator_care"
    )
    induction_on = models.DateField(null=True, blank=True)
    buddy = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="buddy_of"
    )
    next_supervision_on = models.DateField(null=True, blank=True)
    hard_limit = models.PositiveSmallIntegerField(null=True, blank=True)  # hard cases a day, set by oneself alone
    check_in = models.BooleanField(default=True)  # after a hard case: ten minutes offered, and somebody says hello
    came_out_at = models.DateTimeField(null=True, blank=True)  # of a hard case: the offer stands for a while
    calm_until = models.DateTimeField(null=True, blank=True)  # taken: until then the queue is calm

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(buddy=None) | ~Q(buddy=F("member")), name="nobody_is_their_own_buddy"),
            models.CheckConstraint(
                condition=Q(hard_limit=None) | Q(hard_limit__gte=1, hard_limit__lte=50), name="hard_limit_is_a_day_s"
            ),
        ]

    def __str__(self) -> str:
        return f"care of {self.member_id}"


class DeclinedCategory(models.Model):
    """What somebody of the team would rather not read. There is no column for a reason."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="declined_categories")
    door = models.CharField(max_length=9)  # a door's, or "screening"
    category = models.CharField(max_length=24)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "door", "category"], name="category_declined_once")]

    def __str__(self) -> str:
        return f"{self.door}.{self.category}"


class PutAside(models.Model):
    """One case that somebody asked to be somebody else's. Nobody offers it to them again."""

    case = models.ForeignKey("moderation.Case", on_delete=models.CASCADE, related_name="put_aside")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cases_put_aside")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "member"], name="case_put_aside_once")]

    def __str__(self) -> str:
        return f"put aside {self.pk}"


class CheckIn(models.Model):
    """Somebody has come out of a hard case, and a person is asked to say hello. Which case it was is not kept; gone in a day."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="check_ins")
    buddy = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="check_ins_asked"
    )  # None: staff are asked
    asked_at = models.DateTimeField(default=timezone.now, db_index=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="check_ins_said"
    )
    said_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(buddy=None) | ~Q(buddy=F("member")), name="hello_comes_from_another"),
            models.CheckConstraint(
                condition=Q(said_by=None, said_at=None) | Q(said_by__isnull=False, said_at__isnull=False),
                name="hello_has_who_and_when",
            ),
            models.UniqueConstraint(fields=["member"], condition=Q(said_at=None), name="one_hello_waits_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"check-in {self.pk}"

"""The guides beside the record: the organisation's own steps for a hard hour, changed by two people."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

MEMBER = settings.AUTH_USER_MODEL


class Guide(models.Model):
    """One guide in plain steps. `key` is what cases find it by. `checked_on` None: the organisation has not read it yet."""

    TITLE_MAX: ClassVar[int] = 120
    BODY_MAX: ClassVar[int] = 12000
    NAME_MAX: ClassVar[int] = 120

    key = models.CharField(max_length=30, unique=True)
    place = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=TITLE_MAX)
    body = models.TextField(max_length=BODY_MAX)
    version = models.PositiveIntegerField(default=1)
    shipped = models.BooleanField(default=True)  # its words are still those that came with Harbour
    checked_by = models.CharField(max_length=NAME_MAX, blank=True)  # a name, as the organisation knows that person
    checked_as = models.ForeignKey(MEMBER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    checked_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["place", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(body="") & ~Q(title=""), name="guide_has_words"),
            models.CheckConstraint(
                condition=Q(checked_on=None, checked_by="") | (Q(checked_on__isnull=False) & ~Q(checked_by="")),
                name="guide_check_has_a_name",
            ),
        ]

    def __str__(self) -> str:
        return f"guide {self.key}"


class GuideChange(models.Model):
    """New words for a guide: one of the staff proposes them, another puts them in force. It lapses after a week."""

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="changes")
    of_version = models.PositiveIntegerField()  # of the guide it was written from
    title = models.CharField(max_length=Guide.TITLE_MAX)
    body = models.TextField(max_length=Guide.BODY_MAX)
    proposed_by = models.ForeignKey(MEMBER, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(MEMBER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)  # in force, taken back, or lapsed

    class Meta:
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")), name="guide_changed_by_two_people"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | Q(ended_at__isnull=False), name="guide_change_is_over_once_in_force"
            ),
            models.UniqueConstraint(fields=["guide"], condition=Q(ended_at=None), name="one_guide_change_at_a_time"),
        ]


class SealedFromView(models.Model):
    """A case whose words nobody but one named person may see: they may be images or grooming of a child."""

    REFERENCE_MAX: ClassVar[int] = 120

    case = models.OneToOneField("moderation.Case", on_delete=models.PROTECT, related_name="sealed")
    by = models.ForeignKey(MEMBER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reported_to = models.CharField(max_length=REFERENCE_MAX, blank=True)
    reference = models.CharField(max_length=REFERENCE_MAX, blank=True)
    reported_by = models.ForeignKey(MEMBER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reported_at=None) | (~Q(reported_to="") & Q(reported_by__isnull=False)),
                name="sealed_report_says_to_whom",
            )
        ]

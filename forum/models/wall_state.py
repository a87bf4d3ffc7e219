"""What holds for the whole wall for a while, and what is pinned above it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class WallKind(models.TextChoices):
    GENTLE = "gentle", _("gentle")
    READ_ONLY = "read_only", _("read only")
    CLOSED_HOURS = "closed_hours", _("closed hours")
    SIGNUPS = "signups", _("nobody new joins")


ALONE = (WallKind.GENTLE, WallKind.READ_ONLY)  # what one person may begin before a second has looked


class WallState(models.Model):
    """One time for which the wall is other than open. One of the staff proposes it and another agrees; it always has an end.

    A row is written once and then only filled in: when it began, who agreed, when it was over. Several kinds may hold at once.
    """

    REASON_MAX: ClassVar[int] = 600
    WORD_MAX: ClassVar[int] = 600

    kind = models.CharField(max_length=12, choices=WallKind)
    reason = models.TextField(max_length=REASON_MAX)  # for the team
    word = models.TextField(max_length=WORD_MAX, blank=True)  # above the wall, for everyone
    hours = models.PositiveIntegerField()  # how long it lasts, once it has begun
    closes = models.TimeField(null=True, blank=True)  # of closed hours: from here …
    opens = models.TimeField(null=True, blank=True)  # … until here, each day, in the site's time zone
    alone = models.BooleanField(default=False)  # it began before a second person had looked
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)  # what was begun alone ends sooner, until somebody agrees
    end_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    end_asked_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # None: its time was over
    ended_at = models.DateTimeField(null=True, blank=True)
    rests_told = models.BooleanField(default=False)  # of closed hours: what open pages heard last

    class Meta:
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=WallKind.values), name="wall_kind_is_known"),
            models.CheckConstraint(condition=~Q(confirmed_by=F("proposed_by")), name="a_second_person_agrees_to_it"),
            models.CheckConstraint(condition=~Q(ended_by=F("end_asked_by")), name="a_second_person_ends_it"),
            models.CheckConstraint(
                condition=Q(ended_by=None) | Q(confirmed_by=None) | Q(end_asked_by__isnull=False),
                name="what_two_agreed_to_two_end",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="who_agreed_to_a_wall_state_and_when",
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None)
                | (Q(ends_at__gt=F("starts_at")) & (Q(alone=True) | Q(confirmed_by__isnull=False))),
                name="a_wall_state_begins_with_an_end_and_a_name",
            ),
            models.CheckConstraint(condition=Q(alone=False) | Q(kind__in=ALONE), name="some_walls_wait_for_a_second"),
            models.CheckConstraint(condition=Q(hours__gte=1, hours__lte=24 * 84), name="a_wall_state_lasts_so_long"),
            models.CheckConstraint(
                condition=(Q(kind=WallKind.CLOSED_HOURS, closes__isnull=False) & ~Q(closes=F("opens")))
                | (~Q(kind=WallKind.CLOSED_HOURS) & Q(closes=None, opens=None)),
                name="closed_hours_have_their_hours",
            ),
            models.CheckConstraint(
                condition=~Q(kind=WallKind.GENTLE) | ~Q(word=""), name="a_gentle_wall_says_something"
            ),
            models.UniqueConstraint(fields=["kind"], condition=Q(ended_at=None), name="one_wall_state_of_each_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Pinned(models.Model):
    """A post to which a line above the wall leads, for a while."""

    WORD_MAX: ClassVar[int] = 200

    post = models.OneToOneField("forum.Post", on_delete=models.PROTECT, related_name="pinned")
    word = models.CharField(max_length=WORD_MAX)
    pinned_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("pinned_at")), name="a_pin_has_an_end"),
        ]

    def __str__(self) -> str:
        return f"pinned {self.post_id}"

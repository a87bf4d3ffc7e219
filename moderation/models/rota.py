"""Who is to be on call when: a weekly pattern, what takes its place for a while, swaps, and who covers a bank holiday.

Nothing of it is deleted: what no longer counts has an end, and every change stands in a log.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MEMBER = settings.AUTH_USER_MODEL
ENDED_BY_SOMEBODY = Q(ended_at__isnull=True, ended_by__isnull=True) | Q(ended_at__isnull=False, ended_by__isnull=False)


class Rank(models.TextChoices):
    """Who is called first, and who when the first does not answer."""

    FIRST = "first", _("first")
    SECOND = "second", _("second")


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class RotaWeekly(models.Model):
    """A time of every week, by the clock on the organisation's wall. It ends on the next day if `ends` is not after `starts`."""

    day = models.PositiveSmallIntegerField(choices=Weekday)
    starts = models.TimeField()
    ends = models.TimeField()
    rank = models.CharField(max_length=6, choices=Rank)
    member = models.ForeignKey(MEMBER, on_delete=models.PROTECT, related_name="rota_weekly")
    made_by = models.ForeignKey(MEMBER, on_delete=models.PROTECT, related_name="rota_weekly_made")
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        MEMBER, on_delete=models.PROTECT, null=True, blank=True, related_name="rota_weekly_ended"
    )

    class Meta:
        ordering = ["day", "starts", "rank", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(day__in=Weekday.values), name="rota_day_is_of_the_week"),
            models.CheckConstraint(condition=Q(rank__in=Rank.values), name="rota_weekly_rank_is_known"),
            models.CheckConstraint(condition=ENDED_BY_SOMEBODY, name="rota_weekly_is_ended_by_somebody"),
            models.UniqueConstraint(
                fields=["day", "starts", "rank"], condition=Q(ended_at__isnull=True), name="rota_weekly_begins_once"
            ),
        ]

    def __str__(self) -> str:
        return f"rota weekly {self.pk}"


class RotaHoliday(models.Model):
    """Somebody has confirmed that a bank holiday is covered. Until then it is a gap."""

    day = models.DateField()
    confirmed_by = models.ForeignKey(MEMBER, on_delete=models.PROTECT, related_name="rota_holidays_confirmed")
    confirmed_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        MEMBER, on_delete=models.PROTECT, null=True, blank=True, related_name="rota_holidays_ended"
    )

    class Meta:
        ordering = ["day", "id"]
        constraints = [
            models.CheckConstraint(condition=ENDED_BY_SOMEBODY, name="rota_holiday_is_ended_by_somebody"),
            models.UniqueConstraint(
                fields=["day"], condition=Q(ended_at__isnull=True), name="rota_holiday_is_confirmed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"rota holiday {self.day}"


class SwapState(models.TextChoices):
    ASKED = "asked", _("waits for an answer")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("not this time")
    WITHDRAWN = "withdrawn", _("taken back")
    LAPSED = "lapsed", _("lapsed")


class RotaSwap(models.Model):
    """Somebody asks a colleague to have a time of theirs, perhaps for a time in return. It counts once it is accepted."""

    asked_by = models.ForeignKey(MEMBER, on_delete=models.PROTECT, related_name="rota_swaps_asked")
    asked = models.ForeignKey(MEMBER, on_delete=models.PROTECT, related_name="rota_swaps_offered")
    rank = models.CharField(max_length=6, choices=Rank)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    back_rank = models.CharField(max_length=6, choices=Rank, blank=True)
    back_starts_at = models.DateTimeField(null=True, blank=True)
    back_ends_at = models.DateTimeField(null=True, blank=True)
    stage = models.CharField(max_length=9, choices=SwapState, default=SwapState.ASKED)
    made_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(asked=F("asked_by")), name="rota_swap_is_between_two"),
            models.CheckConstraint(
                condition=Q(rank__in=Rank.values) & Q(stage__in=SwapState.values), name="rota_swap_is_of_a_known_kind"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="rota_swap_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(back_rank="", back_starts_at=None, back_ends_at=None)
                | Q(back_rank__in=Rank.values, back_ends_at__gt=F("back_starts_at")),
                name="rota_swap_returns_a_whole_time_or_none",
            ),
            models.CheckConstraint(
                condition=Q(stage=SwapState.ASKED, answered_at=None)
                | (~Q(stage=SwapState.ASKED) & Q(answered_at__isnull=False)),
                name="rota_swap_is_answered_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["asked_by", "starts_at", "rank"],
                condition=Q(stage=SwapState.ASKED),
                name="rota_swap_is_asked_of_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"rota swap {self.pk}"


class RotaInstead(models.Model):
    """For a while somebody else than the pattern says, or nobody. Swaps and confirmed holidays make such rows too."""

    NOTE_MAX: ClassVar[int] = 200

    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    rank = models.CharField(max_length=6, choices=Rank)
    member = models.ForeignKey(MEMBER, on_delete=models.PROTECT, null=True, blank=True, related_name="rota_instead")
    note = models.CharField(max_length=NOTE_MAX, blank=True)
    swap = models.ForeignKey(RotaSwap, on_delete=models.PROTECT, null=True, blank=True, related_name="made")
    holiday = models.ForeignKey(RotaHoliday, on_delete=models.PROTECT, null=True, blank=True, related_name="made")
    made_by = models.ForeignKey(MEMBER, on_delete=models.PROTECT, related_name="rota_instead_made")
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        MEMBER, on_delete=models.PROTECT, null=True, blank=True, related_name="rota_instead_ended"
    )

    class Meta:
        ordering = ["starts_at", "rank", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(rank__in=Rank.values), name="rota_instead_rank_is_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="rota_instead_ends_after_it_starts"),
            models.CheckConstraint(condition=ENDED_BY_SOMEBODY, name="rota_instead_is_ended_by_somebody"),
            models.CheckConstraint(
                condition=Q(swap__isnull=True) | Q(holiday__isnull=True), name="rota_instead_has_one_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"rota instead {self.pk}"


class RotaChange(models.TextChoices):
    WEEKLY_ADDED = "weekly_added", _("added to the week")
    WEEKLY_ENDED = "weekly_ended", _("took out of the week")
    INSTEAD_ADDED = "instead_added", _("wrote down an exception")
    INSTEAD_ENDED = "instead_ended", _("took back an exception")
    SWAP_ASKED = "swap_asked", _("asked for a swap")
    SWAP_ACCEPTED = "swap_accepted", _("accepted a swap")
    SWAP_REFUSED = "swap_refused", _("did not take a swap")
    SWAP_WITHDRAWN = "swap_withdrawn", _("took a wish for a swap back")
    SWAP_LAPSED = "swap_lapsed", _("a swap lapsed without an answer")
    HOLIDAY_CONFIRMED = "holiday_confirmed", _("confirmed a bank holiday")
    HOLIDAY_ENDED = "holiday_ended", _("took back a bank holiday")


class RotaEvent(models.Model):
    """One change of the rota. Only ever added to: triggers refuse an UPDATE and a DELETE."""

    at = models.DateTimeField(default=timezone.now)
    what = models.CharField(max_length=17, choices=RotaChange)
    by = models.ForeignKey(MEMBER, on_delete=models.PROTECT, null=True, blank=True, related_name="rota_events")
    weekly = models.ForeignKey(RotaWeekly, on_delete=models.PROTECT, null=True, blank=True, related_name="events")
    instead = models.ForeignKey(RotaInstead, on_delete=models.PROTECT, null=True, blank=True, related_name="events")
    swap = models.ForeignKey(RotaSwap, on_delete=models.PROTECT, null=True, blank=True, related_name="events")
    holiday = models.ForeignKey(RotaHoliday, on_delete=models.PROTECT, null=True, blank=True, related_name="events")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(what__in=RotaChange.values), name="rota_change_is_known"),
            models.CheckConstraint(
                condition=Q(by__isnull=False) | Q(what=RotaChange.SWAP_LAPSED), name="rota_change_is_somebodys"
            ),
            models.CheckConstraint(
                condition=Q(weekly__isnull=False, instead=None, swap=None, holiday=None)
                | Q(weekly=None, instead__isnull=False, swap=None, holiday=None)
                | Q(weekly=None, instead=None, swap__isnull=False, holiday=None)
                | Q(weekly=None, instead=None, swap=None, holiday__isnull=False),
                name="rota_event_is_about_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"rota event {self.pk}"


class RotaMail(models.Model):
    """That the gaps of a day were looked at for the morning's mail: made once, by whichever clock is first."""

    day = models.DateField(unique=True)
    gaps = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"rota mail {self.day}"

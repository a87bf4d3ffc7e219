"""What comes after a crisis: a debrief for whoever had a hand in it, and one question to the person, much later."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DebriefAnswer(models.TextChoices):
    NONE = "", _("no answer yet")
    LATER = "later", _("Not now: ask me once more in three days")
    TAKEN = "taken", _("I have had one, or it is arranged")
    DECLINED = "declined", _("I'd rather not")


class Debrief(models.Model):
    """An offer to talk it over, to one person after one crisis. There is no column for a reason, nor for what was said."""

    case = models.ForeignKey("moderation.Case", on_delete=models.PROTECT, related_name="debriefs")
    episode = models.PositiveIntegerField()  # which escalation of it
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="debriefs")
    offered_at = models.DateTimeField(default=timezone.now)
    reminded_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=8, choices=DebriefAnswer, blank=True, default=DebriefAnswer.NONE)
    answered_at = models.DateTimeField(null=True, blank=True)
    on = models.DateField(null=True, blank=True)
    with_whom = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="debriefs_given"
    )  # None for somebody outside the team

    class Meta:
        ordering = ["-offered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "episode", "member"], name="debrief_offered_once"),
            models.CheckConstraint(condition=Q(answer__in=DebriefAnswer.values), name="debrief_answer_is_known"),
            models.CheckConstraint(
                condition=Q(answer="taken", on__isnull=False) | (~Q(answer="taken") & Q(on=None, with_whom=None)),
                name="debrief_taken_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="debrief_answer_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(with_whom=None) | ~Q(with_whom=F("member")), name="debrief_is_with_another"
            ),
        ]

    def __str__(self) -> str:
        return f"debrief {self.pk}"


class CareChoice(models.TextChoices):
    HELPED = "helped", _("It helped that somebody was there")
    MIXED = "mixed", _("Some of it helped, and some of it did not")
    HARD = "hard", _("It made things harder, or I was left alone with it")


class HowCareWas(models.Model):
    """How it was to be looked after, asked once, a fortnight after. Made when it is asked; never changed once it is answered."""

    WORDS_MAX: ClassVar[int] = 1000

    case = models.OneToOneField("moderation.Case", on_delete=models.PROTECT, related_name="how_care_was")
    asked_at = models.DateTimeField(default=timezone.now)
    choice = models.CharField(max_length=6, choices=CareChoice, blank=True)
    words = models.TextField(max_length=WORDS_MAX, blank=True)
    said_at = models.DateTimeField(null=True, blank=True)
    not_now_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(choice="", words="", said_at=None)
                | Q(choice__in=CareChoice.values, said_at__isnull=False, not_now_at=None),
                name="how_care_was_is_whole",
            )
        ]

    def __str__(self) -> str:
        return f"how case {self.case_id} was"

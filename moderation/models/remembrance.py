"""A member who has died: who said so, who was told by whom, and what of their words the family wanted taken down."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class Remembrance(models.Model):
    """One of the staff says that a member has died, another agrees; two take it back. At most one lives for each member."""

    WHY_MAX: ClassVar[int] = 1000

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="remembrances")
    why = models.TextField(max_length=WHY_MAX)  # how it is known, for staff
    marked = models.BooleanField(default=False)  # their page says that they are remembered
    before = models.JSONField(default=dict)  # their standing, so that a mistake can be undone in full
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    undo_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undo_asked_at = models.DateTimeField(null=True, blank=True)
    undo_why = models.TextField(max_length=WHY_MAX, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # who took the proposal back or agreed to undo it; None with a time: it found no second person
    ended_at = models.DateTimeField(null=True, blank=True)
    thread = models.OneToOneField(
        "forum.Post", on_delete=models.PROTECT, null=True, blank=True, related_name="remembrance"
    )  # at most one

    class Meta:
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(confirmed_by=F("proposed_by")), name="two_say_that_somebody_died"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="who_agreed_that_somebody_died_and_when",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | Q(ended_at=None)
                | (Q(undo_asked_by__isnull=False, ended_by__isnull=False) & ~Q(ended_by=F("undo_asked_by"))),
                name="two_take_a_remembrance_back",
            ),
            models.CheckConstraint(
                condition=Q(thread=None) | Q(confirmed_by__isnull=False), name="a_thread_follows_a_remembrance"
            ),
            models.UniqueConstraint(fields=["member"], condition=Q(ended_at=None), name="somebody_is_remembered_once"),
        ]

    def __str__(self) -> str:
        return f"remembrance {self.pk}"


class ToTell(models.Model):
    """Somebody who was close to a member who has died, for a person to tell them before they read it anywhere."""

    remembrance = models.ForeignKey(Remembrance, on_delete=models.PROTECT, related_name="to_tell")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ties = models.JSONField(default=list)  # how: keys of moderation.closeness.TIES
    last_at = models.DateTimeField()
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-last_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["remembrance", "person"], name="somebody_is_told_once"),
            models.CheckConstraint(
                condition=Q(told_by=None, told_at=None) | Q(told_by__isnull=False, told_at__isnull=False),
                name="who_told_somebody_and_when",
            ),
        ]


class FamilyWish(models.Model):
    """Words of a member who has died that their family wants taken down: one of the staff asks, another agrees."""

    WHY_MAX: ClassVar[int] = 600

    remembrance = models.ForeignKey(Remembrance, on_delete=models.PROTECT, related_name="wishes")
    post = models.ForeignKey("forum.Post", on_delete=models.PROTECT, related_name="+")
    why = models.TextField(max_length=WHY_MAX)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)  # taken down then; without `agreed_by`: let go

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(agreed_by=F("asked_by")), name="two_take_a_familys_words_down"),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | Q(ended_at__isnull=False), name="a_familys_wish_was_met_at_a_time"
            ),
            models.UniqueConstraint(fields=["post"], condition=Q(ended_at=None), name="one_wish_for_each_post"),
        ]

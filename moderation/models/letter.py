"""What reaches the team without a case: from somebody without an account, or about somebody whom it does not name."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moderation.models.case import Reserved
from moderation.models.report import Door, Report


class Letter(models.Model):
    """As it came. The clock reads whom it is about (`placed_at`): a `report` in their case, or it waits for a person.

    `name` and `reach` are sealed: only moderation.letters reads and writes them. `code_hash` is of the code its sender
    follows it up with; a member's letter has none and stands under their own reports. `gathered`: it came in a flood
    and does not rouse, or held what nobody sees: so it wakes nobody.
    """

    SEALED: ClassVar[tuple[str, ...]] = ("name", "reach")
    ABOUT_MAX: ClassVar[int] = 300
    SEALED_MAX: ClassVar[int] = 200
    WORDS_MAX: ClassVar[int] = Report.NOTE_MAX

    door = models.CharField(
        max_length=5, choices=[(Door.WORRY.value, Door.WORRY.label), (Door.RULE.value, Door.RULE.label)]
    )
    category = models.CharField(max_length=24)  # a key of moderation.categories
    about = models.CharField(max_length=ABOUT_MAX, blank=True)  # a handle, a link to a post, or any words
    note = models.TextField(max_length=WORDS_MAX, blank=True)
    whereabouts = models.TextField(max_length=WORDS_MAX, blank=True)
    name = models.TextField(blank=True)
    reach = models.TextField(blank=True)
    sealed_for = models.UUIDField(default=uuid.uuid4, editable=False)  # binds the sealed words to this row
    code_hash = models.CharField(max_length=64, blank=True)
    key = models.UUIDField()  # the sender's own name for this send
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="letters"
    )  # a member who told of the team; nobody for one from outside
    reserved_for = models.CharField(max_length=11, choices=Reserved, default=Reserved.NOBODY, blank=True)
    gathered = models.BooleanField(default=False)
    # Telephones are rung about it from then on, not at once: they ring for another from outside (outside_rings.py).
    rings_from = models.DateTimeField(null=True, blank=True)
    rang_at = models.DateTimeField(null=True, blank=True)  # when it rang, or began to
    made_at = models.DateTimeField(default=timezone.now)
    placed_at = models.DateTimeField(null=True, blank=True)  # when the clock looked whom it is about
    report = models.OneToOneField(
        "moderation.Report", on_delete=models.SET_NULL, null=True, blank=True, related_name="letter"
    )
    called_at = models.DateTimeField(null=True, blank=True)  # when staff were called about it
    called_again_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="letters_read"
    )
    settled_at = models.DateTimeField(null=True, blank=True)  # a person has put it into a case, or put it aside
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="letters_settled"
    )
    why_aside = models.TextField(max_length=WORDS_MAX, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)  # when somebody last opened who wrote it
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="letters_opened"
    )

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["sender", "key"], name="letter_key_once_per_sender"),
            models.UniqueConstraint(fields=["key"], condition=Q(sender=None), name="letter_key_once_from_outside"),
            models.UniqueConstraint(fields=["code_hash"], condition=~Q(code_hash=""), name="letter_code_is_its_own"),
            models.UniqueConstraint(fields=["sealed_for"], name="letter_sealed_for_itself"),
            models.CheckConstraint(condition=Q(door__in=[Door.WORRY, Door.RULE]), name="letter_door_is_known"),
            models.CheckConstraint(condition=Q(reserved_for__in=Reserved.values), name="letter_reserved_for_is_known"),
            models.CheckConstraint(
                condition=Q(sender=None) & ~Q(code_hash="") | Q(sender__isnull=False, code_hash="", name="", reach=""),
                name="letter_is_followed_up_one_way",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None) | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="letter_is_settled_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["made_at"], condition=Q(placed_at=None), name="letter_to_place"),
            models.Index(fields=["made_at"], condition=Q(report=None, settled_at=None), name="letter_waits"),
            models.Index(fields=["-made_at"], condition=Q(sender=None), name="letter_from_outside"),
            models.Index(fields=["rings_from"], condition=Q(rings_from__isnull=False), name="letter_rings_late"),
        ]

    def __str__(self) -> str:
        return f"letter {self.pk}"


class LetterOpening(models.Model):
    """Somebody had a letter before them, or opened who wrote it. Written once and never changed; it goes with its letter."""

    class What(models.TextChoices):
        READ = "read", _("read it")
        SENDER = "sender", _("opened who wrote it")

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="openings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="letter_openings")
    what = models.CharField(max_length=6, choices=What)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(what__in=["read", "sender"]), name="letter_opening_is_known"),
        ]

    def __str__(self) -> str:
        return f"letter {self.letter_id} by {self.by_id}: {self.what}"

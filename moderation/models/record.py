"""What staff write down about a crisis: the record, and each of its versions."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MEMBER = settings.AUTH_USER_MODEL
ANSWERED_PARTS = ("what_they_said", "when_and_where", "means_and_time", "what_they_want", "what_we_did", "basis",
                  "how_it_ended")  # fmt: skip
"""The parts in words that a finished record has: each with words, or marked as not known in `not_known`."""


class RecordKind(models.TextChoices):
    FULL = "full", _("a full record")
    SHORT = "short", _("not a crisis, because")


class YesNo(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    NOT_KNOWN = "not_known", _("We do not know")


class Agreed(models.TextChoices):
    ASKED = "asked", _("We asked, and have no answer yet")
    GIVEN = "given", _("They agreed")
    REFUSED = "refused", _("They said no")
    COULD_NOT = "could_not", _("We could not ask them")


class CrisisRecord(models.Model):
    """A full record says what happened, and is written while it happens; a short one why it was no crisis.

    `version` counts the saves that changed something. `not_known` holds the names of parts that were answered with "we do
    not know", each between commas, so that the database can hold a finished record to being whole.
    """

    WORDS_MAX: ClassVar[int] = 4000

    case = models.ForeignKey("moderation.Case", on_delete=models.PROTECT, related_name="records")
    by = models.ForeignKey(MEMBER, on_delete=models.PROTECT, related_name="records_written")
    kind = models.CharField(max_length=5, choices=RecordKind)
    episode = models.PositiveIntegerField(default=0)  # of the case: each escalation has a record of its own
    version = models.PositiveIntegerField(default=1)
    snapshot = models.TextField(blank=True)  # JSON: the words as they were reported, taken once by the machine
    what_they_said = models.TextField(max_length=WORDS_MAX, blank=True)
    when_and_where = models.TextField(max_length=WORDS_MAX, blank=True)
    means_and_time = models.TextField(max_length=WORDS_MAX, blank=True)
    others_in_danger = models.CharField(max_length=9, choices=YesNo, blank=True)
    others_words = models.TextField(max_length=WORDS_MAX, blank=True)
    what_they_want = models.TextField(max_length=WORDS_MAX, blank=True)
    agreed = models.CharField(max_length=9, choices=Agreed, blank=True)
    what_we_did = models.TextField(max_length=WORDS_MAX, blank=True)
    who_was_told = models.TextField(max_length=WORDS_MAX, blank=True)
    basis = models.TextField(max_length=WORDS_MAX, blank=True)
    how_it_ended = models.TextField(max_length=WORDS_MAX, blank=True)
    follow_up_on = models.DateField(null=True, blank=True)
    not_known = models.CharField(max_length=300, default=",", blank=True)
    left_out = models.TextField(
        max_length=WORDS_MAX, blank=True
    )  # other people's details: what the person does not read
    because = models.TextField(max_length=WORDS_MAX, blank=True)
    at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)  # when a case was last closed with it
    followed_up_at = models.DateTimeField(null=True, blank=True)  # when the clock brought it back
    second_due_at = models.DateTimeField(null=True, blank=True)
    second_read_at = models.DateTimeField(null=True, blank=True)
    second_read_version = models.PositiveIntegerField(null=True, blank=True)
    second_reader = models.ForeignKey(
        MEMBER, on_delete=models.PROTECT, null=True, blank=True, related_name="records_read"
    )
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=RecordKind.values), name="record_kind_is_known"),
            models.CheckConstraint(
                condition=Q(others_in_danger__in=["", *YesNo.values]), name="record_others_in_danger_is_known"
            ),
            models.CheckConstraint(condition=Q(agreed__in=["", *Agreed.values]), name="record_agreed_is_known"),
            models.CheckConstraint(
                condition=Q(kind=RecordKind.SHORT) | Q(finished_at=None) | (~Q(others_in_danger="") & ~Q(agreed="")),
                name="finished_record_says_who_is_in_danger_and_agreed",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(kind=RecordKind.SHORT)
                    | Q(finished_at=None)
                    | ~Q(**{part: ""})
                    | Q(not_known__contains=f",{part},"),
                    name=f"finished_record_has_{part}",
                )
                for part in ANSWERED_PARTS
            ),
            models.CheckConstraint(
                condition=Q(kind=RecordKind.SHORT)
                | Q(finished_at=None)
                | Q(follow_up_on__isnull=False)
                | Q(not_known__contains=",follow_up_on,"),
                name="finished_record_says_when_to_follow_up",
            ),
            models.CheckConstraint(
                condition=Q(kind=RecordKind.FULL) | (~Q(because="") & Q(second_due_at__isnull=False)),
                name="short_record_says_why_and_is_read_again",
            ),
            models.CheckConstraint(
                condition=Q(second_reader__isnull=True) | ~Q(second_reader=F("by")),
                name="record_is_read_by_somebody_else",
            ),
            models.UniqueConstraint(
                fields=["case", "episode"],
                condition=Q(kind=RecordKind.FULL, episode__gt=0),
                name="one_full_record_an_escalation",
            ),
        ]
        indexes = [
            models.Index(
                fields=["follow_up_on"],
                condition=Q(follow_up_on__isnull=False, followed_up_at=None),
                name="record_follow_up",
            )
        ]

    def __str__(self) -> str:
        return f"record {self.pk}"


class RecordVersion(models.Model):
    """The record as one save left it. Triggers refuse any change but that its words are erased."""

    record = models.ForeignKey(CrisisRecord, on_delete=models.CASCADE, related_name="versions")
    n = models.PositiveIntegerField()
    by = models.ForeignKey(MEMBER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    fields = models.TextField()  # JSON: every part by its name
    tab = models.UUIDField(default=uuid.uuid4)  # the page that sent it: its own saves are no one else's
    turn = models.PositiveIntegerField(default=0)  # of that page: a save that arrives late changes nothing

    class Meta:
        ordering = ["n"]
        constraints = [models.UniqueConstraint(fields=["record", "n"], name="record_version_once")]

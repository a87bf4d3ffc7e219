"""Opening a member's contact details: who asked and why, who answered, each opening, and the review afterwards."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Basis(models.TextChoices):
    """Why the law lets us, in plain words."""

    VITAL = "vital", _("A life is in danger, and this may save it")
    LAW = "law", _("A law or a court obliges us to")
    CONSENT = "consent", _("They have said yes to it")


class Purpose(models.TextChoices):
    DANGER = "danger", _("somebody may be in danger")
    REQUEST = "request", _("a lawful request from outside")


class DisclosureStage(models.TextChoices):
    ASKED = "asked", _("waits for a second person")
    APPROVED = "approved", _("agreed to")
    ALONE = "alone", _("opened by one person, in an emergency")
    REFUSED = "refused", _("not agreed to")
    LAPSED = "lapsed", _("lapsed")


_member = settings.AUTH_USER_MODEL


class Disclosure(models.Model):
    """What staff ask to see in one case. `review_due_at` is set where one person went alone."""

    REASON_MAX: ClassVar[int] = 2000
    REQUEST_MAX: ClassVar[int] = 60

    case = models.ForeignKey("moderation.Case", on_delete=models.PROTECT, related_name="disclosures")
    purpose = models.CharField(max_length=7, choices=Purpose, default=Purpose.DANGER)
    request = models.CharField(max_length=REQUEST_MAX, blank=True)  # its number in the register of requests
    basis = models.CharField(max_length=7, choices=Basis)
    reason = models.TextField(max_length=REASON_MAX)
    wants_mail = models.BooleanField(default=False)
    wants_card = models.BooleanField(default=False)
    wants_sign_ins = models.BooleanField(default=False)
    post = models.ForeignKey(
        "forum.Post", on_delete=models.PROTECT, null=True, blank=True, related_name="disclosures"
    )  # whose connection is asked for
    stage = models.CharField(max_length=8, choices=DisclosureStage, default=DisclosureStage.ASKED)
    asked_by = models.ForeignKey(_member, on_delete=models.PROTECT, related_name="disclosures_asked")
    asked_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(
        _member, on_delete=models.PROTECT, null=True, blank=True, related_name="disclosures_answered"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(max_length=REASON_MAX, blank=True)  # why it was refused
    review_due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    reviewed_by = models.ForeignKey(
        _member, on_delete=models.PROTECT, null=True, blank=True, related_name="disclosures_reviewed"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    was_right = models.BooleanField(null=True)
    review = models.TextField(max_length=REASON_MAX, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    late_told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="disclosure_has_its_reason"),
            models.CheckConstraint(condition=Q(basis__in=Basis.values), name="disclosure_has_its_basis"),
            models.CheckConstraint(condition=Q(stage__in=DisclosureStage.values), name="disclosure_stage_is_known"),
            models.CheckConstraint(
                condition=Q(purpose=Purpose.DANGER, request="") | (Q(purpose=Purpose.REQUEST) & ~Q(request="")),
                name="disclosure_names_its_request",
            ),
            models.CheckConstraint(
                condition=Q(wants_mail=True) | Q(wants_card=True) | Q(wants_sign_ins=True) | Q(post__isnull=False),
                name="disclosure_asks_for_something",
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("asked_by")), name="disclosure_takes_two"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("asked_by")), name="disclosure_is_reviewed_by_another"
            ),
            models.CheckConstraint(
                condition=Q(
                    stage=DisclosureStage.APPROVED, answered_by__isnull=False, answered_at__isnull=False, answer=""
                )
                | (
                    Q(stage=DisclosureStage.REFUSED, answered_by__isnull=False, answered_at__isnull=False)
                    & ~Q(answer="")
                )
                | Q(stage__in=["asked", "alone", "lapsed"], answered_by=None, answered_at=None, answer=""),
                name="disclosure_has_its_answer",
            ),
            models.CheckConstraint(
                condition=Q(stage=DisclosureStage.ALONE, purpose=Purpose.DANGER, review_due_at__isnull=False)
                | (~Q(stage=DisclosureStage.ALONE) & Q(review_due_at=None, reviewed_by=None)),
                name="who_goes_alone_is_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None, reviewed_at=None, was_right=None, review="")
                | (Q(reviewed_by__isnull=False, reviewed_at__isnull=False, was_right__isnull=False) & ~Q(review="")),
                name="disclosure_review_is_whole",
            ),
            models.UniqueConstraint(
                fields=["case", "asked_by"], condition=Q(stage="asked"), name="one_disclosure_asked_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"disclosure {self.pk}"


class DisclosureOpening(models.Model):
    """One time for which somebody could read what they had asked for. It ends by itself after `minutes`, thirty at most."""

    LONGEST: ClassVar[int] = 30  # minutes: the promise

    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="openings")
    by = models.ForeignKey(_member, on_delete=models.PROTECT, related_name="disclosures_opened")
    opened_at = models.DateTimeField(default=timezone.now)
    minutes = models.PositiveSmallIntegerField(default=LONGEST)
    shut_at = models.DateTimeField(null=True, blank=True)  # by hand, before its time
    again = models.BooleanField(default=False)  # with one press, while the emergency lasts

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=30), name="opening_lasts_thirty_minutes"),
            models.CheckConstraint(
                condition=Q(shut_at=None) | Q(shut_at__gte=F("opened_at")), name="opening_is_shut_after_it_was_opened"
            ),
        ]

    def __str__(self) -> str:
        return f"opening {self.pk}"

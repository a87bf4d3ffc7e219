"""Who asks us for what we know of somebody: the register of requests, and the files that exist only through it."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Asker(models.TextChoices):
    POLICE = "police", _("police")
    CORONER = "coroner", _("coroner or procurator fiscal")
    COURT = "court", _("court or solicitor")
    FAMILY = "family", _("family or friend")
    JOURNALIST = "journalist", _("journalist")
    OTHER = "other", _("somebody else")


class Stage(models.TextChoices):
    """In their order. `verified`: somebody was called back on a number that we found ourselves."""

    ASKED = "asked", _("asked")
    VERIFIED = "verified", _("called back")
    DECIDED = "decided", _("decided")
    GIVEN = "given", _("given")
    REFUSED = "refused", _("refused")
    CLOSED = "closed", _("closed")


BEFORE_DECISION = (Stage.ASKED, Stage.VERIFIED)


class OutsideRequest(models.Model):
    """One request. The database lets nothing be given without a call back, without two people, or to a journalist."""

    NAME_MAX: ClassVar[int] = 120
    REACH_MAX: ClassVar[int] = 200
    WORDS_MAX: ClassVar[int] = 2000

    asker = models.CharField(max_length=10, choices=Asker)
    name = models.CharField(max_length=NAME_MAX)
    organisation = models.CharField(max_length=NAME_MAX, blank=True)
    reference = models.CharField(max_length=NAME_MAX, blank=True)  # theirs
    reach = models.CharField(max_length=REACH_MAX, blank=True)  # as they gave it: never what is called back
    power = models.TextField(max_length=WORDS_MAX, blank=True)  # the power or legal basis that they name
    asked = models.TextField(max_length=WORDS_MAX)
    about_words = models.CharField(max_length=REACH_MAX)  # whom, as they said it
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="requests_about"
    )
    case = models.ForeignKey(
        "moderation.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="outside_requests"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    logged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="requests_logged")
    logged_at = models.DateTimeField(default=timezone.now)
    stage = models.CharField(max_length=8, choices=Stage, default=Stage.ASKED)
    version = models.PositiveIntegerField(default=1)

    called_number = models.CharField(max_length=REACH_MAX, blank=True)
    number_found = models.CharField(max_length=REACH_MAX, blank=True)  # where we found it, by ourselves
    spoke_with = models.CharField(max_length=NAME_MAX, blank=True)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="requests_called_back"
    )
    called_at = models.DateTimeField(null=True, blank=True)

    give = models.BooleanField(null=True, blank=True)
    why = models.TextField(max_length=WORDS_MAX, blank=True)
    basis = models.TextField(max_length=WORDS_MAX, blank=True)  # our lawful basis, in plain words
    leave_out = models.TextField(max_length=WORDS_MAX, blank=True)  # names and places to take out, one a line
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="requests_proposed"
    )
    proposed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="requests_confirmed"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    will_tell = models.BooleanField(default=True)  # the person it is about
    why_not_told = models.TextField(max_length=WORDS_MAX, blank=True)
    review_on = models.DateField(null=True, blank=True)  # when it is asked again whether they can be told
    told_words = models.TextField(max_length=WORDS_MAX, blank=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="requests_told"
    )
    told_at = models.DateTimeField(null=True, blank=True)
    told_read_at = models.DateTimeField(null=True, blank=True)

    answered_how = models.TextField(max_length=WORDS_MAX, blank=True)  # to whom it was given, or how we said no
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="requests_answered"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(max_length=WORDS_MAX, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="requests_closed"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(asker__in=Asker.values), name="request_asker_is_known"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="request_stage_is_known"),
            models.CheckConstraint(
                condition=Q(called_at=None, called_by=None, called_number="", number_found="")
                | Q(called_at__isnull=False, called_by__isnull=False)
                & ~Q(called_number="")
                & ~Q(number_found="")
                & ~Q(called_number=F("reach")),
                name="request_call_back_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(give=True) | Q(called_at__isnull=False), name="request_gives_after_a_call_back"
            ),
            models.CheckConstraint(
                condition=~Q(give=True) | ~Q(asker=Asker.JOURNALIST), name="request_gives_no_journalist"
            ),
            models.CheckConstraint(condition=~Q(give=True) | ~Q(basis=""), name="request_gives_with_a_basis"),
            models.CheckConstraint(
                condition=Q(stage__in=BEFORE_DECISION) | Q(confirmed_by__isnull=False) | Q(asker=Asker.JOURNALIST),
                name="request_is_decided_by_two",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | Q(proposed_by__isnull=False, decided_at__isnull=False) & ~Q(confirmed_by=F("proposed_by")),
                name="request_deciders_differ",
            ),
            models.CheckConstraint(
                condition=Q(proposed_at=None, proposed_by=None)
                | Q(proposed_at__isnull=False, proposed_by__isnull=False, give__isnull=False),
                name="request_proposal_is_whole",
            ),
            models.CheckConstraint(condition=~Q(stage=Stage.GIVEN) | Q(give=True), name="request_given_was_decided"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | Q(about=None)
                | Q(will_tell=True)
                | ~Q(why_not_told="") & Q(review_on__isnull=False),
                name="request_tells_or_says_why_not",
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.stage != Stage.CLOSED


class RequestField(models.Model):
    """One field that is given, and why just this one."""

    KEY_MAX: ClassVar[int] = 32
    REASON_MAX: ClassVar[int] = 300

    request = models.ForeignKey(OutsideRequest, on_delete=models.CASCADE, related_name="fields")
    key = models.CharField(max_length=KEY_MAX)  # a key of moderation.case_export.fields
    reason = models.CharField(max_length=REASON_MAX)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "key"], name="request_field_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="request_field_has_a_reason"),
        ]


class RequestStep(models.TextChoices):
    LOGGED = "logged", _("wrote it down")
    CALLED = "called", _("called back")
    PROPOSED = "proposed", _("proposed what to do")
    LAPSED = "lapsed", _("nobody answered the proposal in seven days")
    TURNED_DOWN = "turned_down", _("did not agree to the proposal")
    DECIDED = "decided", _("agreed, so it is decided")
    FILE_MADE = "file_made", _("made a file")
    FILE_TAKEN = "file_taken", _("took the file")
    GIVEN = "given", _("gave it")
    REFUSED = "refused", _("said no to whoever asked")
    TOLD = "told", _("told the person it is about")
    PUT_OFF = "put_off", _("put off telling the person it is about")
    CLOSED = "closed", _("closed it")


class RequestEvent(models.Model):
    """One step of a request. Only ever added to: triggers refuse an UPDATE and a DELETE."""

    request = models.ForeignKey(OutsideRequest, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    what = models.CharField(max_length=11, choices=RequestStep)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="request_events"
    )

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(what__in=RequestStep.values), name="request_step_is_known")]


class FileKind(models.TextChoices):
    PDF = "pdf", _("PDF, for printing and sending")
    HTML = "html", _("A web page, for reading on a screen")


class RequestFile(models.Model):
    """What was drawn from a case for one decided request. `archive` is sealed, taken once, and wiped then or after a day.

    A trigger refuses a row whose request is not decided.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    request = models.ForeignKey(OutsideRequest, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=4, choices=FileKind)
    digest = models.CharField(max_length=64)  # SHA-256 of the case's file, which its cover sheet names
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="request_files")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    archive = models.BinaryField(null=True, blank=True)

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FileKind.values), name="request_file_kind_is_known"),
            models.CheckConstraint(condition=Q(taken_at=None) | Q(archive=None), name="request_file_is_taken_once"),
        ]

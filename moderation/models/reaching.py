"""Whom staff tried to reach about somebody, and what was handed to emergency services."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moderation.models.record import CrisisRecord

MEMBER = settings.AUTH_USER_MODEL


class Contact(models.TextChoices):
    MEMBER = "member", _("The person themselves")
    EMERGENCY = "emergency", _("Emergency services")
    OTHER = "other", _("Another service or person")


class Answer(models.TextChoices):
    REACHED = "reached", _("Reached")
    NOT_REACHED = "not_reached", _("Not reached")
    WAITING = "waiting", _("No answer yet")
    ACCEPTED = "accepted", _("Accepted: they are acting")
    REFUSED = "refused", _("Refused")
    NOT_TRACEABLE = "not_traceable", _("Not traceable: they could not find the person")


TURNED_AWAY = (Answer.REFUSED, Answer.NOT_TRACEABLE)


class ContactTried(models.Model):
    """Whom staff tried to reach, when, and what came of it. A later answer is a row of its own."""

    NAME_MAX: ClassVar[int] = 200
    NUMBER_MAX: ClassVar[int] = 60
    WORDS_MAX: ClassVar[int] = 2000

    record = models.ForeignKey(CrisisRecord, on_delete=models.CASCADE, related_name="contacts")
    whom = models.CharField(max_length=9, choices=Contact)
    name = models.CharField(max_length=NAME_MAX, blank=True)
    incident_number = models.CharField(max_length=NUMBER_MAX, blank=True)
    answer = models.CharField(max_length=13, choices=Answer)
    what_next = models.TextField(max_length=WORDS_MAX, blank=True)
    by = models.ForeignKey(MEMBER, on_delete=models.PROTECT, related_name="+")
    tried_at = models.DateTimeField(default=timezone.now)
    at = models.DateTimeField(default=timezone.now)
    key = models.UUIDField(default=uuid.uuid4, unique=True)  # of the form that sent it: twice is once

    class Meta:
        ordering = ["tried_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(whom__in=Contact.values), name="contact_is_known"),
            models.CheckConstraint(condition=Q(answer__in=Answer.values), name="contact_answer_is_known"),
            models.CheckConstraint(
                condition=Q(whom=Contact.EMERGENCY) | Q(incident_number=""),
                name="emergency_services_give_incident_numbers",
            ),
            models.CheckConstraint(
                condition=~Q(answer__in=TURNED_AWAY) | ~Q(what_next=""), name="turned_away_says_what_came_next"
            ),
        ]


class HandOverSheet(models.Model):
    """What was handed to emergency services, to whom and when. Triggers refuse any change but that its words are erased.

    `given_fields` names the contact details that were chosen; the details themselves are written onto the printed page by
    hand, from a disclosure, and stand in no row.
    """

    TO_MAX: ClassVar[int] = 200

    record = models.ForeignKey(CrisisRecord, on_delete=models.CASCADE, related_name="sheets")
    by = models.ForeignKey(MEMBER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    to_whom = models.CharField(max_length=TO_MAX)
    given_fields = models.CharField(max_length=400, blank=True)  # names with commas between
    words = models.TextField()  # JSON: what stood on it
    key = models.UUIDField(default=uuid.uuid4, unique=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(to_whom=""), name="sheet_says_to_whom")]

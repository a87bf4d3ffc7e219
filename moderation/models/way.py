"""How somebody of the team is reached when it cannot wait."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class WayKind(models.TextChoices):
    MAIL = "mail", _("mail")
    WEBHOOK = "webhook", _("webhook")
    PUSH = "push", _("a notification in a browser")


class WayPreset(models.TextChoices):
    """In which shape a webhook goes out: realtime.wires."""

    NONE = "", ""
    SIGNED = "signed", _("an address of your own")
    PAGERDUTY = "pagerduty", _("PagerDuty")
    TELEPHONE = "telephone", _("a telephone call")


class ContactWay(models.Model):
    """One way to reach one person. Its address and key are sealed: only moderation.ways reads and writes them.

    It counts once its person has confirmed a test of it; one that `rings` counts for being on call while that test is
    recent and nothing has failed since. `failing`: the last thing sent by it was refused for good, in words of ours.
    """

    NAME_MAX: ClassVar[int] = 60

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="contact_ways")
    kind = models.CharField(max_length=7, choices=WayKind)
    preset = models.CharField(max_length=9, choices=WayPreset, blank=True)
    name = models.CharField(max_length=NAME_MAX)  # their own, such as "my telephone"
    rings = models.BooleanField()
    sealed = models.TextField()
    sealed_for = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)  # binds what is sealed to this row
    made_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)  # when it first reached them
    tested_at = models.DateTimeField(null=True, blank=True)  # when it last did
    failing = models.CharField(max_length=200, blank=True)

    code_digest = models.CharField(max_length=64, blank=True)  # of the test that is under way
    link_digest = models.CharField(max_length=64, blank=True)
    code_until = models.DateTimeField(null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    test_sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["member", "name"], name="way_name_once_per_person"),
            models.UniqueConstraint(fields=["link_digest"], condition=~Q(link_digest=""), name="way_link_once"),
            models.CheckConstraint(condition=Q(kind__in=WayKind.values), name="way_kind_is_known"),
            models.CheckConstraint(
                condition=Q(
                    kind=WayKind.WEBHOOK, preset__in=[WayPreset.SIGNED, WayPreset.PAGERDUTY, WayPreset.TELEPHONE]
                )
                | (~Q(kind=WayKind.WEBHOOK) & Q(preset="")),
                name="way_preset_is_a_webhooks",
            ),
            models.CheckConstraint(condition=~Q(kind=WayKind.MAIL, rings=True), name="way_mail_does_not_ring"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, tested_at=None)
                | Q(confirmed_at__isnull=False, tested_at__isnull=False, tested_at__gte=models.F("confirmed_at")),
                name="way_is_confirmed_by_a_test",
            ),
            models.CheckConstraint(
                condition=Q(code_digest="", link_digest="", code_until=None)
                | (~Q(code_digest="") & ~Q(link_digest="") & Q(code_until__isnull=False)),
                name="way_test_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"way {self.pk}"

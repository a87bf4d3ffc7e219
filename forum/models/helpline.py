"""Lines to ring or to write to: what a site's operators keep, and when one of them last held each against its own page."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Region(models.TextChoices):
    """Whom a line serves, in the order of the help page: the United Kingdom and its nations, Ireland, the world."""

    UK = "uk", _("Anywhere in the United Kingdom")
    ENGLAND = "england", _("England")
    SCOTLAND = "scotland", _("Scotland")
    WALES = "wales", _("Wales")
    NORTHERN_IRELAND = "northern_ireland", _("Northern Ireland")
    IRELAND = "ireland", _("Ireland")
    INTERNATIONAL = "international", _("Anywhere else")


def known_regions(regions: object) -> None:
    """A list that names at least one region and no other thing."""
    if not isinstance(regions, list) or not regions or not set(regions) <= set(Region.values):
        raise ValidationError(_("Choose where this line serves."))


class Helpline(models.Model):
    """One service. `checked_on` is the day somebody held it against the service's own page; None means nobody has yet."""

    name = models.CharField(max_length=120, unique=True)
    for_whom = models.CharField(_("who it is for"), max_length=300)
    regions = models.JSONField(validators=[known_regions])
    languages = models.CharField(
        max_length=200, blank=True, help_text=_("Besides English, with commas between. Empty: English.")
    )
    emergency = models.BooleanField(
        default=False, help_text=_("Its number stands at the head of every help page and not in the list below.")
    )
    place = models.PositiveSmallIntegerField(default=100, help_text=_("Low numbers come first within a region."))
    url = models.URLField(_("the service's own page"), blank=True)
    note = models.TextField(blank=True, help_text=_("For whoever checks; not shown on the help page."))
    checked_on = models.DateField(null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ("place", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_by=None) | Q(checked_on__isnull=False), name="helpline_checker_has_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class HelplineWay(models.Model):
    """One way to reach a service. `value` begins with the number; what to press or to write first may follow it."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Ring")
        TEXT = "text", _("Text")
        CHAT = "chat", _("Chat at")
        EMAIL = "email", _("Write to")
        WEB = "web", _("Read at")

    helpline = models.ForeignKey(Helpline, on_delete=models.CASCADE, related_name="ways")
    kind = models.CharField(max_length=8, choices=Kind)
    value = models.CharField(
        max_length=200,
        help_text=_('A number ("116 123", "111, then press 2"), a word to a number ("SHOUT to 85258"), or an address.'),
    )
    free = models.BooleanField(default=False, help_text=_("Only where the service's own page says so."))
    hours = models.CharField(max_length=200, blank=True, help_text=_("As the service states them, or nothing."))
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("place", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["phone", "text", "chat", "email", "web"]), name="helpline_way_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.value

    def clean(self) -> None:
        """Refuses what would be a dead link on a bad night."""
        from forum.lines import Way  # it names these rows, and knows how a value becomes a link

        try:
            href = Way(self.kind, self.value, self.free, self.hours).href
        except ValueError:
            raise ValidationError({"value": _("Begin with the number, or with WORD to NUMBER.")}) from None
        if self.kind in {self.Kind.CHAT, self.Kind.WEB} and not href.startswith("https://"):
            raise ValidationError({"value": _("Write the whole address, beginning with https://.")})
        if self.kind == self.Kind.EMAIL and "@" not in self.value:
            raise ValidationError({"value": _("Write the whole e-mail address.")})

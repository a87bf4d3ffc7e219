"""What this site adds to the rules of screening and switches off, and who did: nothing of it is ever taken out of the log."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RuleFamily(models.TextChoices):
    """What a phrase of one's own is read as. A lone word counts for means and abuse alone, and there only in company."""

    PASSIVE = "passive", _("thoughts of dying")
    INTENT = "intent", _("ending one's life")
    PLAN = "plan", _("preparations")
    MEANS = "means", _("a means (counts only beside a wish to die)")
    METHOD = "method", _("it says how")
    ABUSE = "abuse", _("abuse (counts only where it is said to somebody)")
    SPAM = "spam", _("selling or spam")


class RuleWords(models.Model):
    """A phrase that this site looks for as well, from `since` until it is taken out."""

    PHRASE_MAX: ClassVar[int] = 80
    MOST: ClassVar[int] = 300  # at once: each is looked for in every post

    phrase = models.CharField(max_length=PHRASE_MAX)  # folded: lower case, plain apostrophes, single spaces
    family = models.CharField(max_length=7, choices=RuleFamily)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="rule_words_added")
    since = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="rule_words_ended"
    )

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(family__in=RuleFamily.values), name="rule_family_is_known"),
            models.CheckConstraint(condition=~Q(phrase=""), name="rule_words_say_something"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="rule_words_are_ended_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["family", "phrase"], condition=Q(ended_at__isnull=True), name="rule_words_once"
            ),
        ]

    def __str__(self) -> str:
        return self.phrase


class RuleSwitch(models.Model):
    """A rule that somebody asked to switch off. It is off from `off_since`, when a second person agreed, until `ended_at`."""

    RULE_MAX: ClassVar[int] = 24
    WHY_MAX: ClassVar[int] = 300

    rule = models.CharField(max_length=RULE_MAX)  # a name of moderation.screening.catalogue
    why = models.CharField(max_length=WHY_MAX)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="rules_switched")
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="rules_confirmed"
    )
    off_since = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # switched on again, or the wish taken back
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="rules_switched_on"
    )

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("by")), name="rule_is_off_by_two_people"
            ),
            models.CheckConstraint(
                condition=Q(off_since__isnull=True, confirmed_by__isnull=True)
                | Q(off_since__isnull=False, confirmed_by__isnull=False),
                name="rule_is_off_when_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="rule_switch_is_ended_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(rule="") & ~Q(why=""), name="rule_switch_says_why"),
            models.UniqueConstraint(
                fields=["rule"], condition=Q(ended_at__isnull=True), name="one_live_switch_of_a_rule"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} off"


class RuleChange(models.TextChoices):
    ADDED = "added", _("added a phrase")
    TAKEN_OUT = "taken_out", _("took a phrase out")
    ASKED_OFF = "asked_off", _("asked to switch a rule off")
    SWITCHED_OFF = "switched_off", _("agreed, and the rule is off")
    WITHDRAWN = "withdrawn", _("took the wish back")
    SWITCHED_ON = "switched_on", _("switched the rule on again")


class RuleEvent(models.Model):
    """One change of the rules. Only ever added to: triggers refuse an UPDATE and a DELETE."""

    at = models.DateTimeField(default=timezone.now)
    what = models.CharField(max_length=12, choices=RuleChange)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="rule_events")
    words = models.ForeignKey(RuleWords, on_delete=models.PROTECT, null=True, blank=True, related_name="events")
    switch = models.ForeignKey(RuleSwitch, on_delete=models.PROTECT, null=True, blank=True, related_name="events")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(what__in=RuleChange.values), name="rule_change_is_known"),
            models.CheckConstraint(
                condition=Q(words__isnull=False, switch__isnull=True) | Q(words__isnull=True, switch__isnull=False),
                name="rule_event_is_about_one_thing",
            ),
        ]

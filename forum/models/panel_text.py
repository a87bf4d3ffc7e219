"""What an operator lets the step before sharing say."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FindingKind(models.TextChoices):
    """What a check found in somebody's words, the gravest first."""

    CRISIS = "crisis", _("It sounds as if their life is in danger, or very hard")
    METHODS = "methods", _("It says how somebody could harm themselves")
    DETAILS = "details", _("It gives a way to reach somebody: a number, an address, an account")


class PanelText(models.Model):
    """An operator's own words for one kind in one language. What is empty is said in the words that come with Harbour."""

    TITLE_MAX: ClassVar[int] = 80
    WORDS_MAX: ClassVar[int] = 600

    kind = models.CharField(_("when"), max_length=7, choices=FindingKind)
    language = models.CharField(_("language"), max_length=12)
    title = models.CharField(_("title"), max_length=TITLE_MAX, blank=True)
    words = models.TextField(_("words"), max_length=WORDS_MAX, blank=True)

    class Meta:
        verbose_name = _("words before sharing")
        verbose_name_plural = _("words before sharing")
        ordering = ["kind", "language"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "language"], name="panel_text_once_per_kind_and_language"),
            models.CheckConstraint(condition=Q(kind__in=FindingKind.values), name="panel_text_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.language})"

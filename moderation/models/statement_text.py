"""The library of words that a statement begins from, in the Keeper's voice. Administrators edit it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from moderation.models.decision import DecisionKind


class StatementText(models.Model):
    """What a statement says was done. The greeting, the rule, how to ask again and who wrote it are added around it.

    A row with a `key` came with Harbour, and says what Harbour says while its words are empty. Others are an operator's own.
    """

    NAME_MAX: ClassVar[int] = 80
    WORDS_MAX: ClassVar[int] = 1500

    key = models.SlugField(max_length=40, blank=True, editable=False)
    kind = models.CharField(_("decision"), max_length=12, choices=DecisionKind)
    rule = models.CharField(
        _("house rule"), max_length=40, blank=True
    )  # an anchor of /rules/: offered first where it is named
    language = models.CharField(_("language"), max_length=12)
    name = models.CharField(_("name"), max_length=NAME_MAX, blank=True)
    words = models.TextField(_("words"), max_length=WORDS_MAX, blank=True)

    class Meta:
        verbose_name = _("words of a statement")
        verbose_name_plural = _("words of statements")
        ordering = ["kind", "language", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DecisionKind.values), name="statement_text_kind_is_known"),
            models.CheckConstraint(
                condition=~Q(key="") | (~Q(name="") & ~Q(words="")), name="own_statement_text_has_words"
            ),
            models.UniqueConstraint(
                fields=["key", "language"], condition=~Q(key=""), name="statement_text_once_per_key_and_language"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name or self.key} ({self.language})"

"""What is written when another look is asked for, and when it is answered."""

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.fields import PlainTextField
from forum.forms import KeyedForm
from moderation.forms import plain_words
from moderation.models import Appeal


class AppealForm(KeyedForm):
    words = plain_words(
        _("What should we look at again?"),
        Appeal.WORDS_MAX,
        rows=6,
        help_text=_("As much or as little as you like. What you meant, what we may have missed, what you would like."),
        error_messages={"required": _("Write what we should look at again.")},
    )


class AnswerForm(forms.Form):
    """`shown` and `shown_as` hold what was drawn as they will read it: only that is sent."""

    reasons = plain_words(
        _("Your reasons"),
        Appeal.REASONS_MAX,
        rows=6,
        error_messages={"required": _("Write the reasons first: they are what the member reads.")},
    )
    shown = PlainTextField(required=False, max_length=Appeal.REASONS_MAX, widget=forms.HiddenInput)
    shown_as = forms.CharField(required=False, max_length=7, widget=forms.HiddenInput)

    def was_shown(self, stage: str) -> bool:
        """Whether these very reasons have been previewed with this answer."""
        return (self.cleaned_data["shown"], self.cleaned_data["shown_as"]) == (self.cleaned_data["reasons"], stage)

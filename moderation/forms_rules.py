"""What staff send about the rules of screening. Rules of their own live in the actions: a form only reads what was sent."""

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.forms import plain_words
from moderation.models import RuleFamily, RuleSwitch, RuleWords


class PhraseForm(forms.Form):
    """A phrase to look for. `tried` is the phrase and family that this page was tried with last."""

    phrase = plain_words(
        _("A phrase"),
        RuleWords.PHRASE_MAX,
        rows=0,
        help_text=_("Two words or more, as people write them. Capitals and apostrophes make no difference."),
        error_messages={"required": _("Write the phrase first.")},
    )
    family = forms.ChoiceField(
        label=_("Read it as"), choices=RuleFamily.choices, error_messages={"required": _("Choose what it is read as.")}
    )
    tried = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def stamp(self) -> str:
        """Stands for what was tried, so that nothing else is added by the second press."""
        return f"{self.cleaned_data['family']}:{self.cleaned_data['phrase']}"


class SwitchForm(forms.Form):
    why = plain_words(
        _("Why it should be off"),
        RuleSwitch.WHY_MAX,
        rows=2,
        help_text=_("The second person reads it, and it stays in the log."),
        error_messages={"required": _("Say why, so that the second person can judge it.")},
    )

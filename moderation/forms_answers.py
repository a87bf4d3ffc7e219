"""What a member writes in answer to a decision, and what the team writes back. Rules live in the actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.forms import EditForm, KeyedForm
from moderation.forms import WordForm, plain_words
from moderation.models import HowChoice, HowItWas, Word
from moderation.team_forms import SeenForm


class RewriteForm(EditForm, KeyedForm):
    """Their words, to be edited. A word to the team can go with those that a person reads first."""

    word = plain_words(
        _("A word to the team"),
        Word.BODY_MAX,
        rows=2,
        required=False,
        help_text=_("Only the team reads this."),
    )

    def __init__(self, *args: Any, at_once: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if at_once:
            del self.fields["word"]


class TalkForm(WordForm):
    """The first word about a decision."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label=_("What would you like to say or ask?"), **kwargs)


class HowForm(forms.Form):
    choice = forms.ChoiceField(
        label=_("How was it for you?"),
        choices=HowChoice.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the one that comes closest."),
            "invalid_choice": _("Choose one of the three."),
        },
    )
    words = plain_words(_("Anything you'd like to add"), HowItWas.WORDS_MAX, required=False)


class DeclineForm(WordForm, SeenForm):
    """Why words do not go back like this, as a word to the member."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label=_("Why not like this, and what would help"), **kwargs)

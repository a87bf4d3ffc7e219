"""What is written when a case is read a second time, and when it is talked through."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from forum import rules
from forum.forms import KeyedForm
from moderation.forms import plain_words
from moderation.models import BlindNote, BlindReading, Decision, DecisionKind
from moderation.second_readings import NOT_A_CHOICE


class BlindAnswerForm(forms.Form):
    """The same choices whatever was decided and whatever holds now: what is offered gives nothing away."""

    kind = forms.ChoiceField(
        label=_("What would you have done?"),
        widget=forms.RadioSelect,
        choices=[(kind.value, capfirst(kind.label)) for kind in DecisionKind if kind not in NOT_A_CHOICE],
        error_messages={"required": _("Choose what you would have done.")},
    )
    rule = forms.ChoiceField(label=_("House rule"), required=False)
    words = plain_words(
        _("Why, in a few words"),
        BlindReading.WORDS_MAX,
        required=False,
        help_text=_("Your colleague reads this, and nobody else."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["rule"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("None")), *rules.choices(), (Decision.SAFETY, _("For safety"))]


class BlindNoteForm(KeyedForm):
    body = plain_words(
        _("A word to your colleague"),
        BlindNote.BODY_MAX,
        error_messages={"required": _("There are no words here yet.")},
    )

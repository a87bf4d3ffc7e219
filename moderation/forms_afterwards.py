"""What is asked after a crisis, of whoever had a hand in it and of the person it was about."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.fields import PlainTextField
from forum.forms import DraftedForm
from forum.models import Member
from moderation.first_words import check_words
from moderation.forms import plain_words
from moderation.models import CareChoice, DebriefAnswer, FirstWord, HowCareWas


class DebriefForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Would you like to talk it over?"),
        choices=[
            (each.value, each.label) for each in (DebriefAnswer.TAKEN, DebriefAnswer.LATER, DebriefAnswer.DECLINED)
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three."), "invalid_choice": _("Choose one of the three.")},
    )
    on = forms.DateField(
        label=_("On which day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write a day, such as 2026-11-05.")},
    )
    with_whom = forms.ChoiceField(label=_("With whom"), required=False)

    def __init__(self, *args: Any, people: Iterable[Member] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {str(person.pk): person for person in people}
        field = self.fields["with_whom"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("Somebody outside the team")),
            *((pk, each.handle) for pk, each in self._people.items()),
        ]

    def clean_with_whom(self) -> Member | None:
        return self._people.get(self.cleaned_data["with_whom"])


class CareAskedForm(DraftedForm):
    choice = forms.ChoiceField(
        label=_("How was it for you?"),
        choices=CareChoice.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the one that comes closest."),
            "invalid_choice": _("Choose one of the three."),
        },
    )
    words = plain_words(_("Anything you'd like to add"), HowCareWas.WORDS_MAX, required=False)


class FirstWordForm(forms.Form):
    """Other words for a first message, or a new one."""

    name = PlainTextField(label=_("Name"), max_length=FirstWord.NAME_MAX, required=False)
    words = plain_words(_("What it says"), FirstWord.WORDS_MAX, rows=8, required=False)

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        check_words(words)
        return words

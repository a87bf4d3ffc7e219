"""What people write to the team. Rules live in the actions: a form only reads what was sent."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.fields import PlainTextField
from forum.forms import KeyedForm
from moderation.categories import choices
from moderation.models import Door, Report, Word


def plain_words(label: Any, max_length: int, rows: int = 3, **more: Any) -> PlainTextField:
    """A field for somebody's own words, of at most `max_length` characters and about `rows` lines to begin with."""
    return PlainTextField(label=label, max_length=max_length, rows=rows, **more)


class DoorForm(KeyedForm):
    """One door's form: what it is about, in words that can be picked, and in one's own."""

    door: Door
    note = plain_words(_("Anything you'd like to add"), Report.NOTE_MAX, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category = forms.ChoiceField(
            label=self.question,
            choices=choices(self.door),
            widget=forms.RadioSelect,
            error_messages={"required": _("Please pick the one that comes closest."),
                            "invalid_choice": _("Please pick one of these.")},
        )  # fmt: skip
        self.fields = {"category": category, **self.fields}
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)

    question: Any = ""
    labels: dict[str, Any] = {}


class WorryForm(DoorForm):
    door = Door.WORRY
    question = _("What comes closest?")
    labels = {"note": _("What worries you, in your own words")}
    whereabouts = plain_words(
        _("Do you already know something that would help find them?"),
        Report.NOTE_MAX,
        rows=2,
        required=False,
        help_text=_(
            "A town, a first name, a phone number, where they said they were going. Only what you know; please don't go looking."
        ),
    )
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)  # signed: a page of ours showed the words


class RuleForm(DoorForm):
    door = Door.RULE
    question = _("What is it?")
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)  # signed: a page of ours showed the words


class AskForm(DoorForm):
    door = Door.SELF
    question = _("How soon?")
    labels = {"note": _("What would you like us to know?")}


class WordForm(KeyedForm):
    """A word to the other side of the conversation."""

    body = plain_words(_("Your words"), Word.BODY_MAX, error_messages={"required": _("There are no words here yet.")})

    def __init__(self, *args: Any, label: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].label = label or self.fields["body"].label

"""What staff write down for somebody who rang or wrote."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.fields import PlainTextField
from forum.forms import KeyedForm
from moderation import categories
from moderation.forms import plain_words
from moderation.models import ByHand, Channel, Door, Letter, Severity, WhoseWords

MINUTE = "%Y-%m-%dT%H:%M"
DOORS = (Door.WORRY, Door.RULE)


def moment_field(label: Any, **more: Any) -> forms.DateTimeField:
    """A day and a time of the organisation's own clock."""
    return forms.DateTimeField(
        label=label,
        input_formats=[MINUTE, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE),
        error_messages={
            "invalid": gettext_lazy("Write a day and a time, such as 2026-11-05 19:30."),
            "required": gettext_lazy("Write a day and a time, such as 2026-11-05 19:30."),
        },
        **more,
    )


def day_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": gettext_lazy("Write a day, such as 2026-05-01."),
            "required": gettext_lazy("Write a day, such as 2026-05-01."),
        },
        **more,
    )


def line(label: Any, most: int, **more: Any) -> PlainTextField:
    """One line of somebody's words."""
    return PlainTextField(label=label, max_length=most, **more)


class ByHandForm(KeyedForm):
    """`what` holds door and category in one, as "worry:danger_now"."""

    channel = forms.ChoiceField(
        label=gettext_lazy("How it reached you"), choices=Channel, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how it reached you.")},
    )  # fmt: skip
    organisation = line(gettext_lazy("From which charity or service"), ByHand.ORGANISATION_MAX, required=False)
    told_at = moment_field(gettext_lazy("When they rang, or when it arrived"))
    about = line(
        gettext_lazy("Whom it is about"),
        Letter.ABOUT_MAX,
        help_text=gettext_lazy(
            "Their handle here. If you do not know it, write what they said: it waits on the board."
        ),
        error_messages={
            "required": gettext_lazy("Write whom it is about, in their words if you do not know the handle.")
        },
    )
    what = forms.ChoiceField(
        label=gettext_lazy("What comes closest?"),
        error_messages={"required": gettext_lazy("Please pick the one that comes closest."),
                        "invalid_choice": gettext_lazy("Please pick one of these.")},
    )  # fmt: skip
    severity = forms.ChoiceField(
        label=gettext_lazy("How soon somebody has to look"), choices=Severity, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how soon somebody has to look.")},
    )  # fmt: skip
    note = plain_words(
        gettext_lazy("What was said"),
        Letter.WORDS_MAX,
        rows=5,
        error_messages={"required": gettext_lazy("Write what was said.")},
    )
    whose_words = forms.ChoiceField(
        label=gettext_lazy("Whose words these are"), choices=WhoseWords, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whose words these are.")},
    )  # fmt: skip
    whereabouts = plain_words(gettext_lazy("What may help to find them"), Letter.WORDS_MAX, rows=2, required=False)
    name = line(gettext_lazy("Who told you"), Letter.SEALED_MAX, required=False)
    reach = line(
        gettext_lazy("How to call them back"),
        Letter.SEALED_MAX,
        required=False,
        help_text=gettext_lazy("Both are sealed. Staff open them with a press that stands in the record."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose one")),
            *(
                (door.label, [(f"{door.value}:{key}", words) for key, words in categories.choices(door)])
                for door in DOORS
            ),
        ]

    def clean_told_at(self) -> Any:
        at = self.cleaned_data["told_at"]
        if at > timezone.now():
            raise forms.ValidationError(_("That is still to come. Write when it was."))
        return at

    def said(self) -> dict[str, Any]:
        """What was filled in, under the names of `moderation.actions.by_hand.Told`."""
        names = ("severity", "about", "note", "whose_words", "channel", "organisation", "told_at", "whereabouts")
        door, _colon, category = self.cleaned_data["what"].partition(":")
        return {"door": door, "category": category} | {name: self.cleaned_data[name] for name in names}

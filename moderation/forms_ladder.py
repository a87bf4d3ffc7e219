"""What staff send about the times of a ladder. What is safe is judged by the action: a form only reads what was sent."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.actions.ladder import PARTS
from moderation.clocks import LADDER_BOUNDS
from moderation.forms import plain_words
from moderation.ladder_rules import Key, minutes_of
from moderation.models import LadderRule

LABELS = {
    "first_after": _("The first on call, after"),
    "second_after": _("The second on call, after"),
    "team_after": _("All staff, after"),
    "contact_after": _("The emergency contact, after"),
    "repeat_every": _("Then all again, every"),
    "up_for": _("“I'm up” gives"),
}
NUMBER = {"required": _("Write how many minutes."), "invalid": _("Write a whole number of minutes.")}


class LadderForm(forms.Form):
    """Six numbers of minutes, and why. Begins with what is in force."""

    why = plain_words(
        _("Why it should change"),
        LadderRule.WHY_MAX,
        rows=2,
        help_text=_("The second person reads it, and it stays in the list below."),
        error_messages={"required": _("Say why, so that the second person can judge it.")},
    )

    def __init__(self, key: Key, data: Any = None) -> None:
        super().__init__(data, initial=minutes_of(key), auto_id=f"id_{'_'.join(key)}_%s")
        bounds = LADDER_BOUNDS[key]
        parts = {part: _minutes(part, *bounds[part]) for part in PARTS}
        self.fields = {**parts, **self.fields}

    @property
    def minutes(self) -> dict[str, int]:
        return {part: self.cleaned_data[part] for part in PARTS}

    @property
    def numbers(self) -> list[Any]:
        """The fields with minutes, for the page."""
        return [self[part] for part in PARTS]


def _minutes(part: str, least: int, most: int) -> forms.IntegerField:
    words = _("minutes, %(least)s to %(most)s") if least != most else _("minutes, always %(least)s")
    return forms.IntegerField(
        label=LABELS[part],
        help_text=words % {"least": least, "most": most},
        error_messages=NUMBER,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

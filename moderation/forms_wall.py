"""What staff send about the whole wall. Rules live in the actions: a form only reads what was sent."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.models import WallKind, WallState
from moderation.forms import plain_words

KINDS = [
    (WallKind.GENTLE.value, _("Gentle: your word stands above the wall, and new links are looked at first")),
    (WallKind.READ_ONLY.value, _("Read only: nobody posts or replies; reading and supports go on")),
    (WallKind.CLOSED_HOURS.value, _("Closed hours: nobody posts between two times of each day")),
    (WallKind.SIGNUPS.value, _("Nobody new joins")),
]
LASTS = [
    (2, _("Two hours")),
    (6, _("Six hours")),
    (12, _("Twelve hours")),
    (24, _("A day")),
    (72, _("Three days")),
    (168, _("A week")),
    (672, _("Four weeks")),
    (2016, _("Twelve weeks")),
]
CLOCK = {"type": "time"}


class WallForm(forms.Form):
    """What would hold, for how long, and why."""

    kind = forms.ChoiceField(
        label=_("What would hold"),
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please pick one of these."), "invalid_choice": _("Please pick one of these.")},
    )
    word = plain_words(
        _("A word above the wall"),
        WallState.WORD_MAX,
        rows=3,
        required=False,
        help_text=_("Everyone who is signed in reads it, as from the team. A gentle wall needs one."),
    )
    closes = forms.TimeField(
        label=_("Closed hours: from"),
        required=False,
        widget=forms.TimeInput(attrs=CLOCK, format="%H:%M"),
        error_messages={"invalid": _("Write a time such as 22:30.")},
    )
    opens = forms.TimeField(
        label=_("Closed hours: until"),
        required=False,
        widget=forms.TimeInput(attrs=CLOCK, format="%H:%M"),
        error_messages={"invalid": _("Write a time such as 22:30.")},
    )
    hours = forms.TypedChoiceField(
        label=_("For how long"),
        choices=LASTS,
        coerce=int,
        initial=24,
        error_messages={"required": _("Please pick one of these."), "invalid_choice": _("Please pick one of these.")},
    )
    reason = plain_words(
        _("Why"),
        WallState.REASON_MAX,
        rows=2,
        help_text=_("For staff: the second person reads it, and it is kept."),
        error_messages={"required": _("Say why, so that the second person can judge it.")},
    )
    alone = forms.BooleanField(
        label=_("Begin now, before somebody has agreed"),
        required=False,
        help_text=_(
            "In an emergency, and for “gentle” and “read only” alone. It ends by itself after two hours unless somebody agrees."
        ),
    )

    def said(self) -> dict[str, Any]:
        """What was sent, for the action; times of day only where they are asked for."""
        said = dict(self.cleaned_data)
        if said["kind"] != WallKind.CLOSED_HOURS:
            said["closes"] = said["opens"] = None
        if said["kind"] == WallKind.SIGNUPS:
            said["word"] = ""
        return said

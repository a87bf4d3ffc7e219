"""Which notices a member wants, and when it is quiet."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forum import notices
from forum.models import Member


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("A time looks like this: 22:30.")},
    )


class NoticesForm(forms.Form):
    wanted = forms.MultipleChoiceField(
        label=_("Tell me when"), required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Please choose from these.")},
    )  # fmt: skip
    quiet_from = _time(_("From"))
    quiet_until = _time(_("Until"))

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        self.choosable = {key: kind.label for key, kind in notices.kinds.items() if kind.label}
        super().__init__(*args, **kwargs)
        self.initial = {
            "wanted": [key for key in self.choosable if key not in member.notices_off],
            "quiet_from": member.quiet_from,
            "quiet_until": member.quiet_until,
        }
        self.fields["wanted"].choices = self.choosable.items()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Quiet hours have a beginning and an end, or there are none."""
        fields: dict[str, Any] = super().clean() or {}
        start, end = fields.get("quiet_from"), fields.get("quiet_until")
        if self.errors:
            return fields
        if start and end is None:
            self.add_error("quiet_until", _("Until when? Leave both out for no quiet hours."))
        elif end and start is None:
            self.add_error("quiet_from", _("From when? Leave both out for no quiet hours."))
        elif start is not None and start == end:
            self.add_error("quiet_until", _("These are the same. Choose another time, or leave both out."))
        return fields

    @property
    def quiet_hours(self) -> list[forms.BoundField]:
        return [self["quiet_from"], self["quiet_until"]]

    def chosen(self) -> dict[str, Any]:
        """What `choose_notices` takes."""
        fields = self.cleaned_data
        off = [key for key in self.choosable if key not in fields["wanted"]]
        return {"off": off, "quiet_from": fields["quiet_from"], "quiet_until": fields["quiet_until"]}

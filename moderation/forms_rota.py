"""What staff send about the rota. Rules live in the actions: a form only reads what was sent."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.models import Member
from moderation.forms import plain_words
from moderation.models import Rank, RotaInstead, Weekday

PICK_WHO = {"required": _("Choose who."), "invalid_choice": _("Choose one of these.")}
PICK = {"required": _("Choose one of these."), "invalid_choice": _("Choose one of these.")}


def _rank() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("First or second"), choices=Rank.choices, widget=forms.RadioSelect, error_messages=PICK
    )


def _time(label: Any) -> forms.TimeField:
    wrong = _("Write a time, such as 22:00.")
    return forms.TimeField(
        label=label,
        input_formats=["%H:%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": wrong, "invalid": wrong},
    )


def _day(label: Any, **more: Any) -> forms.DateField:
    wrong = _("Write a day, such as 2026-05-01.")
    return forms.DateField(
        label=label,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": wrong, "invalid": wrong},
        **more,
    )


class _PeopleForm(forms.Form):
    """A form that names people of the staff: `offered` are its fields that do, each with what stands for nobody."""

    offered: dict[str, Any] = {}

    def __init__(self, *args: Any, people: Sequence[Member], name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": f"id_{name}_%s"})
        self._people = {str(member.pk): member for member in people}
        for each, nobody in self.offered.items():
            field = self.fields[each]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", nobody), *((pk, member.handle) for pk, member in self._people.items())]

    def person(self, name: str) -> Member | None:
        """Whom the field names, or None for nobody."""
        return self._people.get(self.cleaned_data.get(name, ""))


class WeeklyForm(_PeopleForm):
    offered = {"who": _("choose")}

    day = forms.TypedChoiceField(label=_("Day"), choices=Weekday.choices, coerce=int, error_messages=PICK)
    starts = _time(_("From"))
    ends = _time(_("To"))
    rank = _rank()
    who = forms.ChoiceField(label=_("Who"), error_messages=PICK_WHO)


class InsteadForm(_PeopleForm):
    offered = {"who": _("nobody")}

    first = _day(_("First day"))
    last = _day(_("Last day"), help_text=_("It goes on until midnight of this day."))
    rank = _rank()
    who = forms.ChoiceField(label=_("Who has it instead"), required=False, error_messages=PICK_WHO)
    note = plain_words(_("Why"), RotaInstead.NOTE_MAX, rows=0, required=False)


class HolidayForm(_PeopleForm):
    offered = {"first": _("whoever the rota has"), "second": _("whoever the rota has")}

    first = forms.ChoiceField(label=_("First"), required=False, error_messages=PICK_WHO)
    second = forms.ChoiceField(label=_("Second"), required=False, error_messages=PICK_WHO)


class SwapForm(forms.Form):
    """Whom one asks, and what of theirs one would have in return."""

    offer = forms.ChoiceField(
        label=_("Whom would you ask?"), widget=forms.RadioSelect, error_messages={**PICK, "required": _("Choose who.")}
    )

    def __init__(self, *args: Any, offers: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "id_swap_%s"})
        field = self.fields["offer"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(offers)

"""What those of the team write about their own work: the note at the end of a shift, their limits, who looks after whom."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.models import Member
from moderation.forms import plain_words
from moderation.models import Door, Duty, ModeratorCare
from moderation.own_care import declinable


class SignOffForm(forms.Form):
    note = plain_words(
        _("A note for whoever comes next"),
        Duty.NOTE_MAX,
        rows=2,
        required=False,
        help_text=_("Only if you like: what you promised, what to look out for. The team reads it for a day."),
    )


GROUPS = {
    Door.WORRY.value: _("When somebody is worried about a person"),
    Door.RULE.value: _("When words break a house rule"),
    "screening": _("What screening notices"),
}


class OwnCareForm(forms.Form):
    """For oneself. There is no field for a reason."""

    hard_limit = forms.IntegerField(
        label=_("Hard cases a day"),
        min_value=1,
        max_value=ModeratorCare.LIMIT_MAX,
        required=False,
        help_text=_(
            "When you have taken so many, the queue offers you a pause. It never forbids anything. Empty: no limit."
        ),
        error_messages={
            "invalid": _("Write a number, or leave it empty."),
            "min_value": _("Write a number from 1, or leave it empty."),
            "max_value": _("Write a number up to 50, or leave it empty."),
        },
    )
    check_in = forms.BooleanField(
        label=_("After a hard case, offer me ten minutes and let somebody say hello"),
        required=False,
        help_text=_("Your buddy is asked, if they are on shift, and else staff. They do not learn which case it was."),
    )
    declined = forms.MultipleChoiceField(
        label=_("What I would rather not read"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = [(GROUPS[door], offered) for door, offered in declinable()]
        field = self.fields["declined"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [choice for _label, offered in declinable() for choice in offered]

    def chosen(self) -> set[str]:
        """The boxes that are ticked, in a form that came back as in a new one."""
        return set(self["declined"].value() or ())


class TeamCareForm(forms.Form):
    """For one of the team, by staff."""

    induction_on = forms.DateField(
        label=_("Induction"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    buddy = forms.ModelChoiceField(
        label=_("Buddy"), queryset=Member.objects.none(), required=False, empty_label=_("nobody yet")
    )
    next_supervision_on = forms.DateField(
        label=_("Next supervision"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, people: list[Member], person: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": f"id_{person.pk}_%s"})
        others = [each for each in people if each.pk != person.pk]
        field = self.fields["buddy"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Member.objects.filter(pk__in=[each.pk for each in others])
        field.choices = [("", _("nobody yet")), *((each.pk, each.handle) for each in others)]
        for name in ("induction_on", "next_supervision_on"):
            self.fields[name].error_messages["invalid"] = _("Write a day, such as 2026-05-01.")

"""What staff write about what went wrong, and about what they learnt."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.access import WALL_OPEN
from forum.models import Member
from moderation.forms import plain_words
from moderation.forms_by_hand import day_field, line, moment_field
from moderation.models import Incident, IncidentKind, IncidentLine, Lesson, LineKind
from moderation.vocabulary import DESK

NAMES_NOBODY = gettext_lazy("It stays, so it names nobody: no handle, no name.")


def number_field(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=1, max_value=2**53,
        error_messages={"invalid": gettext_lazy("Write its number, or leave it empty."),
                        "min_value": gettext_lazy("Write its number, or leave it empty."),
                        "max_value": gettext_lazy("Write its number, or leave it empty.")},
    )  # fmt: skip


class IncidentForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"), choices=IncidentKind, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what it is.")},
    )  # fmt: skip
    title = line(
        gettext_lazy("In a line"), Incident.TITLE_MAX, help_text=NAMES_NOBODY,
        error_messages={"required": gettext_lazy("Say in a line what it is about.")},
    )  # fmt: skip
    words = plain_words(
        gettext_lazy("What happened"), IncidentLine.WORDS_MAX, rows=4,
        error_messages={"required": gettext_lazy("Write what happened.")},
    )  # fmt: skip
    happened_at = moment_field(gettext_lazy("When it happened"))
    found_at = moment_field(gettext_lazy("When it was found"))
    case = number_field(gettext_lazy("The number of a case"))

    def clean_found_at(self) -> Any:
        at = self.cleaned_data["found_at"]
        if at > timezone.now():
            raise forms.ValidationError(_("That is still to come. Write when it was."))
        return at


class LineForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("What you add"), choices=LineKind, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what you add.")},
    )  # fmt: skip
    words = plain_words(
        gettext_lazy("Your words"), IncidentLine.WORDS_MAX, help_text=NAMES_NOBODY,
        error_messages={"required": gettext_lazy("Write what there is to say.")},
    )  # fmt: skip
    at = moment_field(gettext_lazy("When that was"))


class LessonForm(forms.Form):
    learnt = plain_words(
        gettext_lazy("What we learnt"), Lesson.WORDS_MAX, rows=4, help_text=NAMES_NOBODY,
        error_messages={"required": gettext_lazy("Write what we learnt.")},
    )  # fmt: skip
    case = number_field(gettext_lazy("From which closed case, by its number"))
    incident = number_field(gettext_lazy("From which closed incident, by its number"))
    step = plain_words(gettext_lazy("What is done about it"), Lesson.WORDS_MAX, rows=2, required=False)
    who = forms.ModelChoiceField(
        label=gettext_lazy("Who does it"), queryset=Member.objects.none(), required=False,
        empty_label=gettext_lazy("nobody yet"),
    )  # fmt: skip
    due_on = day_field(gettext_lazy("By which day"), required=False)
    shared = forms.BooleanField(label=gettext_lazy("Moderators may read it too"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = Member.objects.filter(role__in=DESK, standing__in=WALL_OPEN, is_active=True).order_by("handle")
        self.fields["who"].queryset = team  # type: ignore[attr-defined]
        self.fields["who"].label_from_instance = lambda member: member.handle  # type: ignore[attr-defined]

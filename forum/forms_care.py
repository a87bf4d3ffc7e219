"""What members choose to look after themselves: how long a break is, which words they would rather not meet."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.actions.membership import LONGEST_BREAK
from forum.fields import PlainTextField
from forum.models import ContentNotes, MutedWord
from forum.moments import day_words, next_minute

MORNING = time(9)  # when whole days of a break end, in the site's time zone
OWN_DAY = "own"


def break_ends(now: datetime) -> dict[str, datetime]:
    """The lengths a break is offered in, and when each would end."""
    days = {"tomorrow": 1, "days": 3, "week": 7, "fortnight": 14, "month": 28}
    today = timezone.localdate(now)
    ends = {length: morning_of(today + timedelta(days=number)) for length, number in days.items()}
    return {"hours": next_minute(now + timedelta(hours=4)), **ends}


def morning_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, MORNING))


class BreakForm(forms.Form):
    """Each length says when it would end. After `is_valid`, `until` is the end that was chosen."""

    length = forms.ChoiceField(
        label=gettext_lazy("How long would you like?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose how long."),
            "invalid_choice": gettext_lazy("Choose how long."),
        },
    )
    day = forms.DateField(
        label=gettext_lazy("Your break ends on"),
        help_text=gettext_lazy(
            "If you chose another day: the break ends at 9 in the morning of it, in twelve weeks at the latest."
        ),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Choose the day on which your break ends."),
            "invalid": gettext_lazy("Write the day as 2027-03-04."),
        },
    )

    use_required_attribute = False  # the day is asked for with one of the choices alone

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now, self._ends = now, break_ends(now)
        self.until: datetime | None = None
        names = {
            "hours": _("A few hours"),
            "tomorrow": _("A day"),
            "days": _("Three days"),
            "week": _("A week"),
            "fortnight": _("Two weeks"),
            "month": _("Four weeks"),
        }
        offered = [
            (length, _("%(length)s – until %(end)s") % {"length": names[length], "end": day_words(end)})
            for length, end in self._ends.items()
        ]
        choices: Any = self.fields["length"]
        choices.choices = [*offered, (OWN_DAY, _("Until another day, chosen below"))]
        today = timezone.localdate(now)
        self.fields["day"].widget.attrs |= {
            "min": str(today + timedelta(days=1)),
            "max": str(timezone.localdate(now + LONGEST_BREAK)),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        length, day = cleaned.get("length"), cleaned.get("day")
        if length != OWN_DAY:
            self.errors.pop("day", None)
            self.until = self._ends.get(length or "")
        elif day is not None and not self._now < (end := morning_of(day)) <= self._now + LONGEST_BREAK:
            self.add_error("day", _("Choose a day from tomorrow on, twelve weeks from now at the latest."))
        elif day is not None:
            self.until = end
        return cleaned


class MutedWordForm(forms.Form):
    LASTS = (
        ("", gettext_lazy("Until I take it off")),
        ("1", gettext_lazy("A day")),
        ("7", gettext_lazy("A week")),
        ("28", gettext_lazy("Four weeks")),
    )

    phrase = PlainTextField(
        label=gettext_lazy("A word or a few words"),
        help_text=gettext_lazy("Whole words are looked for. Capitals and accents make no difference."),
        max_length=MutedWord.PHRASE_MAX,
        error_messages={"required": gettext_lazy("There is no word here yet.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    way = forms.ChoiceField(
        label=gettext_lazy("Where somebody has written it"),
        choices=MutedWord.Way.choices,
        initial=MutedWord.Way.FOLD,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose one of the two."),
            "invalid_choice": gettext_lazy("Choose one of the two."),
        },
    )
    lasts = forms.TypedChoiceField(
        label=gettext_lazy("For how long"),
        choices=LASTS,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        initial="",
        error_messages={"invalid_choice": gettext_lazy("Choose one of these.")},
    )

    def until(self, now: datetime) -> datetime | None:
        days = self.cleaned_data["lasts"]
        return now + timedelta(days=days) if days else None


class ContentNotesForm(forms.Form):
    content_notes = forms.ChoiceField(
        label=gettext_lazy("Words behind a content note"),
        choices=ContentNotes.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose one of the two."),
            "invalid_choice": gettext_lazy("Choose one of the two."),
        },
    )

"""What the team writes in care besides words, and what a member writes in their standing note. Rules live in the actions."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from forum.fields import PlainTextField
from forum.forms import KeyedForm
from moderation.forms import plain_words
from moderation.models import Report, StandingNote, Word
from moderation.resting import AT
from moderation.standing_notes import Note
from moderation.team_forms import SeenForm

ME, QUEUE = "me", "queue"
MINUTE = "%Y-%m-%dT%H:%M"  # what a browser's own field for a day and a time sends


class _Chosen(forms.TypedMultipleChoiceField):
    """Ids of what was ticked. What may be ticked comes with `initial`."""

    def __init__(self, **more: Any) -> None:
        sentence = _("One of these is not offered any more. Choose again.")
        super().__init__(
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": sentence},
            **more,
        )


class SignpostForm(KeyedForm, SeenForm):
    """Lines and groups, with a few words. `find` looks for more groups and sends nothing."""

    lines = _Chosen(label=_("Lines for where they are"))
    others = _Chosen(label=_("Lines elsewhere"))
    groups = _Chosen(label=_("Support groups"))
    find = PlainTextField(label=_("Look for a group"), max_length=80, required=False)
    body = plain_words(
        _("A few words of your own"),
        Word.BODY_MAX,
        required=False,
        help_text=_("Why you thought of these, and what happens when one rings. They can leave it, too."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lines", "others", "groups"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = self.initial.get(f"{name}_offered", ())
        self.fields["lines"].label = self.initial.get("lines_label") or self.fields["lines"].label

    def renew_key(self) -> None:
        """As every form's; what was ticked stays ticked."""
        sent: Any = self.data  # a QueryDict: a plain copy of it would keep one of what was ticked
        self.data = sent.copy()
        self.data["key"] = str(uuid4())  # type: ignore[index]


class AskAgainForm(SeenForm):
    """When, what to ask, and who looks in then. The times that can be pressed come with `initial`, as they are shown."""

    when = forms.CharField(
        label=_("When"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose when somebody looks in again.")},
    )
    at = forms.DateTimeField(
        label=_("Another time"),
        required=False,
        input_formats=[MINUTE, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE),
        error_messages={"invalid": _("Write a day and a time, such as 2026-11-05 19:30.")},
    )
    note = plain_words(
        _("What to ask then"),
        Report.NOTE_MAX,
        rows=2,
        help_text=_("For whoever looks in. The member never reads it."),
        error_messages={"required": _("Write what to ask then.")},
    )
    who = forms.ChoiceField(
        label=_("Who looks in"),
        choices=[(ME, _("I do: it stays mine")), (QUEUE, _("Whoever is here: it rests in the queue"))],
        initial=ME,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who looks in."), "invalid_choice": _("Choose who looks in.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].widget.choices = [
            *(
                (timezone.localtime(choice.at).strftime(MINUTE), choice.label)
                for choice in self.initial.get("choices", ())
            ),
            (AT, _("At another time")),
        ]
        if self.initial.get("with_staff"):
            del self.fields["who"]

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        if fields.get("when") == AT and not fields.get("at") and "at" not in self.errors:
            self.add_error("at", _("Write a day and a time, such as 2026-11-05 19:30."))
        elif fields.get("when") not in (None, AT):
            fields["at"] = _shown_time(fields["when"])
            if fields["at"] is None:
                self.add_error("when", _("Choose when somebody looks in again."))
        return fields


class _NoteForm(forms.Form):
    what_helps = plain_words(
        _("What helps"),
        StandingNote.WORDS_MAX,
        error_messages={"required": _("Write what helps. A few words are enough.")},
    )
    what_we_do = plain_words(_("What we do"), StandingNote.WORDS_MAX, required=False)
    what_we_wont = plain_words(_("What we won't do"), StandingNote.WORDS_MAX, required=False)

    def note(self) -> Note:
        """What was written, from a valid form."""
        fields = self.cleaned_data
        return Note(fields["what_helps"], fields["what_we_do"], fields["what_we_wont"])


class DraftNoteForm(_NoteForm, SeenForm):
    """The holder's draft. `seen_note` is the version of the one that stood on the page."""

    seen_note = forms.IntegerField(required=False, widget=forms.HiddenInput)


class MyNoteForm(_NoteForm):
    """The member's side: which note, the version they read, and the words as they would have them."""

    note_id = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)


def _shown_time(text: str) -> datetime | None:
    try:
        naive = parse_datetime(text)
    except ValueError:
        return None
    return timezone.make_aware(naive) if naive and timezone.is_naive(naive) else naive

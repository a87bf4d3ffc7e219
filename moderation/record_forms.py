"""What staff write on a record's page. Everything may stay open while it is written; rules live in the actions."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.forms import KeyedForm
from moderation import record_parts, sheets
from moderation.forms import plain_words
from moderation.models import (
    Agreed,
    Answer,
    Contact,
    ContactTried,
    CrisisRecord,
    HandOverSheet,
    RecordWithheld,
    YesNo,
)
from moderation.record_parts import BY_NAME

UNKNOWN = "unknown_"
MOST = CrisisRecord.WORDS_MAX


def _words(name: str, rows: int, help_text: Any = "") -> forms.Field:
    return plain_words(BY_NAME[name].label, MOST, rows=rows, required=False, help_text=help_text)


def _chosen(name: str, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=BY_NAME[name].label, choices=choices, required=False, widget=forms.RadioSelect)


class RecordForm(forms.Form):
    """The parts of the record, each with "we do not know" where that is an answer, and the page it was sent from."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    tab = forms.UUIDField(required=False, widget=forms.HiddenInput)
    turn = forms.IntegerField(required=False, widget=forms.HiddenInput)
    what_they_said = _words("what_they_said", 4, _("In their words, as near as you can."))
    when_and_where = _words("when_and_where", 2)
    means_and_time = _words("means_and_time", 2)
    others_in_danger = _chosen("others_in_danger", YesNo.choices)
    others_words = _words("others_words", 2)
    what_they_want = _words("what_they_want", 2)
    agreed = _chosen("agreed", Agreed.choices)
    what_we_did = _words("what_we_did", 4)
    who_was_told = _words("who_was_told", 2, _("Family, a surgery, a colleague. By whom, and when."))
    basis = _words("basis", 2, _("In plain words: why it was right to tell somebody, with or without their yes."))
    how_it_ended = _words("how_it_ended", 2)
    follow_up_on = forms.DateField(
        label=BY_NAME["follow_up_on"].label,
        required=False,
        help_text=_("On that morning it comes back to the staff board by itself."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day like 2026-12-24.")},
    )
    left_out = _words(
        "left_out",
        2,
        _(
            "The person can read this record later. Copy what is about somebody else, each phrase on a line of its own: they "
            "read […] there."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in record_parts.MAY_BE_UNKNOWN:
            self.fields[UNKNOWN + name] = forms.BooleanField(label=BY_NAME[name].unknown, required=False)

    def typed(self) -> dict[str, str]:
        """What was sent and is sound, by part, as a version keeps it."""
        sent = {name: self.cleaned_data[name] for name in record_parts.TYPED if name in self.cleaned_data}
        if "follow_up_on" in sent:
            sent["follow_up_on"] = sent["follow_up_on"].isoformat() if sent["follow_up_on"] else ""
        unknown = [name for name in record_parts.MAY_BE_UNKNOWN if self.cleaned_data.get(UNKNOWN + name)]
        return sent | {"not_known": record_parts.stored(unknown)}

    def parts(self) -> Iterator[tuple[str, Any, Any]]:
        """Name, field and its tick, in the record's order; the contacts have a place and no field of their own."""
        for part in record_parts.PARTS:
            field = None if part.name == "contacts" else self[part.name]
            yield part.name, field, self[UNKNOWN + part.name] if part.unknown else None


def first_of(record: CrisisRecord | None) -> dict[str, Any]:
    """What a page's form begins with."""
    if record is None:
        return {}
    ticked = {UNKNOWN + name: True for name in record_parts.unknown_in(record.not_known)}
    return {name: getattr(record, name) for name in record_parts.TYPED} | ticked


class ContactForm(KeyedForm):
    """One attempt to reach somebody. It stands in the record's own form, so that one press keeps both."""

    prefix = "contact"
    telling = (
        "whom",
        "answer",
        "name",
        "incident_number",
        "what_next",
    )  # with one of these somebody began to fill it in

    whom = forms.ChoiceField(label=_("Whom"), choices=Contact.choices, widget=forms.RadioSelect,
                             error_messages={"required": _("Choose whom you tried to reach.")})  # fmt: skip
    name = plain_words(
        _("Which service or person"), ContactTried.NAME_MAX, rows=0, required=False,
        help_text=_("Such as the control room, and who you spoke with."),
    )  # fmt: skip
    tried_at = forms.TimeField(
        label=_("At what time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Today, or yesterday if that hour is still to come. Left out, it is now."),
        error_messages={"invalid": _("Write the time like 04:12.")},
    )  # fmt: skip
    answer = forms.ChoiceField(label=_("What came of it"), choices=Answer.choices, widget=forms.RadioSelect,
                               error_messages={"required": _("Choose what came of it.")})  # fmt: skip
    incident_number = plain_words(_("Incident number"), ContactTried.NUMBER_MAX, rows=0, required=False)
    what_next = plain_words(_("What you did next"), ContactTried.WORDS_MAX, rows=2, required=False)


class SheetForm(KeyedForm):
    """What goes to emergency services, and to whom. It stands in the record's own form as well."""

    prefix = "sheet"
    telling = ("to_whom", "why_now")

    to_whom = plain_words(
        _("To whom"), HandOverSheet.TO_MAX, rows=0, help_text=_("Such as the control room of a police force."),
        error_messages={"required": _("Write to whom this goes, such as which control room.")},
    )  # fmt: skip
    why_now = plain_words(
        _("Why it is now"), 300, rows=0, help_text=_("One line: the words, the means or the time that make it immediate."),
        error_messages={"required": _("Write in a line why it is now.")},
    )  # fmt: skip
    chosen = forms.MultipleChoiceField(
        label=_("What they are given"), choices=list(sheets.PARTS.items()), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one part to hand over.")},
    )  # fmt: skip
    contact = forms.MultipleChoiceField(
        label=_("Contact details on it"), choices=list(sheets.CONTACT_FIELDS.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each has a line on the sheet, to be filled in by hand from what was disclosed to you."),
    )  # fmt: skip


class WithholdForm(forms.Form):
    """Why somebody may not read about themselves yet."""

    why = plain_words(
        _("Whom would it endanger to read this now, and how?"), RecordWithheld.WHY_MAX,
        error_messages={"required": _("Write whom it would endanger to read this now, and how.")},
    )  # fmt: skip
    review_on = forms.DateField(
        label=_("On which day do two people look again?"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Within the next three months."),
        error_messages={"required": _("Choose a day within the next three months on which two people look again."),
                        "invalid": _("Write the day like 2026-12-24.")},
    )  # fmt: skip

"""Searching the directory, suggesting a group, and what staff do with an entry."""

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from forum.fields import PlainTextField
from forum.forms import DraftedForm, KeyedForm
from forum.models import ForWhom, GroupKind, SupportGroup

PHONE = re.compile(r"\+?[\d ()-]+")
CONTACTS = ("web", "email", "phone")


class SearchForm(forms.Form):
    """A plain GET form: what cannot be read in it filters nothing."""

    q = PlainTextField(label=_("Words to look for"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("What kind"), required=False, choices=[("", _("Any kind")), *GroupKind.choices])
    whom = forms.ChoiceField(label=_("For whom"), required=False, choices=[("", _("Anyone")), *ForWhom.choices])

    def sought(self) -> dict[str, str]:
        self.is_valid()
        given = self.cleaned_data
        return {"words": given.get("q", ""), "kind": given.get("kind", ""), "whom": given.get("whom", "")}


class OneLineField(PlainTextField):
    def to_python(self, value: Any) -> str:
        return " ".join(super().to_python(value).split())


class WebField(OneLineField):
    """An address that may stand in a link: http or https, and nobody's name before the host, which could pass for it."""

    _check = URLValidator(schemes=["http", "https"], message=_("This does not look like a web address."))

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return text if not text or "://" in text else f"https://{text}"

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value:
            self._check(value)
            if "@" in urlsplit(value).netloc:
                raise ValidationError(self._check.message)


class PhoneField(OneLineField):
    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not (PHONE.fullmatch(value) and 3 <= sum(c.isdigit() for c in value) <= 15):
            raise ValidationError(_("Write the number in digits, such as 0113 496 0000."))


class GroupFields(forms.Form):
    """What an entry says. Members, staff and files all come through here."""

    name = OneLineField(
        label=_("Name of the group"),
        max_length=SupportGroup.NAME_MAX,
        error_messages={"required": _("What is it called?")},
    )
    kind = forms.ChoiceField(
        label=_("What kind is it?"),
        choices=GroupKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what comes closest."), "invalid_choice": _("Choose one of these.")},
    )
    for_whom = forms.MultipleChoiceField(
        label=_("For whom is it?"),
        choices=ForWhom.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one."),
            "invalid_choice": _("Choose from these."),
            "invalid_list": _("Choose from these."),
        },
    )
    where = OneLineField(
        label=_("Where it meets"),
        help_text=_("A town or an area, or how it meets online."),
        max_length=SupportGroup.WHERE_MAX,
        error_messages={"required": _("Where does it meet?")},
    )
    how_to_join = PlainTextField(label=_("How to join"), rows=2, required=False, max_length=SupportGroup.HOW_MAX)
    web = WebField(
        label=_("Web page"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        error_messages={
            "invalid": _("This does not look like an e-mail address."),
            "max_length": _("This is too long for an e-mail address."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = PhoneField(
        label=_("Phone number"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    about = PlainTextField(label=_("What it is like"), rows=4, required=False, max_length=SupportGroup.ABOUT_MAX)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not any(given.get(name) or name in self.errors for name in CONTACTS):
            self.add_error(
                "web", _("Give one way to reach the group: a web page, an e-mail address or a phone number.")
            )
        return given

    def fields_of_group(self) -> dict[str, Any]:
        """What the actions take, from a valid form."""
        return {name: self.cleaned_data[name] for name in GroupFields.base_fields}


class SuggestForm(KeyedForm, DraftedForm, GroupFields):
    """Suggested by a member: the group's own details, never a person's."""


class EntryForm(GroupFields):
    """What staff change. `seen` is the version on the page where the button stood."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31)


class PutAwayForm(forms.Form):
    why = PlainTextField(
        label=_("A word to whoever suggested it"),
        help_text=_("They read it with their suggestion. Say what would have to be different, if anything."),
        rows=2,
        max_length=SupportGroup.WHY_MAX,
        error_messages={"required": _("Say why: nothing is done here without a reason.")},
    )


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("A table of groups (CSV)"),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("This file is empty."),
            "missing": _("Choose a file."),
            "invalid": _("Choose a file."),
        },
    )

"""The one thing to type before an account is erased."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.fields import PlainTextField
from forum.models import Member


class EraseForm(forms.Form):
    handle = PlainTextField(
        label=gettext_lazy("Your handle, to say that you mean it"),
        max_length=40,
        error_messages={"required": gettext_lazy("Write your handle here if you mean it. Nothing has been erased.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, member: Member, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._member = member

    def clean_handle(self) -> str:
        typed: str = self.cleaned_data["handle"]
        if typed.casefold() != self._member.handle.casefold():
            raise forms.ValidationError(
                _("Your handle here is %(handle)s. Nothing has been erased.") % {"handle": self._member.handle}
            )
        return typed

"""What can be asked on /search/."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum import search
from forum.fields import PlainTextField

AGES = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=31), "year": timedelta(days=366)}
UNREMEMBERED = {"autocomplete": "off"}  # by the browser: the next person at this device would read it


class SearchForm(forms.Form):
    query = PlainTextField(
        label=_("Words to look for"),
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "enterkeyhint": "search", **UNREMEMBERED}),
        error_messages={"required": _("Which words shall be looked for? One is enough.")},
    )
    among = forms.ChoiceField(
        label=_("Where to look"),
        choices=[
            (search.EVERYTHING, _("Everywhere")),
            (search.POSTS, _("Posts")),
            (search.REPLIES, _("Replies")),
            (search.MINE, _("Your own")),
        ],
        initial=search.EVERYTHING,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Please choose one of the four.")},
    )
    by = PlainTextField(
        label=_("Written by"),
        help_text=_("A handle, as it stands beside their words."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", **UNREMEMBERED}),
    )
    age = forms.ChoiceField(
        label=_("How long ago"),
        choices=[
            ("", _("Any time")),
            ("day", _("Within a day")),
            ("week", _("Within a week")),
            ("month", _("Within a month")),
            ("year", _("Within a year")),
        ],
        required=False,
    )

    def clean_query(self) -> str:
        query: str = self.cleaned_data["query"]
        if not search.read_terms(query):
            raise forms.ValidationError(_("There is no word in this that could be found. Letters or digits can."))
        return query

    @property
    def narrowed(self) -> bool:
        """Whether the choices that are folded away hold something."""
        return any(self[name].value() or self[name].errors for name in ("by", "age"))

    def asked(self) -> dict[str, Any]:
        """What `search_posts` wants, from a valid form."""
        asked = self.cleaned_data
        since: datetime | None = timezone.now() - AGES[asked["age"]] if asked["age"] else None
        return {"query": asked["query"], "among": asked["among"], "by": asked["by"], "since": since}

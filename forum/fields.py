"""The form field for every text that people write."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from forum.text import clean_text, has_words

_line_ends = re.compile("[\n\u2028\u2029]+")


class PlainTextField(forms.CharField):
    """Plain text, cleaned before its length is counted. A required one must hold something that can be read.

    Where one line is asked for, one line is kept: a browser sends no more, and whoever is no browser could put a line of
    their own under a name.
    """

    def __init__(self, *, rows: int = 0, **kwargs: Any) -> None:
        if rows:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs, strip=False)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """A browser cuts a long paste at `maxlength` without a word, so a text area has room for twice as much: what is too
        long comes back whole, with the reason. Not without end, so that one frame of the wire can still carry it.
        """
        attrs = super().widget_attrs(widget)
        if self.max_length and isinstance(widget, forms.Textarea):
            attrs["maxlength"] = str(2 * self.max_length)
        return attrs

    def to_python(self, value: Any) -> str:
        text = clean_text(value) if isinstance(value, str) else ""
        if isinstance(self.widget, forms.TextInput):
            text = _line_ends.sub(" ", text).strip()
        return text if has_words(text) else ""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if self.max_length and len(value) > self.max_length:
            raise ValidationError(self.too_long(len(value)), code="max_length")

    def run_validators(self, value: Any) -> None:
        """The length is judged in `validate`, in words of our own."""

    def too_long(self, length: int) -> str:
        return _("This is too long by %(over)d: there is room for %(limit)d characters. Your words are kept.") % {
            "over": length - (self.max_length or 0),
            "limit": self.max_length or 0,
        }

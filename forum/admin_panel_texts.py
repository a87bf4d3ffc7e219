"""What the step before sharing says, edited by administrators. The numbers to ring stand in the page and cannot be taken out."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from forum import safe_words
from forum.fields import PlainTextField
from forum.models import FindingKind, PanelText

LEAST = 3, 20  # characters of a title and of words: less says nothing to anybody


class PanelTextForm(forms.ModelForm):
    title = PlainTextField(label=_("Title"), max_length=PanelText.TITLE_MAX, required=False)
    words = PlainTextField(label=_("Words"), max_length=PanelText.WORDS_MAX, required=False, rows=5)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        default = _default_of(self.instance)
        for name, text in (("title", default.title), ("words", default.words)):
            self.fields[name].help_text = _("Empty, it says: %(text)s") % {"text": text}

    def clean(self) -> dict[str, Any] | None:
        fields = super().clean() or self.cleaned_data
        for name, least in zip(("title", "words"), LEAST, strict=True):
            if 0 < len(fields.get(name, "")) < least:
                self.add_error(name, _("This is too short to say anything. Leave it empty for the usual words."))
        return fields


@admin.register(PanelText)
class PanelTextAdmin(admin.ModelAdmin):
    """Every kind and language has its row. Who was ever shown these words is kept nowhere."""

    form = PanelTextForm
    actions = ("put_back_the_default",)
    list_display = ("kind", "language", "says", "is_own")
    fields = ("kind", "language", "title", "words")
    readonly_fields = ("kind", "language")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("it says"))
    def says(self, row: PanelText) -> str:
        default = _default_of(row)
        return f"{row.title or default.title}. {row.words or default.words}"

    @admin.display(description=_("own words"), boolean=True)
    def is_own(self, row: PanelText) -> bool:
        return bool(row.title or row.words)

    @admin.action(description=_("Put back the words that come with Harbour"))
    def put_back_the_default(self, request: HttpRequest, rows: QuerySet[PanelText]) -> None:
        rows.update(title="", words="")
        self.message_user(request, _("These say again what Harbour says by itself."), messages.SUCCESS)


def _default_of(row: PanelText) -> safe_words.Wording:
    with translation.override(row.language):
        default = safe_words.default_wording(FindingKind(row.kind))
        return safe_words.Wording(str(default.title), str(default.words))

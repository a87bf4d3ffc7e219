"""The library of statements, edited by administrators: what members read when something was decided."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from forum import rules
from forum.fields import PlainTextField
from moderation import statement_library
from moderation.models import StatementText

LEAST = 20  # characters: less says nothing to anybody


class StatementTextForm(forms.ModelForm):
    name = PlainTextField(label=_("Name"), max_length=StatementText.NAME_MAX, required=False)
    words = PlainTextField(label=_("Words"), max_length=StatementText.WORDS_MAX, required=False, rows=6)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = _("What a moderator picks it by.")
        self.fields["words"].help_text = _(
            "What was done. Greeting, rule, how to ask again and who wrote it are added."
        )
        if "language" in self.fields:
            self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
        if "rule" in self.fields:
            cited = [("", _("Any")), *rules.choices()]
            self.fields["rule"] = forms.ChoiceField(label=_("House rule"), choices=cited, required=False)
        if self.instance.key:
            for name, text in zip(("name", "words"), _default_of(self.instance), strict=True):
                self.fields[name].help_text = _("Empty, it says: %(text)s") % {"text": text}

    def clean(self) -> dict[str, Any] | None:
        fields = super().clean() or self.cleaned_data
        kind, words = fields.get("kind") or self.instance.kind, fields.get("words", "")
        if kind and words:
            try:
                statement_library.check_words(kind, words)
            except forms.ValidationError as wrong:
                self.add_error("words", wrong)
        if 0 < len(words) < LEAST:
            self.add_error("words", _("This is too short to say anything."))
        if not self.instance.key:
            for name in ("name", "words"):
                if not fields.get(name) and name not in self.errors:
                    self.add_error(name, _("A text of your own needs a name and words."))
        return fields


@admin.register(StatementText)
class StatementTextAdmin(admin.ModelAdmin):
    """What came with Harbour can be worded anew and put back, never deleted; an operator's own come and go."""

    form = StatementTextForm
    actions = ("put_back_the_default",)
    list_display = ("kind", "shown_name", "language", "rule", "says", "is_own")
    list_filter = ("kind", "language")
    fields = ("kind", "rule", "language", "name", "words")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("kind", "rule", "language") if obj is not None and obj.key else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.key)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Several at once: what came with Harbour is left out of it."""
        return super().get_deleted_objects([row for row in objs if not row.key], request)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[StatementText]) -> None:
        queryset.filter(key="").delete()

    @admin.display(description=_("name"))
    def shown_name(self, row: StatementText) -> str:
        return row.name or _default_of(row)[0]

    @admin.display(description=_("it says"))
    def says(self, row: StatementText) -> str:
        return row.words or _default_of(row)[1]

    @admin.display(description=_("own words"), boolean=True)
    def is_own(self, row: StatementText) -> bool:
        return bool(row.words)

    @admin.action(description=_("Put back the words that come with Harbour"))
    def put_back_the_default(self, request: HttpRequest, rows: QuerySet[StatementText]) -> None:
        rows.exclude(key="").update(name="", words="")
        self.message_user(request, _("These say again what Harbour says by itself."), messages.SUCCESS)


def _default_of(row: StatementText) -> tuple[str, str]:
    with translation.override(row.language):
        return statement_library.default_of(row)

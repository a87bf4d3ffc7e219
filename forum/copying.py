"""A member's own copy: one zip with pages to read and data for other programs, drawn from the registry. It only reads."""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import BooleanField, DateField, DateTimeField, Field, IntegerField, JSONField
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum import data_rights
from forum.data_rights import Entry, Tie, Words
from forum.models import Member

FORMAT, VERSION = "harbour-copy", 1
COLUMN_WORDS: Mapping[str, Words] = {
    "id": gettext_lazy("Number"),
    "body": gettext_lazy("Words"),
    "post_id": gettext_lazy("Number of the post"),
    "member_id": gettext_lazy("Number of the member"),
    "blocked_id": gettext_lazy("Number of the member"),
    "muted_id": gettext_lazy("Number of the member"),
    "made_at": gettext_lazy("When"),
    "given_at": gettext_lazy("When"),
    "sent_at": gettext_lazy("Sent"),
    "read_at": gettext_lazy("Read"),
    "asked_at": gettext_lazy("Asked"),
    "email": gettext_lazy("E-mail address"),
}
"""Names of columns in words. The others are their own name without its underscores; an entry's `labels` come first."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a section: its name for programs, its words for people, and a JSON schema of its values."""

    name: str
    words: str
    schema: dict[str, Any]
    choices: Mapping[Any, Any]

    def shown(self, value: Any) -> str:
        """A value as a person reads it."""
        if value is None or value in ("", []):
            return ""
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if isinstance(value, list | dict):
            return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)
        if isinstance(value, datetime):
            return date_format(timezone.localtime(value), "j F Y, H:i")
        if isinstance(value, date):
            return date_format(value, "j F Y")
        return str(self.choices.get(value, value))


@dataclass(frozen=True, slots=True)
class Section:
    """What the copy shows through one tie."""

    name: str
    title: str
    why: str
    columns: list[Column]
    rows: list[Mapping[str, Any]]

    @property
    def page(self) -> str:
        return self.name.lower().replace(".", "-").replace(":", "-") + ".html"

    def read_rows(self) -> Iterable[list[tuple[str, str]]]:
        """Each row as pairs of words, without what is empty."""
        for row in self.rows:
            yield [(column.words, text) for column in self.columns if (text := column.shown(row[column.name]))]


def make_copy(member: Member) -> bytes:
    """The zip, in the member's language."""
    with translation.override(member.language):
        sections = sections_of(member)
        about = {"member": member, "product": settings.PRODUCT_NAME, "sections": sections, "made_at": timezone.now()}
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as copy:
            for name in ("README.txt", "index.html", "style.css"):
                copy.writestr(name, render_to_string(f"forum/copy/{name}", about))
            for section in sections:
                copy.writestr(
                    f"pages/{section.page}", render_to_string("forum/copy/section.html", {"section": section} | about)
                )
            copy.writestr("data.json", _json(_data(member, sections)))
            copy.writestr("schema.json", _json(_schema(sections)))
    return packed.getvalue()


def sections_of(member: Member) -> list[Section]:
    """Every tie of the registry that shows something, in its order."""
    return [
        _section(entry, tie, member.pk) for entry in data_rights.entries() for tie in entry.ties if tie.shows
    ]  # fmt: skip


def _section(entry: Entry, tie: Tie, member_id: int) -> Section:
    shown = tie.shows.split()
    several = sum(bool(other.shows) for other in entry.ties) > 1
    if tie.read:
        rows = list(tie.read(member_id))
    else:
        mine = entry.objects.filter(tie.rows(member_id))
        rows = list((mine.filter(tie.only) if tie.only is not None else mine).order_by("pk").values(*shown))
    return Section(
        name=f"{entry.model}:{tie.who}" if several else entry.model,
        title=str(tie.title or entry.what),
        why=str(entry.why),
        columns=[_column(entry, name, plain=tie.read is None) for name in shown],
        rows=rows,
    )


def _column(entry: Entry, name: str, *, plain: bool) -> Column:
    """`plain`: its values are those of the database's own column."""
    try:
        field: Any = entry.model_class._meta.get_field(name)
    except FieldDoesNotExist:
        field = next(column for column in entry.model_class._meta.concrete_fields if column.attname == name)
    words = entry.labels.get(name) or COLUMN_WORDS.get(name) or name.replace("_", " ").capitalize()
    choices = dict(field.flatchoices) if name == field.name else {}
    return Column(name, str(words), _type_of(field, name) if plain else {}, choices)


def _type_of(field: "Field[Any, Any]", name: str) -> dict[str, Any]:
    if name != field.name or isinstance(field, IntegerField):
        return {"type": ["integer", "null"]}
    if isinstance(field, BooleanField):
        return {"type": ["boolean", "null"]}
    if isinstance(field, DateTimeField):
        return {"type": ["string", "null"], "format": "date-time"}
    if isinstance(field, DateField):
        return {"type": ["string", "null"], "format": "date"}
    return {} if isinstance(field, JSONField) else {"type": ["string", "null"]}


def _data(member: Member, sections: list[Section]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "site": settings.ORIGINS[0],
        "member": member.pk,
        "made_at": timezone.now(),
        "sections": {section.name: section.rows for section in sections},
    }


def _schema(sections: list[Section]) -> dict[str, Any]:
    rows = {
        section.name: {
            "title": section.title,
            "type": "array",
            "items": {
                "type": "object",
                "properties": {column.name: {"title": column.words} | column.schema for column in section.columns},
                "required": [column.name for column in section.columns],
            },
        }
        for section in sections
    }
    about = {"format": {"const": FORMAT}, "version": {"const": VERSION}, "site": {"type": "string"}}
    times = {"member": {"type": "integer"}, "made_at": {"type": "string", "format": "date-time"}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": about | times | {"sections": {"type": "object", "properties": rows, "required": list(rows)}},
        "required": [*about, *times, "sections"],
    }


def _json(what: dict[str, Any]) -> str:
    return json.dumps(what, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)

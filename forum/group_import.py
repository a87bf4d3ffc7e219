"""A table of support groups read into the directory: first what would happen, line by line, then all of it or nothing."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.actions.directory import set_for_whom
from forum.forms_directory import GroupFields
from forum.models import ForWhom, GroupKind, Member, SupportGroup
from forum.models.directory import fold, same_group

BYTES_MAX = 1024 * 1024
LINES_MAX = 1000
CELL_MAX = 5000  # characters
COLUMNS = ("name", "kind", "for_whom", "where", "how_to_join", "web", "email", "phone", "about", "checked_on")
NEEDED = frozenset({"name", "kind", "for_whom", "where", "checked_on"})
FORMULAS = ("=", "@")  # no name, place or number begins like that, and a spreadsheet would run it


class NotATable(Exception):
    """The whole file cannot be read; the message says why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file and what becomes of it: `new`, `changed`, `same` or `refused`, with a sentence."""

    number: int
    name: str
    what: str
    words: str
    fields: Mapping[str, Any]
    group: SupportGroup | None = None


def plan_import(data: bytes) -> list[Line]:
    """What would happen, without doing it. Raises NotATable."""
    rows = list(_rows(data))
    known = {
        group.same: group
        for group in SupportGroup.objects.filter(same__in=[_same(row) for _number, row in rows]).prefetch_related(
            "for_whom"
        )
        if group.status == SupportGroup.Status.PUBLISHED
    }
    seen: dict[str, int] = {}
    lines = []
    for number, row in rows:
        first = seen.setdefault(_same(row), number)
        lines.append(_line(number, row, known, first))
    return lines


def write_import(lines: list[Line], checked_by: Member | None = None) -> int:
    """Does what the plan says, all of it or, where any line is refused, nothing. Returns how many entries it touched.

    Raises NotATable when something refuses it, or when the directory changed since the plan was made.
    """
    if any(line.what == "refused" for line in lines):
        raise NotATable(_("Nothing was written: some lines are refused."))
    due = [line for line in lines if line.what in ("new", "changed")]
    try:
        with transaction.atomic():
            for line in due:
                _write(line, checked_by)
    except IntegrityError:
        raise NotATable(_("Nothing was written: the directory changed meanwhile. Look again.")) from None
    return len(due)


def _write(line: Line, checked_by: Member | None) -> None:
    fields = dict(line.fields)
    for_whom = fields.pop("for_whom")
    group = SupportGroup(status=SupportGroup.Status.PUBLISHED)
    if line.group:
        group = SupportGroup.objects.select_for_update().get(pk=line.group.pk)
        if group.version != line.group.version:
            raise IntegrityError
        group.version += 1
    for name, value in {**fields, "checked_by": checked_by}.items():
        setattr(group, name, value)
    group.save()
    set_for_whom(group, for_whom)


def _rows(data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line with its number in the file, by column."""
    if len(data) > BYTES_MAX:
        raise NotATable(_("This file is larger than a megabyte. Divide it."))
    text = _decoded(data)
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        table.fieldnames = [fold(name).replace(" ", "_") for name in table.fieldnames or []]
        _check_columns(table.fieldnames)
        for count, row in enumerate(table, start=1):
            if count > LINES_MAX:
                raise NotATable(_("There are more than %(n)d lines in this file. Divide it.") % {"n": LINES_MAX})
            if None in row and any(row.pop(None)):
                raise NotATable(_("Line %(n)d has more cells than there are columns.") % {"n": table.line_num})
            cells = {name: (value or "").strip() for name, value in row.items()}
            if any(cells.values()):
                yield table.line_num, cells
    except csv.Error as error:
        raise NotATable(_("Line %(n)d cannot be read: %(why)s.") % {"n": table.line_num, "why": error}) from None


def _decoded(data: bytes) -> str:
    """As spreadsheets write it: UTF-8 with or without its mark, UTF-16 with one, else the Windows alphabet."""
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise NotATable(_("This is not a text file in an alphabet we can read. Save it as CSV, UTF-8."))


def _delimiter(text: str) -> str:
    """Spreadsheets write what their country does: a comma, a semicolon or a tab."""
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _check_columns(names: list[str]) -> None:
    if missing := sorted(NEEDED - set(names)):
        raise NotATable(_("These columns are missing: %(names)s.") % {"names": ", ".join(missing)})
    if len(names) != len(set(names)):
        raise NotATable(_("Two columns have the same name."))
    if unknown := [name for name in names if name and name not in COLUMNS]:
        raise NotATable(_("Nobody here knows these columns: %(names)s.") % {"names": ", ".join(unknown)[:200]})


def _same(row: Mapping[str, str]) -> str:
    return same_group(row["name"].replace("\x00", ""), row["where"].replace("\x00", ""))


def _line(number: int, row: dict[str, str], known: Mapping[str, SupportGroup], first: int) -> Line:
    name = " ".join("".join(c for c in row["name"] if c.isprintable()).split())[:80]
    if first != number:
        return Line(number, name, "refused", _("The same group as in line %(n)d.") % {"n": first}, {})
    try:
        fields = _read(row)
    except ValueError as refused:
        return Line(number, name, "refused", str(refused), {})
    group = known.get(_same(row))
    if group is None:
        return Line(number, name, "new", _("Would be new."), fields)
    differing = [field for field in fields if _held(group, field) != fields[field]]
    if not differing:
        return Line(number, name, "same", _("Stands there already."), fields, group)
    words = _("Would change: %(names)s.") % {"names": ", ".join(differing)}
    return Line(number, name, "changed", words, fields, group)


def _held(group: SupportGroup, field: str) -> Any:
    if field == "for_whom":
        return sorted(each.whom for each in group.for_whom.all())
    return getattr(group, field)


def _read(row: Mapping[str, str]) -> dict[str, Any]:
    """The fields of one line. Raises ValueError with a sentence."""
    for name, cell in row.items():
        if len(cell) > CELL_MAX:
            raise ValueError(_("%(column)s: this is too long.") % {"column": name})
        if cell.startswith(FORMULAS):
            raise ValueError(_("%(column)s: this looks like a formula. Write it as words.") % {"column": name})
    whom = [_key_of(part, ForWhom.choices) for part in row["for_whom"].replace("|", ";").split(";") if part.strip()]
    form = GroupFields({**row, "kind": _key_of(row["kind"], GroupKind.choices), "for_whom": whom})
    if not form.is_valid():
        raise ValueError(" ".join(f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()))
    fields = {**form.fields_of_group(), "checked_on": _day(row["checked_on"])}
    fields["for_whom"] = sorted(set(fields["for_whom"]))
    return fields


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("checked_on: write the day of the last check as 2026-11-22.")) from None
    if not date(2000, 1, 1) <= day <= timezone.localdate():
        raise ValueError(_("checked_on: this day is not in the past."))
    return day


def _key_of(text: str, choices: list[tuple[str, Any]]) -> str:
    """A choice by its key or by its words, whatever their case; else the text, for the form to refuse."""
    sought = fold(text)
    return next((key for key, words in choices if sought in (fold(key), fold(str(words)))), text.strip())

"""A record's versions as people read them: what each save changed, and the parts of a record as lines of a page."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from moderation import record_parts
from moderation.differences import differences, drawn
from moderation.models import Agreed, CrisisRecord, RecordVersion, YesNo

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Change:
    """One part as a save changed it: the old words and the new, each with what differs marked."""

    label: Words
    then: SafeString
    now: SafeString


@dataclass(frozen=True, slots=True)
class Version:
    """One save. `erased`: its words went with the person's account."""

    row: RecordVersion
    changes: list[Change]
    erased: bool = False


def read(record: CrisisRecord) -> list[Version]:
    """Every version, the newest first."""
    found: list[Version] = []
    before: dict[str, str] = {}
    for row in record.versions.select_related("by"):
        fields = _fields(row)
        found.append(Version(row, list(_changes(before, fields or {})), erased=fields is None))
        before = fields or {}
    return found[::-1]


def lines(record: CrisisRecord) -> list[tuple[Words, str]]:
    """What is answered, as pairs of heading and words, with "we do not know" said where it is the answer."""
    fields, unknown = record_parts.fields_of(record), record_parts.unknown_in(record.not_known)
    found = [(part, shown(part.name, fields.get(part.name, ""))) for part in record_parts.PARTS]
    return [
        (part.label, words or str(part.unknown))
        for part, words in found
        if part.name != "left_out" and (words or part.name in unknown)
    ]


def shown(name: str, stored: str) -> str:
    """A part's stored value as words."""
    if name == "others_in_danger":
        return str(YesNo(stored).label) if stored else ""
    if name == "agreed":
        return str(Agreed(stored).label) if stored else ""
    if name == "follow_up_on":
        return date_format(date.fromisoformat(stored), "j F Y") if stored else ""
    if name == "not_known":
        found = (record_parts.BY_NAME[each] for each in record_parts.unknown_in(stored))
        return "\n".join(f"{part.label}: {part.unknown}" for part in found)
    return stored


def _fields(row: RecordVersion) -> dict[str, str] | None:
    try:
        return dict(json.loads(row.fields))
    except ValueError:
        return None


def _changes(before: dict[str, str], after: dict[str, str]) -> Iterator[Change]:
    for name in (*record_parts.TYPED, "not_known"):
        then, now = shown(name, before.get(name, "")), shown(name, after.get(name, ""))
        if then != now:
            pieces = differences(then, now)
            label = record_parts.BY_NAME[name].label if name in record_parts.BY_NAME else record_parts.NOT_KNOWN
            yield Change(label, drawn(pieces, "then"), drawn(pieces, "now"))

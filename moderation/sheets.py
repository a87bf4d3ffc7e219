"""What a hand-over sheet can hold, and how a frozen one is read again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from moderation import record_parts, sealed_words
from moderation.models import Agreed, Case, CrisisRecord, HandOverSheet, YesNo

Words = str | Promise
SNAPSHOT = "snapshot"
PARTS: Mapping[str, Words] = {
    SNAPSHOT: _("Their own words, as they were reported, with the times"),
    **{
        name: record_parts.BY_NAME[name].label
        for name in ("what_they_said", "when_and_where", "means_and_time", "others_in_danger", "what_they_want", "agreed",
                     "what_we_did")
    },
}  # fmt: skip
CONTACT_FIELDS: Mapping[str, Words] = {
    "name": _("Name"),
    "phone": _("Telephone"),
    "address": _("Where they live or are"),
    "email": _("Mail address"),
    "network": _("Network address, port and time, for tracing"),
    "someone": _("Somebody who knows them"),
}
"""What a disclosure may have opened. The sheet has a line for each that was chosen, to be filled in by hand."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A frozen sheet for a page: `parts` are pairs of heading and words, `shots` the person's own words with their times."""

    sheet: HandOverSheet
    why_now: str
    shots: list[dict[str, Any]]
    parts: list[tuple[Words, str]]
    contact: list[Words]
    erased: bool = False


def part_of(record: CrisisRecord, name: str) -> Any:
    """One part as it is frozen: words, the stored choice, or the list of reported words, those that are sealed left out."""
    if name == SNAPSHOT:
        return snapshot_of(record, None)
    if name == "others_in_danger":
        return [record.others_in_danger, record.others_words]
    return getattr(record, name)


def taken(case: Case) -> str:
    """The words as they were reported, oldest first, each version once, as JSON; "" where there are none."""
    found: dict[tuple[int | None, str], dict[str, Any]] = {}
    for report in case.reports.exclude(snapshot="").order_by("made_at", "pk"):
        reported_at = report.made_at.isoformat(timespec="seconds")
        shot = {"words": report.snapshot, "reported_at": reported_at, "post": report.post_id}
        found.setdefault((report.post_id, report.snapshot), shot)
    return json.dumps(list(found.values())) if found else ""


def snapshot_of(record: CrisisRecord, viewer_id: int | None) -> list[dict[str, Any]]:
    """The frozen words as they were reported, as far as this person sees them; none once they were erased."""
    return sealed_words.shown(_shots_in(record.snapshot), record.case, viewer_id)


def snapshot_to_be(case: Case, viewer_id: int) -> list[dict[str, Any]]:
    """Likewise, for a case that has no record yet: what would be frozen now."""
    return sealed_words.shown(_shots_in(taken(case)), case, viewer_id)


def _shots_in(stored: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(stored or "[]")
    except ValueError:
        return []
    return found if isinstance(found, list) else []


def read_sheet(sheet: HandOverSheet, viewer_id: int) -> Shown:
    """What stood on it when it was given, without what was sealed since."""
    contact = [CONTACT_FIELDS[name] for name in sheet.given_fields.split(",") if name in CONTACT_FIELDS]
    try:
        frozen = json.loads(sheet.words)
    except ValueError:
        return Shown(sheet, "", [], [], contact, erased=True)
    parts = frozen["parts"]
    seen = sealed_words.shown(parts.pop(SNAPSHOT, []), sheet.record.case, viewer_id)
    shots = [shot | {"at": datetime.fromisoformat(shot["reported_at"])} for shot in seen]
    lines = [(PARTS[name], _words(name, value)) for name, value in parts.items() if name in PARTS]
    return Shown(sheet, frozen["why_now"], shots, lines, contact)


def given_with(sheet: HandOverSheet) -> list[Words]:
    """The headings of what stood on it, and of the contact details that went with it; without any of the words."""
    try:
        parts = json.loads(sheet.words)["parts"]
    except ValueError:
        parts = {}
    contact = [CONTACT_FIELDS[name] for name in sheet.given_fields.split(",") if name in CONTACT_FIELDS]
    return [words for name, words in PARTS.items() if name in parts] + contact


def disclosure_url(case: Case) -> str:
    """Where staff ask for contact details, or "" where this site has no such page."""
    try:
        return reverse("ask_disclosure", args=[case.pk])
    except NoReverseMatch:
        return ""


def _words(name: str, value: Any) -> str:
    if name == "others_in_danger":
        answer, words = value
        label = str(YesNo(answer).label) if answer in YesNo.values else ""
        return "\n".join(part for part in (label, words) if part)
    if name == "agreed":
        return str(Agreed(value).label) if value in Agreed.values else ""
    return str(value)

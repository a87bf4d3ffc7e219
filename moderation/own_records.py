"""What a person reads of the records about them: in their own terms, and with other people's details left out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from moderation import record_parts, record_versions, sheets
from moderation.models import ContactTried, CrisisRecord, Kind, RecordKind, RecordWithheld, SealedFromView
from moderation.redacting import phrases_from

Words = str | Promise
GAP = "[…]"
HEADINGS: Mapping[str, Words] = {
    "what_they_said": gettext_lazy("What you said, as we understood it"),
    "when_and_where": gettext_lazy("When and where"),
    "means_and_time": gettext_lazy("Means, a plan or a time"),
    "others_in_danger": gettext_lazy("Whether somebody else was in danger"),
    "what_they_want": gettext_lazy("What you wanted"),
    "agreed": gettext_lazy("Whether you agreed that we contact somebody"),
    "what_we_did": gettext_lazy("What we did, and why"),
    "basis": gettext_lazy("Why we shared what we shared"),
    "how_it_ended": gettext_lazy("How it ended"),
    "follow_up_on": gettext_lazy("When we look in again"),
}
"""What stands in `others_words` and `who_was_told` is about other people, so it is not among them."""


UNKNOWN: Mapping[str, Words] = {
    "means_and_time": gettext_lazy("You did not speak of it, or we do not know."),
    "basis": gettext_lazy("Nothing was shared with anybody."),
    "follow_up_on": gettext_lazy("We have not planned to, unless you would like us to."),
}
NOT_KNOWN = gettext_lazy("We do not know.")
NO_CRISIS = gettext_lazy("Why we think it was no crisis")
REPORTED = gettext_lazy("Your words, as they came to us")


@dataclass(frozen=True, slots=True)
class Read:
    """One record as its person reads it: their reported words, pairs of heading and words, and each contact in a line."""

    record: CrisisRecord
    shots: list[str]
    parts: Sequence[tuple[Words, Words]]
    contacts: Sequence[tuple[Any, Words, Words]]


def readable_by(member_id: int) -> QuerySet[CrisisRecord]:
    """What this person may read now: finished records, short closes and what was begun before one, but for what two people
    keep from them for a while.

    One that a single person asked to keep back is not shown either, until somebody has answered or a week is over.
    """
    about = CrisisRecord.objects.filter(case__subject=member_id, case__kind=Kind.CARE)
    closed_short = CrisisRecord.objects.filter(case=OuterRef("case"), kind=RecordKind.SHORT, at__gte=OuterRef("at"))
    done = about.filter(~Q(kind=RecordKind.FULL, finished_at=None) | Exists(closed_short))
    kept_back = RecordWithheld.objects.filter(record=OuterRef("pk"), ended_at=None)
    sealed = SealedFromView.objects.filter(case=OuterRef("case"))
    return done.exclude(Exists(kept_back)).exclude(Exists(sealed))


def as_read(record: CrisisRecord, viewer_id: int) -> Read:
    """A record in the words its person reads. `viewer_id`: who looks, for whom sealed words are left out."""
    unknown = record_parts.unknown_in(record.not_known)
    found = [(name, _said(record, name)) for name in HEADINGS]
    parts = [
        (HEADINGS[name], words or UNKNOWN.get(name, NOT_KNOWN)) for name, words in found if words or name in unknown
    ]
    if record.because:
        parts.insert(0, (NO_CRISIS, _said(record, "because")))
    shots = [shot["words"] for shot in sheets.snapshot_of(record, viewer_id)]
    contacts = [(row.tried_at, row.get_whom_display(), row.get_answer_display()) for row in record.contacts.all()]
    return Read(record, shots, parts, contacts)


def rows_of(member_id: int) -> Iterator[dict[str, Any]]:
    """For the person's own copy: what the page shows, by column."""
    for record in readable_by(member_id).order_by("at", "pk"):
        read = as_read(record, member_id)
        words = {name: _said(record, name) for name in (*HEADINGS, "because")}
        yield {"at": record.at, "snapshot": "\n\n".join(read.shots)} | words


def contacts_of(member_id: int) -> Iterator[dict[str, Any]]:
    """Likewise: each attempt to reach somebody in those records, without who else it was."""
    rows = ContactTried.objects.filter(record__in=readable_by(member_id)).order_by("tried_at", "pk")
    for row in rows:
        yield {"whom": row.get_whom_display(), "answer": row.get_answer_display(), "tried_at": row.tried_at}


def _said(record: CrisisRecord, name: str) -> str:
    stored = record.because if name == "because" else record_parts.fields_of(record)[name]
    return without(record_versions.shown(name, stored), phrases_from(record.left_out))


def without(words: str, phrases: list[str]) -> str:
    """The words with each phrase taken out wherever it stands; capital letters and spaces may differ."""
    for phrase in sorted(phrases, key=len, reverse=True):
        inner = r"\s+".join(re.escape(part) for part in phrase.split())
        words = re.sub(rf"(?<!\w){inner}(?!\w)", GAP, words, flags=re.IGNORECASE)
    return words

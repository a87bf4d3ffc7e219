"""What of the crisis record can be given: its parts, whom staff tried to reach, what was handed over, what was opened."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from moderation import disclosures, record_parts, record_versions, sheets
from moderation.case_export.items import Item, Read, Words
from moderation.case_export.naming import Names
from moderation.models import Case, ContactTried, CrisisRecord, DisclosureOpening, HandOverSheet


def part(column: str, label: Words) -> Read:
    """One part of every record of the case; also that it was not known, where that is what staff wrote down."""

    def read(case: Case, names: Names) -> Iterator[Item]:
        for record in case.records.select_related("by").order_by("at", "pk"):
            if written := _written(record, column):
                yield Item(str(label), names.of(record.by), record.at, names.clean(written))

    return read


def contacts(case: Case, names: Names) -> Iterator[Item]:
    """Each attempt to reach somebody: whom, when, what they answered, with which incident number, and what came next."""
    for row in ContactTried.objects.filter(record__case=case).select_related("by").order_by("tried_at", "pk"):
        whom = ": ".join(filter(None, [str(row.get_whom_display()), row.name]))
        number = _("Incident number %(number)s") % {"number": row.incident_number} if row.incident_number else ""
        said = [str(row.get_answer_display()), number, row.what_next]
        yield Item(names.clean(whom), names.of(row.by), row.tried_at, names.clean("\n".join(filter(None, said))))


def sheets_given(case: Case, names: Names) -> Iterator[Item]:
    """Each sheet for emergency services: to whom, when, and which parts and contact details went with it."""
    for row in (
        HandOverSheet.objects.filter(record__case=case).select_related("by", "record__case").order_by("at", "pk")
    ):
        given = sheets.given_with(row)
        yield Item(names.clean(row.to_whom), names.of(row.by), row.at, "\n".join(map(str, given)))


def disclosed(case: Case, names: Names) -> Iterator[Item]:
    """Each time contact details were open: when, to whom of the team, what was asked for, on what basis and why."""
    rows = DisclosureOpening.objects.filter(disclosure__case=case).select_related("by", "disclosure")
    for row in rows.order_by("opened_at", "pk"):
        asked = row.disclosure
        said = [*disclosures.fields_of(asked), str(asked.get_basis_display()), names.clean(asked.reason)]
        yield Item(_("Contact details were opened"), names.of(row.by), row.opened_at, "\n".join(said))


def whole(case: Case, names: Names) -> Iterator[Item]:
    """What staff marked as other people's details. With this field chosen nothing of it is taken out elsewhere."""
    for record in case.records.exclude(left_out="").select_related("by").order_by("at", "pk"):
        yield Item("", names.of(record.by), record.at, names.clean(record.left_out))


def _written(record: CrisisRecord, column: str) -> str:
    if column == "because":
        return record.because
    words = record_versions.shown(column, record_parts.fields_of(record)[column])
    if column == "others_in_danger":
        return "\n".join(filter(None, [words, record.others_words]))
    unknown = column in record_parts.unknown_in(record.not_known)
    return words or (str(record_parts.BY_NAME[column].unknown) if unknown else "")

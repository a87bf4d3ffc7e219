"""One person's page of one crisis record: what stands on it, and the forms that came back with their words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from forum.access import ViewerFacts
from forum.requests import MemberRequest
from moderation import access, guides, record_parts, record_versions, sheets, sought, wording
from moderation.actions.records import Page, current_record, may_read_again
from moderation.models import Case, CrisisRecord
from moderation.record_forms import ContactForm, RecordForm, SheetForm, first_of


@dataclass
class RecordPage:
    """One person's page of one case's record. Forms that came back hold their words."""

    request: MemberRequest
    viewer: ViewerFacts
    case: Case
    form: RecordForm | None = None
    contact: ContactForm | None = None
    sheet: SheetForm | None = None
    refused: str = ""
    theirs: Mapping[str, str] = field(default_factory=dict)  # what stands there now, where somebody else saved
    status: int = 200
    done: set[type] = field(default_factory=set)  # the forms whose words are where they belong by now

    @cached_property
    def record(self) -> CrisisRecord | None:
        """The one of this escalation; who does not write reads the last one there is."""
        found = current_record(self.case)
        return found if found or self.writes else self.case.records.filter(kind="full").first()

    @property
    def here(self) -> str:
        return reverse("crisis_record", args=[self.case.pk])

    @cached_property
    def writes(self) -> bool:
        return access.may("record", self.viewer, self.case)

    def unsent(self, kind: type[ContactForm | SheetForm]) -> dict[str, Any]:
        """What was typed into another part of the page than the one whose button was pressed, to stand there again."""
        sent = self.request.POST
        if kind in self.done or not any(sent.get(f"{kind.prefix}-{name}", "").strip() for name in kind.telling):
            return {}
        many = {name: sent.getlist(f"{kind.prefix}-{name}") for name in ("chosen", "contact") if kind is SheetForm}
        fields = {name: sent.get(f"{kind.prefix}-{name}", "") for name in kind.base_fields}
        return {name: value for name, value in (fields | many).items() if value}

    def seen(self) -> Page:
        sent = self.form.cleaned_data if self.form else {}
        return Page(sent.get("seen") or 0, sent.get("tab"), max(0, sent.get("turn") or 0))


def _written(page: RecordPage) -> str:
    """Words that were typed by somebody who may not write here any more, to be copied."""
    if page.form is None or page.writes:
        return ""
    return "\n\n".join(words for name, words in page.form.typed().items() if words and name in record_parts.TYPED)


def draw(page: RecordPage) -> HttpResponse:
    page.__dict__.pop("record", None)
    page.__dict__.pop("writes", None)
    case, record = page.case, page.record
    first = first_of(record) | {"seen": record.version if record else 0, "tab": uuid4(), "turn": 0}
    form = page.form or RecordForm(initial=first)
    context = {
        "page": page,
        "case": case,
        "record": record,
        "headline": wording.headline(case),
        "written": _written(page),
        "form": form,
        "parts": [(name, part, tick, page.theirs.get(name, "")) for name, part, tick in form.parts()],
        "contact": page.contact or ContactForm(initial={"key": uuid4()} | page.unsent(ContactForm)),
        "sheet": page.sheet or SheetForm(initial=_first_of_sheet(record) | page.unsent(SheetForm)),
        "shots": sheets.snapshot_of(record, page.viewer.id) if record else sheets.snapshot_to_be(case, page.viewer.id),
        **(_of_record(page, record) if record else {}),
        "guides": [(guide, guides.sections(guide.body)) for guide in guides.for_case(case)],
        "sought": sought.who_wrote_to(case, page.viewer),
        "ask": sheets.disclosure_url(case),
    }
    return render(page.request, "moderation/record.html", context, status=page.status)


def _of_record(page: RecordPage, record: CrisisRecord) -> dict[str, Any]:
    withheld = record.withheld.filter(ended_at=None).select_related("proposed_by", "confirmed_by")
    return {
        "read_parts": record_versions.lines(record),
        "contacts": record.contacts.select_related("by"),
        "sheets": record.sheets.select_related("by"),
        "missing": record_parts.missing_from(record),
        "may_read": record.second_due_at is not None and may_read_again(record, page.case, page.request.user),
        "withheld": withheld.first(),
    }


def _first_of_sheet(record: CrisisRecord | None) -> dict[str, Any]:
    """Everything there is goes on it unless somebody takes it off."""
    chosen = [
        name for name in sheets.PARTS if name == sheets.SNAPSHOT or bool(record and getattr(record, str(name), ""))
    ]
    return {"key": uuid4(), "chosen": chosen}

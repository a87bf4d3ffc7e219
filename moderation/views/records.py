"""The page on which a crisis record is written while it happens, with its guide beside it; and its earlier versions."""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from forum.access import ViewerFacts
from forum.refusals import Refusal
from forum.requests import MemberRequest
from moderation import access, record_parts, record_versions, sheets, wording
from moderation.actions.contacts import Tried, add_contact
from moderation.actions.reads import note_read
from moderation.actions.records import RecordChanged, read_record, save_record
from moderation.actions.sheets import make_sheet
from moderation.models import Case, CrisisRecord, HandOverSheet, Kind
from moderation.record_forms import ContactForm, RecordForm, SheetForm
from moderation.refusals import CaseMoved, Missing, WordsChanged
from moderation.views.acts.act import number_of
from moderation.views.doors import explain
from moderation.views.gates import case_or_404, for_board
from moderation.views.record_page import RecordPage, draw


@for_board
@require_http_methods(["GET", "POST"])
def crisis_record(request: MemberRequest, case_id: int, viewer: ViewerFacts) -> HttpResponse:
    """Written by whoever holds the case, read by those who may see it. A quiet save answers in JSON."""
    case = case_or_404(viewer, case_id)
    if case.kind != Kind.CARE:
        raise Http404
    page = RecordPage(request, viewer, case)
    if request.method == "POST":
        act = ACTS.get(request.POST.get("do", ""))
        if act is None:
            raise Http404
        return act(page)
    note_read(case, request.user)
    return draw(page)


@for_board
@require_GET
def record_changes(request: MemberRequest, case_id: int, viewer: ViewerFacts) -> HttpResponse:
    """Every version of the records of a case, the newest first, each with what it changed."""
    case = case_or_404(viewer, case_id)
    note_read(case, request.user)
    records = [(record, record_versions.read(record)) for record in case.records.filter(kind="full")]
    context = {"case": case, "records": records, "headline": wording.headline(case)}
    return render(request, "moderation/record_versions.html", context)


@for_board
@require_GET
def hand_over_sheet(request: MemberRequest, sheet_id: int, viewer: ViewerFacts) -> HttpResponse:
    """One sheet as it was given, to print."""
    seen = Case.objects.filter(access.cases_visible_to(viewer))
    rows = HandOverSheet.objects.filter(record__case__in=seen).select_related("record__case__subject", "by")
    sheet = get_object_or_404(rows, pk=sheet_id)
    case = sheet.record.case
    note_read(case, request.user)
    context = {"shown": sheets.read_sheet(sheet, viewer.id), "case": case, "ask": sheets.disclosure_url(case)}
    return render(request, "moderation/sheet.html", context)


def _save_quietly(page: RecordPage) -> HttpResponse:
    """What is sound is kept also where one part is not: nothing waits for a date that was mistyped."""
    form = page.form = RecordForm(page.request.POST)
    form.is_valid()
    try:
        record = save_record(page.case, page.request.user, form.typed(), page.seen())
    except RecordChanged as refusal:
        return JsonResponse({"refused": refusal.message, "version": refusal.record.version}, status=409)
    except Refusal as refusal:
        gone = _("You do not hold this case any more, so nothing is saved. Copy what you need.")
        return JsonResponse({"refused": f"{refusal.message} {gone}", "gone": True}, status=409)
    open_parts = [{"name": part.name, "label": str(part.label)} for part in record_parts.missing_from(record)]
    answer = {"version": record.version, "at": f"{timezone.localtime(record.at):%H:%M}", "missing": open_parts}
    errors = {name: " ".join(map(str, found)) for name, found in form.errors.items()}
    return JsonResponse(answer | {"errors": errors}, status=422 if errors else 200)


def _save(page: RecordPage) -> HttpResponse:
    """An attempt to reach somebody that was typed and not added is added: nobody loses it for pressing the other button."""
    if page.unsent(ContactForm):
        return _add_contact(page)
    return _kept(page) or _after(page)


def _add_contact(page: RecordPage) -> HttpResponse:
    """Keeps the record too: what was typed above the button is not lost by pressing it."""
    if answer := _kept(page):
        return answer
    form = page.contact = ContactForm(page.request.POST)
    if not form.is_valid():
        return _again(page)
    sent = form.cleaned_data
    tried = Tried(sent["whom"], sent["answer"], sent["name"].strip(), sent["incident_number"].strip(),
                  sent["what_next"].strip(), _moment(sent["tried_at"]))  # fmt: skip
    return _done(page, form, lambda: add_contact(page.case, page.request.user, tried, sent["key"]), "#part-contacts")


def _make_sheet(page: RecordPage) -> HttpResponse:
    if page.unsent(ContactForm) and (added := _add_contact(page)).status_code not in (200, 303):
        return added
    if answer := _kept(page):
        return answer
    form = page.sheet = SheetForm(page.request.POST)
    if not form.is_valid():
        return _again(page)
    sent, made = form.cleaned_data, []
    parts = {name: sent[name] for name in ("to_whom", "chosen", "contact", "why_now", "key")}
    answer = _done(page, form, lambda: made.append(make_sheet(page.case, page.request.user, **parts)), "")
    return HttpResponseRedirect(reverse("hand_over_sheet", args=[made[0].pk]), status=303) if made else answer


def _read(page: RecordPage) -> HttpResponse:
    record = get_object_or_404(CrisisRecord, case=page.case, pk=number_of(page.request.POST.get("record", "")))
    try:
        read_record(record, page.request.user)
    except Refusal as refusal:
        page.refused, page.status = refusal.message, 422
        return draw(page)
    return HttpResponseRedirect(page.here, status=303)


ACTS: Mapping[str, Callable[[RecordPage], HttpResponse]] = {
    "quietly": _save_quietly,
    "save": _save,
    "contact": _add_contact,
    "sheet": _make_sheet,
    "read": _read,
}


def _kept(page: RecordPage) -> HttpResponse | None:
    """Keeps the record's own parts. An answer only where that was refused: the page again, with what was typed."""
    form = page.form = RecordForm(page.request.POST)
    if not form.is_valid():
        return _again(page)
    try:
        save_record(page.case, page.request.user, form.typed(), page.seen())
    except RecordChanged as refusal:
        now = record_parts.fields_of(refusal.record)
        typed = form.typed()
        page.theirs = {
            name: record_versions.shown(name, words) for name, words in now.items() if typed.get(name) != words
        }
        page.refused, page.status = refusal.message, 409
        page.form = _now_seen(form, refusal.record.version)
        return draw(page)
    except Refusal as refusal:
        return _refused(page, refusal)
    page.case = case_or_404(page.viewer, page.case.pk)
    return None


def _done(page: RecordPage, form: Any, act: Callable[[], Any], place: str) -> HttpResponse:
    try:
        act()
    except Missing as refusal:
        explain(form, refusal)
        return _again(page)
    except Refusal as refusal:
        return _refused(page, refusal)
    page.done.add(type(form))
    page.contact = page.sheet = None
    return _after(page, place)


def _after(page: RecordPage, place: str = "") -> HttpResponse:
    """On to the page as it stands now; or this answer, where words for the sheet are typed that nobody has sent yet."""
    if not page.unsent(SheetForm):
        return HttpResponseRedirect(page.here + place, status=303)
    page.form = None
    return draw(page)


def _again(page: RecordPage) -> HttpResponse:
    """The page with every form as it was sent; the record's own words are those that are kept by now."""
    page.status = 422
    if page.form is not None and page.form.is_valid():
        page.form = None
    return draw(page)


def _refused(page: RecordPage, refusal: Refusal) -> HttpResponse:
    page.refused = refusal.message
    page.case = case_or_404(page.viewer, page.case.pk)
    page.__dict__.pop("writes", None)
    # Who wrote here a moment ago and does not hold it any more was not wrong, only second.
    lost = isinstance(refusal, CaseMoved | WordsChanged) or not page.writes
    page.status = 409 if lost else 422
    return draw(page)


def _now_seen(form: RecordForm, version: int) -> RecordForm:
    sent: Any = form.data
    data = sent.copy()
    data["seen"], data["tab"], data["turn"] = str(version), str(uuid4()), "0"
    back = RecordForm(data)
    back.is_valid()
    return back


def _moment(at: time | None) -> datetime | None:
    """The last time it was that hour."""
    if at is None:
        return None
    now = timezone.localtime()
    then = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return then if then <= now else then - timedelta(days=1)

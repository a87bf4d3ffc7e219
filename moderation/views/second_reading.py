"""Reading each other's decisions: what there is to read, one of them blind, and the talk about it."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from forum.access import ViewerFacts
from forum.refusals import Refusal
from forum.requests import MemberRequest
from forum.rules import title_of, titles_of
from moderation import categories, second_readings
from moderation.actions import second_readings as acts
from moderation.actions.reads import note_read
from moderation.forms_second_reading import BlindAnswerForm, BlindNoteForm
from moderation.models import BlindReading, Decision, Door
from moderation.refusals import CaseMoved, Missing
from moderation.views.doors import explain
from moderation.views.gates import for_desk


@dataclass
class Page:
    """One person's page of one reading. `part`: `open` (to take), `blind` (taken), `both` (read: the two see both)."""

    request: MemberRequest
    viewer: ViewerFacts
    reading: BlindReading
    part: str
    form: BlindAnswerForm | BlindNoteForm | None = None
    refused: str = ""
    status: int = 200


@for_desk
@require_safe
def second_readings_list(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    opened = second_readings.opened_to(viewer)
    lists = {
        "taken": second_readings.drawn(second_readings.taken_by(viewer)),
        "waiting": second_readings.drawn(second_readings.open_to(viewer)),
        "to_talk": second_readings.drawn(opened.filter(talked_at=None)),
        "talked": second_readings.drawn(opened.filter(talked_at__isnull=False).order_by("-talked_at")),
    }
    return render(request, "moderation/second_readings.html", {name: _rows(rows) for name, rows in lists.items()})


@for_desk
@require_http_methods(["GET", "POST"])
def second_reading(request: MemberRequest, reading_id: int, viewer: ViewerFacts) -> HttpResponse:
    """Takes it, gives it back, answers it; then the two write to each other and say that it is talked through."""
    page = _page_or_404(request, viewer, reading_id)
    if request.method != "POST":
        return _draw(page)
    do = request.POST.get("do", "")
    try:
        if not _acted(page, do):
            page.status = 422
            return _draw(page)
    except Refusal as refusal:
        return _draw(_refused(page, refusal))
    where = reverse("second_readings") if do == "give_back" else reverse("second_reading", args=[reading_id])
    return HttpResponseRedirect(where, status=303)


def _acted(page: Page, do: str) -> bool:
    """Does it; False where the form is not filled in. Raises Http404 for what this page has no button for."""
    reading, actor, data = page.reading, page.request.user, page.request.POST
    if do == "take":
        acts.take_reading(reading, actor)
    elif do == "give_back":
        acts.give_back_reading(reading, actor)
    elif do == "talked":
        acts.talked_through(reading, actor)
    elif do == "answer":
        page.form = answer = BlindAnswerForm(data)
        if not answer.is_valid():
            return False
        acts.answer_reading(reading, actor, **answer.cleaned_data)
    elif do == "note":
        page.form = note = BlindNoteForm(data)
        if not note.is_valid():
            return False
        acts.write_note(reading, actor, note.cleaned_data["body"], note.cleaned_data["key"])
    else:
        raise Http404
    return True


def _page_or_404(request: MemberRequest, viewer: ViewerFacts, reading_id: int) -> Page:
    """What somebody else reads, and what this person has a hand in, is not found, as if it never was. Whoever comes second to
    take one still gets an answer: they saw it a moment ago.
    """
    parts = {
        "open": second_readings.open_to,
        "blind": second_readings.taken_by,
        "both": second_readings.opened_to,
    }
    for part, rows in parts.items():
        found = rows(viewer).filter(pk=reading_id).select_related("case__subject", "reader", "judged_by").first()
        if found is not None:
            return Page(request, viewer, found, part)
    if request.method == "POST":
        return Page(request, viewer, get_object_or_404(_once_open_to(viewer), pk=reading_id), "gone")
    raise Http404


def _once_open_to(viewer: ViewerFacts) -> Any:
    """What this person could have taken if nobody else had, or has had and lost."""
    rows = second_readings.seen_by(viewer).exclude(judged_by=viewer.id).exclude(case__subject__in=viewer.own_blocks)
    return rows.filter(**{f"case__{key}": value for key, value in second_readings.ORDINARY.items()})


def _refused(page: Page, refusal: Refusal) -> Page:
    """A lost race is 409: nobody was wrong, and what was typed is kept."""
    page.refused, page.status = refusal.message, 409 if isinstance(refusal, CaseMoved) else 422
    if page.form is not None and isinstance(refusal, Missing):
        explain(page.form, refusal)
    return page


def _draw(page: Page) -> HttpResponse:
    context: dict[str, Any] = {"page": page, "reading": page.reading, "category": _category(page.reading)}
    if page.part in ("blind", "both"):
        note_read(page.reading.case, page.request.user)
        context["blind"] = second_readings.blind_view(page.reading.case, _decision(page.reading))
    if page.part == "blind":
        context["form"] = page.form or BlindAnswerForm()
    if page.part == "both":
        context |= _both(page)
    elif page.part in ("open", "gone") and page.form is not None:
        context["kept"] = page.form.data.get("words") or page.form.data.get("body") or ""
    return render(page.request, "moderation/second_reading.html", context, status=page.status)


def _both(page: Page) -> dict[str, Any]:
    reading, decision = page.reading, _decision(page.reading)
    note_form = page.form if isinstance(page.form, BlindNoteForm) else BlindNoteForm(initial={"key": uuid4()})
    kept = note_form["body"].value() if reading.talked_at and page.form else ""
    return {
        "decision": decision,
        "judged_rule": titles_of([decision.rules_version]).get((decision.rules_version, decision.rule), ""),
        "read_rule": title_of(reading.rule),
        "same_rule": decision.rule == reading.rule,
        "notes": reading.notes.select_related("author"),
        "form": note_form,
        "kept": kept,
    }


def _decision(reading: BlindReading) -> Decision:
    return Decision.objects.select_related("post", "frozen").get(pk=reading.decision_id)


def _rows(readings: list[BlindReading]) -> list[tuple[BlindReading, Any]]:
    return [(reading, _category(reading)) for reading in readings]


def _category(reading: BlindReading) -> Any:
    return categories.words_for(Door.RULE, reading.category)

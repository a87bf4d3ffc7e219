"""Contact details: the list, one of them, and opening it behind a fresh sign-in. What is open stands on one page, for one person,
and leaves their screen by itself."""

from dataclasses import dataclass
from math import ceil
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forum.access import ViewerFacts
from forum.refusals import Refusal
from forum.requests import MemberRequest
from moderation import disclosures
from moderation.actions import disclosures as acts
from moderation.clocks import FRESH_SIGN_IN
from moderation.forms_disclosure import AnswerForm
from moderation.models import Disclosure, DisclosureOpening, DisclosureStage
from moderation.refusals import Answered, CaseMoved, Missing
from moderation.views.doors import explain
from moderation.views.gates import for_board

LABELS = {
    "refuse": gettext_lazy("Why not"),
    "right": gettext_lazy("What you found"),
    "wrong": gettext_lazy("What you found"),
}


@dataclass
class Page:
    """One person's page of one disclosure. `opened`: the details, in this answer alone."""

    request: MemberRequest
    viewer: ViewerFacts
    row: Disclosure
    form: AnswerForm | None = None
    did: str = ""
    refused: str = ""
    status: int = 200
    opened: disclosures.Opened | None = None
    opening: DisclosureOpening | None = None


@for_board
@require_safe
def disclosures_list(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """All of them, with where each stands: what waits first."""
    board, now = disclosures.read_board(viewer), timezone.now()
    parts = [
        (_("Yours to open"), board.to_open, ""),
        (_("Open now"), board.open_now, ""),
        (_("Waiting for a second person"), board.waiting, _("Nobody waits for an answer.")),
        (_("To be reviewed"), board.to_review, _("Nothing waits for a review.")),
        (_("Before"), board.before, _("Nothing was opened yet.")),
    ]
    lists = [(title, _rows(rows, now), empty) for title, rows, empty in parts if rows or empty]
    context = {"lists": lists, "now": now, "lead": "@" in settings.PRIVACY_LEAD}
    return render(request, "moderation/disclosures.html", context)


@for_board
@require_http_methods(["GET", "POST"])
def disclosure(request: MemberRequest, disclosure_id: int, viewer: ViewerFacts) -> HttpResponse:
    """One of them: why, what, who; its answer and its review; for whoever opened it, the details while that lasts."""
    page = _page_or_404(request, viewer, disclosure_id)
    if request.method != "POST":
        return _draw(page)
    page.did = request.POST.get("do", "")
    if page.did == "again" and (first := _first_show_who(request, disclosure_id)):
        return first
    page.form = AnswerForm(request.POST, label=LABELS.get(page.did, ""))
    page.form.is_valid()
    try:
        _act(page)
    except Refusal as refusal:
        return _draw(_refused(page, refusal))
    return _see(page.row)


@for_board
@require_POST
def open_now(request: MemberRequest, disclosure_id: int, viewer: ViewerFacts) -> HttpResponse:
    """Opens it, right after signing in again; with the second step, where somebody has one."""
    page = _page_or_404(request, viewer, disclosure_id)
    if first := _first_show_who(request, disclosure_id):
        return first
    try:
        acts.open_disclosure(page.row, request.user)
    except Refusal as refusal:
        return _draw(_refused(page, refusal))
    return _see(page.row)


@reauthentication_required
def _first_show_who(request: MemberRequest, disclosure_id: int) -> HttpResponse | None:
    """Where somebody shows that it is still they before anything opens, the second time too; None: they just have."""
    if _second_step_is_fresh(request):
        return None
    here = urlencode({"next": reverse("disclosure", args=[disclosure_id])})
    return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{here}", status=303)


def _second_step_is_fresh(request: MemberRequest) -> bool:
    """Whether whoever has a second step has just used it. A password alone opens nobody's details for them."""
    if not is_mfa_enabled(request.user):
        return True
    since = timezone.now().timestamp() - FRESH_SIGN_IN.total_seconds()
    records = get_authentication_records(request, request.user)
    return any(each.get("method") == "mfa" and each["at"] >= since for each in records)


def _act(page: Page) -> None:
    """Raises Http404 for what this page has no button for."""
    row, actor, words = page.row, page.request.user, page.form.cleaned_data.get("words", "") if page.form else ""
    if page.did == "approve":
        acts.approve_disclosure(row, actor)
    elif page.did == "refuse":
        acts.refuse_disclosure(row, actor, words)
    elif page.did == "again":
        acts.reopen_disclosure(row, actor)
    elif page.did == "shut":
        acts.shut_disclosure(row, actor)
    elif page.did in ("right", "wrong"):
        acts.review_disclosure(row, actor, right=page.did == "right", words=words)
    else:
        raise Http404


def _page_or_404(request: MemberRequest, viewer: ViewerFacts, disclosure_id: int) -> Page:
    return Page(request, viewer, get_object_or_404(disclosures.seen_by(viewer), pk=disclosure_id))


def _refused(page: Page, refusal: Refusal) -> Page:
    """A lost race is 409: nobody was wrong, and what was typed is kept."""
    fresh = _page_or_404(page.request, page.viewer, page.row.pk)
    fresh.form, fresh.did, fresh.refused = page.form, page.did, refusal.message
    fresh.status = 409 if isinstance(refusal, Answered | CaseMoved) else 422
    if fresh.form is not None and isinstance(refusal, Missing):
        explain(fresh.form, refusal)
    return fresh


def _draw(page: Page) -> HttpResponse:
    row, viewer = page.row, page.viewer
    _look_in(page)
    may = _may(page)
    form = page.form if page.form is not None and page.refused else None
    context: dict[str, Any] = {
        "page": page,
        "row": row,
        "case": row.case,
        "asks_for": disclosures.fields_of(row),
        "stands": disclosures.state_words(row),
        "may": may,
        "form": form or AnswerForm(label=_("Why not") if may["answer"] else _("What you found")),
        "kept": form["words"].value() if form and not (may["answer"] or may["review"]) else "",
        "openings": [
            (each, disclosures.hour_words(disclosures.until_of(each))) for each in row.openings.select_related("by")
        ],
        "until": disclosures.hour_words(disclosures.until_of(page.opening)) if page.opening else "",
        "mine": row.asked_by_id == viewer.id,
        "why_wait": disclosures.why_not_alone(row, row.case, viewer.id) if may["waits"] else "",
        "lead": "@" in settings.PRIVACY_LEAD,
    }
    answer = render(page.request, "moderation/disclosure.html", context, status=page.status)
    if page.opening:
        left = (disclosures.until_of(page.opening) - timezone.now()).total_seconds()
        answer["Refresh"] = f"{max(1, ceil(left))};url={reverse('disclosure', args=[row.pk])}"  # off the screen in time
    return answer


def _look_in(page: Page) -> None:
    """For whoever opened it, while it is open. Each answer with the details in it is written down as one look."""
    running = disclosures.open_now(page.row)
    if running is None or running.by_id != page.viewer.id:
        return
    try:
        page.opened = acts.view_disclosure(page.row, page.request.user)
    except Refusal as refusal:
        page.refused = page.refused or refusal.message
    else:
        page.opening = running


def _may(page: Page) -> dict[str, bool]:
    row, actor = page.row, page.viewer.id
    waits = row.stage == DisclosureStage.ASKED
    closed = disclosures.open_now(row) is None
    return {
        "answer": waits and row.asked_by_id != actor and not disclosures.why_over(row, row.case),
        "open": closed and not disclosures.why_not_open(row, row.case, actor),
        "alone": waits and row.asked_by_id == actor and not disclosures.why_not_alone(row, row.case, actor),
        "again": closed and not disclosures.why_not_again(row, row.case, actor),
        "waits": waits and row.asked_by_id == actor and disclosures.is_emergency(row.case),
        "review": row.stage == DisclosureStage.ALONE and not row.reviewed_at and row.asked_by_id != actor,
    }


def _rows(rows: list[Disclosure], now: Any) -> list[tuple[Disclosure, Any, str]]:
    return [(row, disclosures.state_words(row, now), ", ".join(disclosures.fields_of(row))) for row in rows]


def _see(row: Disclosure) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("disclosure", args=[row.pk]), status=303)

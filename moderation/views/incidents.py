"""The list of incidents: what went wrong or nearly did, line by line, closed by two people."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from forum.access import ViewerFacts
from forum.refusals import Refusal
from forum.requests import MemberRequest
from moderation import incidents as listing
from moderation.actions import incidents as acts
from moderation.forms_incidents import IncidentForm, LineForm
from moderation.models import Incident
from moderation.outside_requests import cases_seen
from moderation.refusals import Missing
from moderation.refusals_register import Overtaken
from moderation.views.doors import explain
from moderation.views.gates import for_staff

CLOSING = {"ask": acts.ask_to_close, "close": acts.close_incident, "open": acts.keep_open}


@for_staff
@require_http_methods(["GET", "POST"])
def incidents(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """The list, and a form for a new one."""
    now = timezone.localtime()
    form = IncidentForm(request.POST or None, initial={"happened_at": now, "found_at": now})
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("incident", _opened(request, viewer, form.cleaned_data).pk)
        except Refusal as refusal:
            explain(form, refusal)
    rows = listing.seen_by(viewer).prefetch_related("lines")
    context = {
        "form": form,
        "open": [(each, listing.regulator_clock(each)) for each in rows.filter(closed_at=None)],
        "closed": rows.exclude(closed_at=None),
        "checks": listing.checks(),
    }
    return render(request, "moderation/incidents.html", context, status=422 if form.is_bound else 200)


@for_staff
@require_http_methods(["GET", "POST"])
def incident(request: MemberRequest, incident_id: int, viewer: ViewerFacts) -> HttpResponse:
    row = _row_or_404(viewer, incident_id)
    form = LineForm(initial={"at": timezone.localtime()})
    if request.method != "POST":
        return _draw(request, row, form)
    do, refused, status = request.POST.get("do", ""), "", 422
    try:
        if do == "line":
            form = LineForm(request.POST)
            if form.is_valid():
                acts.add_line(row, request.user, form.cleaned_data["kind"], form.cleaned_data["words"],
                              at=form.cleaned_data["at"])  # fmt: skip
                return _see(row)
        elif do in CLOSING:
            CLOSING[do](row, request.user)
            return _see(row)
        else:
            raise Http404
    except Missing as missing:
        explain(form, missing)
    except Overtaken as refusal:
        refused, status = refusal.message, 409
    except Refusal as refusal:
        refused = refusal.message
    return _draw(request, _row_or_404(viewer, incident_id), form, refused=refused, status=status)


def _opened(request: MemberRequest, viewer: ViewerFacts, said: dict[str, Any]) -> Incident:
    case = None
    if said["case"]:
        case = cases_seen(viewer).filter(pk=said["case"]).first()
        if case is None:
            raise Missing("case", _("There is no case with this number, or none that you can see."))
    return acts.open_incident(
        request.user, said["kind"], said["title"], said["words"],
        happened_at=said["happened_at"], found_at=said["found_at"], case=case,
    )  # fmt: skip


def _row_or_404(viewer: ViewerFacts, incident_id: int) -> Incident:
    rows = listing.seen_by(viewer).select_related("case", "opened_by", "close_asked_by", "closed_by")
    return get_object_or_404(rows.prefetch_related("lines__by"), pk=incident_id)


def _see(row: Incident) -> HttpResponse:
    return HttpResponseRedirect(reverse("incident", args=[row.pk]), status=303)


def _draw(
    request: MemberRequest, row: Incident, form: LineForm, *, refused: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "row": row,
        "form": form,
        "refused": refused,
        "clock": listing.regulator_clock(row),
        "owed": listing.why_not_close(row),
        "checks": listing.checks(),
    }
    return render(request, "moderation/incident.html", context, status=status)

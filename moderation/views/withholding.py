"""Whether the person may read a record about them: two of the staff can keep it from them until a review."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from forum.access import ViewerFacts
from forum.refusals import Refusal
from forum.requests import MemberRequest
from moderation import access, own_records, wording
from moderation.actions import withholding as actions
from moderation.actions.reads import note_read
from moderation.models import Case, CrisisRecord, Kind, RecordWithheld
from moderation.record_forms import WithholdForm
from moderation.refusals import Missing
from moderation.views.acts.act import number_of
from moderation.views.doors import explain
from moderation.views.gates import case_or_404, for_board


@for_board
@require_http_methods(["GET", "POST"])
def withholding(request: MemberRequest, case_id: int, viewer: ViewerFacts) -> HttpResponse:
    """Each record of a case as the person reads it, or why they do not yet."""
    case = case_or_404(viewer, case_id)
    if case.kind != Kind.CARE:
        raise Http404
    if request.method == "POST":
        return _act(request, case, viewer)
    return _draw(request, case, viewer)


def _act(request: MemberRequest, case: Case, viewer: ViewerFacts) -> HttpResponse:
    record = get_object_or_404(CrisisRecord, case=case, pk=number_of(request.POST.get("record", "")))
    do, form = request.POST.get("do", ""), None
    try:
        if do in ("propose", "renew"):
            form = WithholdForm(request.POST, auto_id=f"id_{record.pk}_%s")
            if not form.is_valid():
                return _draw(request, case, viewer, record, form, status=422)
            _propose(request, record, form, renew=do == "renew")
        elif do == "confirm":
            actions.confirm_withholding(_row(request, record), request.user)
        elif do == "end":
            actions.end_withholding(_row(request, record), request.user)
        else:
            raise Http404
    except Missing as refusal:
        explain(form, refusal)
        return _draw(request, case, viewer, record, form, status=422)
    except Refusal as refusal:
        return _draw(request, case, viewer, record, form, status=409, refused=refusal.message)
    return HttpResponseRedirect(reverse("record_withholding", args=[case.pk]), status=303)


def _propose(request: MemberRequest, record: CrisisRecord, form: WithholdForm, *, renew: bool) -> None:
    why, day = form.cleaned_data["why"], form.cleaned_data["review_on"]
    if renew:
        actions.renew_withholding(_row(request, record), request.user, why=why, review_on=day)
    else:
        actions.propose_withholding(record, request.user, why=why, review_on=day)


def _row(request: MemberRequest, record: CrisisRecord) -> RecordWithheld:
    return get_object_or_404(record.withheld, pk=number_of(request.POST.get("withheld", "")))


def _draw(
    request: MemberRequest,
    case: Case,
    viewer: ViewerFacts,
    came_back: CrisisRecord | None = None,
    form: WithholdForm | None = None,
    *,
    status: int = 200,
    refused: str = "",
) -> HttpResponse:
    note_read(case, request.user)
    rows = [_shown(record, viewer, form if came_back == record else None) for record in case.records.all()]
    context = {
        "case": case,
        "headline": wording.headline(case),
        "records": rows,
        "refused": refused,
        "may": access.may("withhold", viewer, case),
    }
    return render(request, "moderation/record_withholding.html", context, status=status)


def _shown(record: CrisisRecord, viewer: ViewerFacts, form: WithholdForm | None) -> dict[str, Any]:
    """One record on the page: what its person reads, what keeps it from them, and the form, with its words if it came back."""
    row = record.withheld.filter(ended_at=None).select_related("proposed_by", "confirmed_by").first()
    return {
        "record": record,
        "reads": own_records.as_read(record, viewer.id),
        "row": row,
        "due": row and row.confirmed_at and row.review_on <= timezone.localdate(),
        "form": form or WithholdForm(auto_id=f"id_{record.pk}_%s"),
    }

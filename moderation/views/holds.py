"""Legal holds: the list, and one of them with what it keeps."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from forum.access import ViewerFacts
from forum.refusals import Refusal
from forum.requests import MemberRequest
from moderation import legal_holds
from moderation.actions import holds as acts
from moderation.forms_disclosure import AnswerForm
from moderation.models import HoldStage, LegalHold
from moderation.refusals import Answered, CaseMoved, Missing
from moderation.views.doors import explain
from moderation.views.gates import for_board

SHOWN = 100


@dataclass
class Page:
    request: MemberRequest
    viewer: ViewerFacts
    row: LegalHold
    form: AnswerForm | None = None
    refused: str = ""
    status: int = 200
    reads: bool = False  # what is kept stands in this answer


@for_board
@require_safe
def holds_list(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """What waits for a second person, what is in force (what has to be looked at first on top), what is over."""
    rows = legal_holds.seen_by(viewer)
    standing = [HoldStage.PROPOSED, HoldStage.IN_FORCE]
    context = {
        "waiting": rows.filter(stage=HoldStage.PROPOSED),
        "in_force": rows.filter(stage=HoldStage.IN_FORCE).order_by("review_at"),
        "over": rows.exclude(stage__in=standing)[:SHOWN],
        "now": timezone.now(),
    }
    return render(request, "moderation/holds.html", context)


@for_board
@require_http_methods(["GET", "POST"])
def hold(request: MemberRequest, hold_id: int, viewer: ViewerFacts) -> HttpResponse:
    """One hold: why, who, until when; its answer, its release, and what it keeps, each look at which is written down."""
    page = _page_or_404(request, viewer, hold_id)
    if request.method != "POST":
        return _draw(page)
    do = request.POST.get("do", "")
    page.form = AnswerForm(request.POST)
    page.form.is_valid()
    try:
        _act(page, do)
    except Refusal as refusal:
        return _draw(_refused(page, refusal))
    if page.reads:
        return _draw(page)
    return HttpResponseRedirect(reverse("hold", args=[hold_id]), status=303)


def _act(page: Page, do: str) -> None:
    row, actor, words = page.row, page.request.user, page.form.cleaned_data.get("words", "") if page.form else ""
    if do == "confirm":
        acts.confirm_hold(row, actor)
    elif do == "refuse":
        acts.refuse_hold(row, actor, words)
    elif do == "release":
        acts.release_hold(row, actor, words)
    elif do == "read":
        acts.read_hold(row, actor)
        page.reads, page.form = True, None
    else:
        raise Http404


def _page_or_404(request: MemberRequest, viewer: ViewerFacts, hold_id: int) -> Page:
    return Page(request, viewer, get_object_or_404(legal_holds.seen_by(viewer), pk=hold_id))


def _refused(page: Page, refusal: Refusal) -> Page:
    fresh = _page_or_404(page.request, page.viewer, page.row.pk)
    fresh.form, fresh.refused = page.form, refusal.message
    fresh.status = 409 if isinstance(refusal, Answered | CaseMoved) else 422
    if fresh.form is not None and isinstance(refusal, Missing):
        explain(fresh.form, refusal)
    return fresh


def _draw(page: Page) -> HttpResponse:
    row, now = page.row, timezone.now()
    in_force = row.stage == HoldStage.IN_FORCE and row.ends_at is not None and row.ends_at > now
    answers = row.stage == HoldStage.PROPOSED and row.proposed_by_id != page.viewer.id
    label = _("Why not") if answers else _("Why it is not needed any more")
    form = page.form if page.form is not None and page.refused else AnswerForm(label=label)
    form.fields["words"].label = label
    context: dict[str, Any] = {
        "page": page,
        "row": row,
        "may_answer": answers,
        "in_force": in_force,
        "late": in_force and row.review_at is not None and row.review_at <= now,
        "form": form,
        "kept_words": form["words"].value() if form.is_bound and not (answers or in_force) else "",
        "wants_erasure": in_force and legal_holds.has_asked_erasure(row.member_id),
        "kept": [(post, legal_holds.is_hidden(post)) for post in legal_holds.kept_posts(row, page.viewer.id)[:SHOWN]]
        if page.reads
        else None,
    }
    return render(page.request, "moderation/hold.html", context, status=page.status)

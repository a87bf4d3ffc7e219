"""Hearing appeals: the list, and one of them with what was decided, about which words, and why somebody asks again."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from forum.access import ViewerFacts
from forum.refusals import Refusal
from forum.requests import MemberRequest
from forum.rules import titles_of
from moderation import appealing, docket, hearing, reading, wording
from moderation.actions.appeals import answer_appeal, claim_appeal, release_appeal
from moderation.actions.reads import note_read
from moderation.forms_appeals import AnswerForm
from moderation.models import Appeal, AppealStage, Decision
from moderation.refusals import CaseMoved, Missing
from moderation.sealed_words import hidden_from, hidden_posts
from moderation.statements import role_words
from moderation.views.doors import explain
from moderation.views.gates import for_desk

ANSWERS = {"uphold": AppealStage.UPHELD, "refuse": AppealStage.REFUSED}


@dataclass
class Hearing:
    """One person's page of one appeal."""

    request: MemberRequest
    viewer: ViewerFacts
    appeal: Appeal
    form: AnswerForm | None = None
    shown_as: str = ""  # the answer whose text is drawn as the member will read it
    refused: str = ""
    moved: CaseMoved | None = None
    status: int = 200


@for_desk
@require_GET
def appeals(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """What waits to be heard by this person, and what was answered."""
    shown = docket.read_docket(viewer, request.GET.get("show", ""), request.GET.get("before", ""))
    return render(request, "moderation/appeals.html", {"docket": shown, "show": request.GET.get("show", "")})


@for_desk
@require_http_methods(["GET", "POST"])
def appeal(request: MemberRequest, appeal_id: int, viewer: ViewerFacts) -> HttpResponse:
    """Takes it, gives it back, answers it. An answer is drawn as it will be read first, and sent by a second press."""
    page = Hearing(request, viewer, _or_404(viewer, appeal_id))
    if request.method != "POST":
        return _draw(page)
    do = request.POST.get("do", "")
    if do in ANSWERS:
        return _answer(page, ANSWERS[do])
    acts = {"claim": claim_appeal, "release": release_appeal}
    if do not in acts:
        raise Http404
    try:
        acts[do](page.appeal, request.user)
    except Refusal as refusal:
        return _draw(_refused(page, refusal))
    return HttpResponseRedirect(reverse("appeal", args=[appeal_id]), status=303)


def _answer(page: Hearing, stage: AppealStage) -> HttpResponse:
    form = page.form = AnswerForm(page.request.POST)
    if not form.is_valid():
        page.status = 422
        return _draw(page)
    if reason := hearing.why_not_hear(page.appeal, page.viewer):
        page.refused, page.status = reason, 422
        return _draw(page)
    if not form.was_shown(stage):
        form.data = {
            **{name: form.data.get(name) for name in form.data},
            "shown": form.cleaned_data["reasons"],
            "shown_as": stage,
        }
        page.shown_as = stage
        return _draw(page)
    try:
        answer_appeal(page.appeal, page.request.user, stage, form.cleaned_data["reasons"])
    except Refusal as refusal:
        return _draw(_refused(page, refusal))
    return HttpResponseRedirect(reverse("appeal", args=[page.appeal.pk]), status=303)


def _refused(page: Hearing, refusal: Refusal) -> Hearing:
    """The page as it is by now. A lost race is 409: nobody was wrong, and what was typed is kept."""
    page.appeal = _or_404(page.viewer, page.appeal.pk)
    page.refused, page.status = refusal.message, 422
    if isinstance(refusal, CaseMoved):
        page.moved, page.status = refusal, 409
    if page.form is not None and isinstance(refusal, Missing):
        explain(page.form, refusal)
    return page


def _or_404(viewer: ViewerFacts, appeal_id: int) -> Appeal:
    seen = hearing.seen_by(viewer).select_related(
        "by", "heard_by", "against", "case__subject", "case__post", "report__post",
        "decision__post", "decision__decided_by", "decision__undone_by", "decision__frozen",
    )  # fmt: skip
    return get_object_or_404(seen, pk=appeal_id)


def _draw(page: Hearing) -> HttpResponse:
    one, decision, now = page.appeal, page.appeal.decision, timezone.now()
    barred = hearing.why_not_hear(one, page.viewer)
    holds = one.stage == AppealStage.HELD and one.heard_by_id == page.viewer.id
    form = page.form or AnswerForm()
    if not barred or one.is_answered:
        note_read(one.case, page.request.user)
    context = {
        "page": page,
        "appeal": one,
        "decision": decision,
        "headline": docket.headline(one),
        "barred": barred,
        "may_read": not barred or one.is_answered,
        "may_claim": not barred and one.stage == AppealStage.OPEN,
        "holds": holds and not barred,
        "form": form,
        "kept": "" if holds or page.form is None else form["reasons"].value(),
        "preview": _preview(page),
        "clock": "" if one.is_answered else wording.due_words(one.due_at, now),
        "late": not one.is_answered and one.due_at <= now,
        "rule_title": _rule_title(decision),
        "role": role_words(decision.decided_by) if decision and decision.decided_by else "",
        "words": _words_of(one, page.viewer.id),
        "timeline": reading.read_timeline(one.case),
        "told": appealing.told_of(one) if one.is_answered else [],
    }
    return render(page.request, "moderation/appeal.html", context, status=page.status)


def _preview(page: Hearing) -> list[str]:
    if not page.shown_as or page.form is None:
        return []
    reasons = page.form.cleaned_data["reasons"]
    return appealing.told_answer(page.appeal, AppealStage(page.shown_as), page.request.user, reasons)


def _rule_title(decision: Decision | None) -> str:
    if decision is None:
        return ""
    return titles_of([decision.rules_version]).get((decision.rules_version, decision.rule), "")


def _words_of(appeal: Appeal, viewer_id: int) -> dict[str, Any]:
    """The words as they were decided about or reported, and the post as it stands now; nothing of what is sealed."""
    about = appeal.report or appeal.decision
    if hidden_from(appeal.case, viewer_id) or (about and about.post_id in hidden_posts(viewer_id)):
        if appeal.report is not None:
            reading.without_words(appeal.report)
        return {"then": "", "note": "", "post": None, "sealed": True}
    if appeal.report is not None:
        return {"then": appeal.report.snapshot, "note": "", "post": appeal.report.post}
    decision = appeal.decision
    frozen = getattr(decision, "frozen", None)
    then, note = (frozen.body, frozen.content_note) if frozen else ("", "")
    return {"then": then, "note": note, "post": decision.post if decision else None}

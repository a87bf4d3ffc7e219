"""Asking for another look: from a statement, from a receipt, and through the link of a mail."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from forum.refusals import Refusal
from forum.requests import MemberRequest
from moderation import appealing, categories
from moderation.actions.appeals import ask_again, complain
from moderation.appeal_mail import decision_of
from moderation.forms_appeals import AppealForm
from moderation.models import Appeal, Decision
from moderation.notices_appeals import where
from moderation.refusals import AppealStands
from moderation.statements import role_words
from moderation.views.doors import explain

Send = Callable[..., Appeal]


@login_required
@require_http_methods(["GET", "POST"])
def about_decision(request: MemberRequest, decision_id: int) -> HttpResponse:
    """From the statement: in every standing, from the small room too."""
    mine = Decision.objects.filter(subject=request.user, told=True).select_related("decided_by", "case")
    decision = get_object_or_404(mine, pk=decision_id)
    context = {
        "decision": decision,
        "again": appealing.of_decision(decision, Appeal.objects.filter(decision=decision).first()),
        "role": role_words(decision.decided_by) if decision.decided_by else "",
        "draft": f"appeal-{decision.pk}-",
        "back": "my_decisions",
    }
    return _answer(request, context, lambda words, key: ask_again(request.user, decision, words, key))


@login_required
@require_http_methods(["GET", "POST"])
def about_report(request: MemberRequest, report_id: int) -> HttpResponse:
    """From the receipt of a closed report."""
    report = get_object_or_404(request.user.reports_made.select_related("case__subject"), pk=report_id)
    context = {
        "report": report,
        "category": categories.words_for(report.door, report.category),
        "again": appealing.of_report(report, Appeal.objects.filter(report=report).first()),
        "draft": f"appeal--{report.pk}",
        "back": "my_reports",
    }
    return _answer(request, context, lambda words, key: complain(request.user, report, words, key))


@require_http_methods(["GET", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Without signing in, for one decision and once. It shows what kind of decision it is and when it was made: nobody's
    words and nobody's name, whoever else reads this mail. A link that is over, was used or was never ours looks alike.
    """
    decision = decision_of(token)
    if decision is None:
        return _private(render(request, "moderation/appeal_link_over.html", status=404))
    if request.user == decision.subject:
        return redirect("appeal_decision", decision.pk)
    form, status = AppealForm(request.POST or None, initial={"key": uuid4()}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                appeal = ask_again(decision.subject, decision, **form.cleaned_data, by_link=True)
            except Refusal as refusal:
                explain(form, refusal)
            else:
                return _private(render(request, "moderation/appeal_link_sent.html", {"appeal": appeal}))
    return _private(render(request, "moderation/appeal_link.html", {"decision": decision, "form": form}, status=status))


def _answer(request: MemberRequest, context: dict[str, Any], send: Send) -> HttpResponse:
    again = context["again"]
    if request.method == "GET" and not again.may_ask:
        return redirect(where(again.appeal) if again.appeal else context["back"])
    form, status = AppealForm(request.POST or None, initial={"key": uuid4()}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                appeal = send(**form.cleaned_data)
            except Refusal as refusal:
                explain(form, refusal)
                status = 409 if isinstance(refusal, AppealStands) else 422
            else:
                return HttpResponseRedirect(where(appeal), status=303)
    return render(request, "moderation/appeal_ask.html", {**context, "form": form}, status=status)


def _private(response: HttpResponse) -> HttpResponse:
    """The address is the key: it goes into no cache. (`no-referrer` would make browsers send `Origin: null`, which is refused.)"""
    response.headers["Cache-Control"] = "no-store"
    return response

"""What somebody who told us something reads, and what a member is told: receipts, statements, the conversation."""

from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from forum.refusals import Refusal
from forum.requests import MemberRequest
from forum.rules import RULES
from moderation import categories, duty, receipts
from moderation.actions.cases import answer_word, conversations_of, read_words
from moderation.forms import WordForm
from moderation.models import Case, Decision, Door, Report, Source, Word
from moderation.panels import team_words, waiting_words
from moderation.statements import role_words
from moderation.views.doors import explain

RULE_TITLES = {rule.anchor: rule.title for rule in RULES}


@login_required
@require_GET
def my_reports(request: MemberRequest) -> HttpResponse:
    """What I told the team, and what has come of it. `?sent=` puts the one just sent first."""
    reports = request.user.reports_made.exclude(source=Source.NOTICED).order_by("-made_at", "-id")
    told = [
        _receipt(report)
        for report in reports.select_related("case", "case__holder", "read_by", "post__author", "case__subject")
    ]
    sent = request.GET.get("sent", "")
    first = [each for each in told if str(each["report"].pk) == sent]
    return render(request, "moderation/my_reports.html", {"told": told, "sent": first[0] if first else None})


@login_required
@require_GET
def my_decisions(request: MemberRequest) -> HttpResponse:
    """What was decided about my words, why and by whom. Opening the page marks it as read."""
    decisions = list(
        Decision.objects.filter(subject=request.user, told=True)
        .select_related("post", "decided_by", "undone_by")
        .order_by("-made_at")
    )
    fresh = {decision.pk for decision in decisions if decision.read_at is None}
    Decision.objects.filter(pk__in=fresh, read_at=None).update(read_at=timezone.now())
    statements = [
        {
            "decision": decision,
            "fresh": decision.pk in fresh,
            "role": role_words(decision.decided_by),
            "rule_title": RULE_TITLES.get(decision.rule, ""),
        }
        for decision in decisions
    ]
    return render(request, "moderation/my_decisions.html", {"statements": statements})


@login_required
@require_GET
def my_words(request: MemberRequest) -> HttpResponse:
    """My conversations with the team, latest first. The notice above the wall is fetched from here as well."""
    cases = list(conversations_of(request.user))
    unread = set(Word.objects.filter(case__in=cases, from_team=True, read_at=None).values_list("case_id", flat=True))
    talks = [
        {"case": case, "unread": case.pk in unread, "last": case.words.select_related("author").last()}
        for case in cases
    ]
    return render(request, "moderation/my_words.html", {"talks": talks, "notice": waiting_words(request.user)})


@login_required
@require_http_methods(["GET", "POST"])
def conversation(request: MemberRequest, case_id: int) -> HttpResponse:
    """My conversation with the team, to read and to answer: in every standing, from the small room too."""
    case = get_object_or_404(conversations_of(request.user), pk=case_id)
    form = WordForm(request.POST or None, initial={"key": uuid4()})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                word = answer_word(case, request.user, **form.cleaned_data)
            except Refusal as refusal:
                explain(form, refusal)
            else:
                return HttpResponseRedirect(
                    f"{reverse('conversation', args=[word.case_id])}#word-{word.pk}", status=303
                )
    read_words(case, request.user)
    context = {
        "case": case,
        "form": form,
        "words": case.words.select_related("author"),
        "asked": case.reports.filter(door=Door.SELF).order_by("made_at"),
        "companion": _companion(case),
        "team": team_words(),
        "someone_is_here": duty.someone_is_here(),
    }
    return render(request, "moderation/conversation.html", context, status=status)


def _receipt(report: Report) -> dict[str, Any]:
    receipt = receipts.receipt_for(report)
    return {"report": report, "receipt": receipt, "category": categories.words_for(report.door, report.category)}


def _companion(case: Case) -> str:
    """Who of the team wrote last, for the title."""
    last = case.words.filter(from_team=True).select_related("author").last()
    return last.author.handle if last else ""

"""What somebody who told us something reads, and what a member is told: receipts, statements, the conversation."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Subquery
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from forum import access, drafts
from forum.access import ViewerFacts
from forum.actions.notices import read_notices
from forum.answers import somebody_was_first
from forum.drafts import Kept
from forum.models import Draft, Member
from forum.onlooker import onlooker_of, viewer_of
from forum.refusals import NotThere, Refusal
from forum.requests import MemberRequest
from forum.rules import titles_of
from moderation import appealing, categories, receipts
from moderation.actions.appeals import read_answers
from moderation.actions.cases import answer_word, conversations_of, read_words
from moderation.actions.marking import reach_words
from moderation.actions.reports import may_be_withdrawn, withdraw_report
from moderation.answering import answers_for
from moderation.attending import attending
from moderation.drafts import place_of
from moderation.forms import WordForm
from moderation.forms_reporters import AnswerForm
from moderation.models import Case, Decision, Door, Kind, Report, ReportQuestion, Source, Word
from moderation.notices import DECISION, OUTCOME
from moderation.panels import waiting_words
from moderation.statements import role_words
from moderation.views.doors import explain

RECEIPTS_A_PAGE = TALKS_A_PAGE = 20
ASKED = "questions__asked_by"


@login_required
@require_GET
def my_reports(request: MemberRequest) -> HttpResponse:
    """What I told the team, and what has come of it. `?sent=` shows the one just sent alone."""
    reports = receipts.loaded(request.user.reports_made.exclude(source=Source.NOTICED).order_by("-made_at", "-id"))
    reports = reports.prefetch_related(ASKED)
    number = request.GET.get("sent", "")
    sent = reports.filter(pk=number) if number.isascii() and number.isdigit() and len(number) < 19 else reports.none()
    page = Paginator(reports, RECEIPTS_A_PAGE).get_page(request.GET.get("page"))
    shown = list(sent) or list(page)
    again = read_answers(request.user, appealing.of_reports(shown))
    viewer, watch = viewer_of(request), receipts.watch_at(timezone.now())
    kept = _answers_begun(request.user)
    told = [
        _receipt(report, watch, kept) | {"about": _whom(viewer, report), "again": again[report.pk]} for report in shown
    ]
    read_notices(request.user, kind=OUTCOME)
    context = {
        "told": told,
        "sent": told[0] if told and str(told[0]["report"].pk) == number else None,
        "page": page,
        "letters": _letters(request.user, kept) if page.number == 1 else [],
    }
    return render(request, "moderation/my_reports.html", context)


@login_required
@require_POST
def withdraw(request: MemberRequest, report_id: int) -> HttpResponse:
    """Takes a report back that nobody has taken yet; else says who was quicker."""
    report = get_object_or_404(request.user.reports_made.select_related("case"), pk=report_id)
    try:
        withdraw_report(request.user, report)
    except NotThere:
        raise Http404 from None
    except Refusal as refusal:
        return somebody_was_first(request, refusal.message, f"{reverse('my_reports')}?sent={report.pk}")
    return HttpResponseRedirect(f"{reverse('my_reports')}#report-{report.pk}", status=303)


@login_required
@require_GET
def my_decisions(request: MemberRequest) -> HttpResponse:
    """What was decided about my words, why and by whom. Opening the page marks it as read."""
    decisions = list(
        Decision.objects.filter(subject=request.user, told=True)
        .select_related("post", "case", "decided_by", "confirmed_by", "undone_by")
        .order_by("-made_at")
    )
    fresh = {decision.pk for decision in decisions if decision.read_at is None}
    Decision.objects.filter(pk__in=fresh, read_at=None).update(read_at=timezone.now())
    read_notices(request.user, kind=DECISION)
    again = read_answers(request.user, appealing.of_decisions(decisions))
    answers = answers_for(request.user, decisions)
    titles = titles_of(decision.rules_version for decision in decisions)
    statements = [
        {
            "decision": decision,
            "fresh": decision.pk in fresh,
            "again": again[decision.pk],
            "answers": answers[decision.pk],
            "role": role_words(decision.decided_by) if decision.decided_by else "",
            "rule_title": titles.get((decision.rules_version, decision.rule), ""),
        }
        for decision in decisions
    ]
    return render(request, "moderation/my_decisions.html", {"statements": statements})


@login_required
@require_GET
def my_words(request: MemberRequest) -> HttpResponse:
    """My conversations with the team, latest first. The notice above the wall is fetched from here as well."""
    words = Word.objects.filter(case=OuterRef("pk"))
    cases = conversations_of(request.user).annotate(
        unread=Exists(words.filter(from_team=True, read_at=None)),
        last=Subquery(words.order_by("-sent_at", "-pk").values("pk")[:1]),
    )
    page = Paginator(cases, TALKS_A_PAGE).get_page(request.GET.get("page"))
    last = Word.objects.select_related("author").in_bulk([case.last for case in page if case.last])
    talks = [{"case": case, "unread": case.unread, "last": last.get(case.last)} for case in page]
    context = {"talks": talks, "page": page, "notice": waiting_words(onlooker_of(request))}
    return render(request, "moderation/my_words.html", context)


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
    if came_to_read(request):
        read_words(case, request.user)
    reach_words(request.user.pk)
    context = {
        "case": case,
        "form": form,
        "words": case.words.select_related("author", "mail").prefetch_related("signposts"),
        "asked": case.reports.filter(door=Door.SELF).order_by("made_at"),
        "decided": case.decisions.filter(told=True).order_by("-pk").first() if case.kind == Kind.CONDUCT else None,
        "rewrites": case.rewrites.all(),
        "companion": _companion(case),
        "attending": attending(case, timezone.now()),
    }
    return render(request, "moderation/conversation.html", context, status=status)


@login_required
@require_POST
def read_conversation(request: MemberRequest, case_id: int) -> HttpResponse:
    """The page says that it lies before their eyes: an open tab behind others is not read."""
    read_words(get_object_or_404(conversations_of(request.user), pk=case_id), request.user)
    return HttpResponse(status=204)


def came_to_read(request: MemberRequest) -> bool:
    """Whether somebody opened this page, rather than a page that is open fetching it anew or a browser fetching it ahead."""
    ahead = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    return "HX-Request" not in request.headers and not ahead


def _whom(viewer: ViewerFacts, report: Report) -> str:
    """The handle a report is about; "" where nobody may be followed to it any more."""
    subject = report.case.subject
    return subject.handle if access.may_name(viewer, subject, report.made_at) else ""


def _receipt(report: Report, watch: receipts.Watch, kept: Mapping[str, Kept]) -> dict[str, Any]:
    receipt = receipts.receipt_for(report, watch=watch)
    may_go = may_be_withdrawn(report, report.case)
    return {
        "report": report,
        "receipt": receipt,
        "may_go": may_go,
        "questions": asked_of(report.questions.all(), over=not report.case.is_live, kept=kept),
        "category": categories.words_for(report.door, report.category),
    }


def asked_of(
    questions: Iterable[ReportQuestion], *, over: bool, kept: Mapping[str, Kept] | None = None
) -> list[dict[str, Any]]:
    """What the team asked, each with the place for an answer. `over`: nobody waits for one any more. `kept`: what the member
    has begun to answer; left out for somebody who came with a code, and of whom nothing is kept."""
    return [_asked(each, over, kept) for each in questions]


def _asked(each: ReportQuestion, over: bool, kept: Mapping[str, Kept] | None) -> dict[str, Any]:
    form, place = AnswerForm(auto_id=f"id_question_{each.pk}_%s"), place_of(each.pk)
    draft = drafts.fill(form, kept.get(place)) if kept is not None else None
    place = place if kept is not None else ""
    return {"each": each, "role": role_words(each.asked_by), "over": over, "form": form, "place": place, "draft": draft}


def _answers_begun(member: Member) -> dict[str, Kept]:
    rows = Draft.objects.filter(member=member, place__startswith=place_of(0)[:-1])
    return {draft.place: Kept.of(draft) for draft in rows}


def _letters(member: Member, kept: Mapping[str, Kept]) -> list[dict[str, Any]]:
    """What they told of the team that is in no case yet."""
    waiting = member.letters.filter(report=None).prefetch_related("questions__asked_by").order_by("-made_at")
    return [
        {
            "letter": letter,
            "category": categories.words_for(letter.door, letter.category),
            "questions": asked_of(letter.questions.all(), over=letter.settled_at is not None, kept=kept),
        }
        for letter in waiting
    ]


def _companion(case: Case) -> str:
    """Who of the team wrote last, for the title."""
    last = case.words.filter(from_team=True).select_related("author").last()
    return last.author.handle if last else ""

"""What the team has learnt: all of it for staff, what they shared for everybody of the team."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from forum.access import ViewerFacts
from forum.refusals import Refusal
from forum.requests import MemberRequest
from moderation import incidents
from moderation import learning as lessons_of
from moderation.actions.lessons import mark_done, share_lesson, write_lesson
from moderation.forms_incidents import LessonForm
from moderation.models import Case, Incident, Lesson
from moderation.outside_requests import cases_seen
from moderation.refusals import Missing
from moderation.views.acts.act import number_of
from moderation.views.doors import explain
from moderation.views.gates import for_desk, for_staff


@for_staff
@require_http_methods(["GET", "POST"])
def learning(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """Every lesson, a form for a new one, and what other parts of moderation show here."""
    form = LessonForm()
    if request.method == "POST":
        if request.POST.get("do") != "write":
            return _pressed(request, viewer, "learning")
        form = LessonForm(request.POST)
        if form.is_valid():
            try:
                _write(request, viewer, dict(form.cleaned_data))
                return _see("learning")
            except Refusal as refusal:
                explain(form, refusal)
    context = {"form": form, "lessons": _rows(viewer), "panels": lessons_of.panels_for(viewer), "today": _today()}
    return render(request, "moderation/learning.html", context, status=422 if form.is_bound else 200)


@for_desk
@require_http_methods(["GET", "POST"])
def lessons(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """What staff have shared, and what this person is to do."""
    if request.method == "POST":
        return _pressed(request, viewer, "lessons")
    return render(request, "moderation/lessons.html", {"lessons": _rows(viewer), "today": _today()})


def _pressed(request: MemberRequest, viewer: ViewerFacts, page: str) -> HttpResponse:
    lesson = get_object_or_404(lessons_of.seen_by(viewer), pk=number_of(request.POST.get("lesson", "")))
    do = request.POST.get("do", "")
    if do == "done":
        try:
            mark_done(lesson, request.user)
        except Refusal:
            raise Http404 from None
    elif do in ("share", "unshare") and page == "learning":
        share_lesson(lesson, shared=do == "share")
    else:
        raise Http404
    return _see(page)


def _write(request: MemberRequest, viewer: ViewerFacts, said: dict[str, Any]) -> None:
    case, incident = said.pop("case"), said.pop("incident")
    found_case = cases_seen(viewer).filter(pk=case).first() if case else None
    found_incident = incidents.seen_by(viewer).filter(pk=incident).first() if incident else None
    _judge_found("case", case, found_case)
    _judge_found("incident", incident, found_incident)
    write_lesson(request.user, said.pop("learnt"), **said, case=found_case, incident=found_incident)


def _judge_found(field: str, number: int | None, found: Case | Incident | None) -> None:
    if number and found is None:
        raise Missing(field, _("There is nothing with this number, or nothing that you can see."))


def _rows(viewer: ViewerFacts) -> list[Lesson]:
    return list(lessons_of.seen_by(viewer).select_related("who", "done_by", "written_by"))


def _today() -> Any:
    return timezone.localdate()


def _see(page: str) -> HttpResponse:
    return HttpResponseRedirect(reverse(page), status=303)

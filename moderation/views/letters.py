"""A letter, for those who may read it: whom it is about, a question to its sender, or nothing comes of it."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from forum.access import ViewerFacts
from forum.refusals import Refusal
from forum.requests import MemberRequest
from moderation import categories, letters
from moderation.access import cases_visible_to
from moderation.actions.letters import open_sender, put_aside, read_letter, settle_letter
from moderation.actions.questions import ask_sender
from moderation.forms_reporters import AsideForm, AskSenderForm, PlaceForm
from moderation.letters import Contact
from moderation.models import Case, Letter
from moderation.views.doors import explain
from moderation.views.gates import for_board

FORMS: dict[str, Any] = {"place": PlaceForm, "aside": AsideForm, "ask": AskSenderForm}


@for_board
@require_http_methods(["GET", "POST"])
def letter(request: MemberRequest, letter_id: int, viewer: ViewerFacts) -> HttpResponse:
    """One letter. Whoever opens it has read it; who wrote it opens with a press of its own."""
    shown = get_object_or_404(
        letters.seen_by(viewer).select_related("report__case", "sender", "settled_by", "by_hand__taken_by"),
        pk=letter_id,
    )
    if request.method == "GET":
        read_letter(shown, request.user)
        return _draw(request, shown, {})
    name = request.POST.get("do", "")
    if name == "open":
        return _draw(request, shown, {}, contact=_contact(request, shown))
    if name not in FORMS:
        raise Http404
    form = FORMS[name](request.POST, auto_id=f"id_{name}_%s")
    if form.is_valid():
        try:
            return _done(request, shown, name, form.cleaned_data)
        except Refusal as refusal:
            explain(form, refusal)
    return _draw(request, shown, {name: form}, status=422)


def _done(request: MemberRequest, shown: Letter, name: str, said: dict[str, Any]) -> HttpResponse:
    if name == "place":
        report = settle_letter(shown, request.user, said["whom"])
        seen = Case.objects.filter(cases_visible_to(request.user), pk=report.case_id).exists()
        return redirect("staff_case", report.case_id) if seen else redirect("staff_board")
    if name == "aside":
        put_aside(shown, request.user, said["why"])
        return redirect("staff_board")
    asked = ask_sender(shown, request.user, said["question"])
    return HttpResponseRedirect(f"{reverse('letter', args=[shown.pk])}#question-{asked.pk}", status=303)


def _contact(request: MemberRequest, shown: Letter) -> Contact:
    try:
        return open_sender(shown, request.user)
    except Refusal:
        raise Http404 from None


def _draw(
    request: MemberRequest, shown: Letter, forms: dict[str, Any], *, contact: Contact | None = None, status: int = 200
) -> HttpResponse:
    waits = shown.report is None and shown.settled_at is None
    asked = list(shown.questions.select_related("asked_by"))
    context = {
        "letter": shown,
        "category": categories.words_for(shown.door, shown.category),
        "questions": asked,
        "may_ask": waits and letters.hand_of(shown) is None and all(each.answered_at for each in asked),
        "waits": waits,
        "has_contact": letters.has_contact(shown),
        "contact": contact,
        "openings": shown.openings.select_related("by"),
        "forms": {name: forms.get(name) or form(auto_id=f"id_{name}_%s") for name, form in FORMS.items()},
    }
    return render(request, "moderation/letter.html", context, status=status)

"""The library of first messages, for staff: what each says, what waits for a second name."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from forum.access import ViewerFacts
from forum.refusals import Refusal
from forum.requests import MemberRequest
from moderation import first_words as library
from moderation.actions.first_words import agree_change, drop_change, propose_change, waiting_changes
from moderation.forms_afterwards import FirstWordForm
from moderation.models import FirstWord, FirstWordChange
from moderation.views.acts.act import number_of
from moderation.views.doors import explain
from moderation.views.gates import for_staff

DO: dict[str, Callable[..., FirstWordChange]] = {"agree": agree_change, "drop": drop_change}


@for_staff
@require_http_methods(["GET", "POST"])
def first_words(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """All of them by language, and what is proposed: agree to it, or not, or take one's own back."""
    status = 200
    if request.method == "POST":
        act = DO.get(request.POST.get("do", ""))
        change = FirstWordChange.objects.filter(pk=number_of(request.POST.get("change", ""))).first()
        if act is None or change is None:
            raise Http404
        try:
            act(change, request.user)
        except Refusal as refusal:
            messages.warning(request, refusal.message)
            status = 409
        else:
            messages.success(request, _("It says so from now on.") if act is agree_change else _("Nothing changes."))
            return HttpResponseRedirect(reverse("first_words"), status=303)
    waiting = [_change(each, viewer.id) for each in waiting_changes()]
    context = {"languages": [_language(*each) for each in settings.LANGUAGES], "waiting": waiting}
    return render(request, "moderation/first_words.html", context, status=status)


@for_staff
@require_http_methods(["GET", "POST"])
def first_word(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """Proposing other words for one of them (`?of=`), or a new one in a language."""
    row = get_object_or_404(FirstWord, pk=number_of(request.GET["of"])) if "of" in request.GET else None
    language = row.language if row else request.GET.get("language", settings.LANGUAGE_CODE)
    if language not in dict(settings.LANGUAGES):
        raise Http404
    shown = _shown(row) if row else {"name": "", "words": ""}
    form, status = FirstWordForm(request.POST or None, initial=shown), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                propose_change(request.user, row, language=language, **form.cleaned_data)
            except Refusal as refusal:
                explain(form, refusal)
            else:
                messages.success(request, _("Proposed. Somebody else of the staff agrees to it first."))
                return HttpResponseRedirect(reverse("first_words"), status=303)
    context = {"form": form, "row": row, "shown": shown, "language": dict(settings.LANGUAGES)[language]}
    return render(request, "moderation/first_word.html", context, status=status)


def _language(code: str, name: Any) -> dict[str, Any]:
    rows = [{"row": row, **_shown(row)} for row in library.offered(code)]
    return {"code": code, "name": name, "rows": rows}


def _shown(row: FirstWord) -> dict[str, str]:
    return {"name": library.name_of(row), "words": library.words_of(row)}


def _change(change: FirstWordChange, viewer_id: int) -> dict[str, Any]:
    before = _shown(change.of) if change.of else {"name": "", "words": ""}
    return {"change": change, "before": before, "own": change.proposed_by_id == viewer_id}

"""The ladder in plain words, and the two names that change it."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from forum.access import ViewerFacts
from forum.refusals import Refusal
from forum.requests import MemberRequest
from moderation import ladder_page
from moderation.actions import ladder as acts
from moderation.clocks import LADDER
from moderation.forms_ladder import LadderForm
from moderation.models import LadderRule
from moderation.refusals import Missing
from moderation.views.acts.act import number_of
from moderation.views.gates import for_staff

ANSWERS = {"agree": acts.agree_to_ladder, "refuse": acts.refuse_ladder, "back": acts.take_back_ladder}


@for_staff
@require_http_methods(["GET", "POST"])
def ladder(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """Who is called and when, the change that waits, and what was changed before."""
    if request.method == "GET":
        return _draw(request, viewer)
    do = request.POST.get("do", "")
    if do == "propose":
        return _propose(request, viewer)
    if do not in ANSWERS:
        raise Http404
    rule = get_object_or_404(LadderRule, pk=number_of(request.POST.get("rule", "")))
    try:
        ANSWERS[do](request.user, rule)
    except acts.WishOver as refusal:
        return _draw(request, viewer, refused=refusal.message, status=409)
    except Refusal as refusal:
        return _draw(request, viewer, refused=refusal.message, status=403)
    return HttpResponseRedirect(reverse("staff_ladder"), status=303)


def _propose(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    source, _dot, severity = request.POST.get("ladder", "").partition(".")
    key = (source, severity)
    if key not in LADDER:
        raise Http404
    form = LadderForm(key, request.POST)
    if not form.is_valid():
        return _draw(request, viewer, form=form, key=key, status=422)
    try:
        acts.propose_ladder(request.user, key, form.minutes, form.cleaned_data["why"])
    except Missing as refusal:
        form.add_error(refusal.field, refusal.message)
        return _draw(request, viewer, form=form, key=key, status=422)
    except acts.WishWaits as refusal:
        return _draw(request, viewer, form=form, key=key, refused=refusal.message, status=409)
    return HttpResponseRedirect(reverse("staff_ladder"), status=303)


def _draw(
    request: MemberRequest,
    viewer: ViewerFacts,
    *,
    form: LadderForm | None = None,
    key: Any = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    forms = {each: form if each == key and form else LadderForm(each) for each in LADDER}
    context = {
        "ladders": ladder_page.read_ladders(forms),
        "changes": ladder_page.read_changes(),
        "refused": refused,
        "viewer_id": viewer.id,
        "form": form,
    }
    return render(request, "moderation/ladder.html", context, status=status)

"""Afterwards, for whoever had a hand in a crisis: the offer to talk it over, and what staff see of all of them together."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from forum.access import ViewerFacts
from forum.refusals import Refusal
from forum.requests import MemberRequest
from moderation import afterwards
from moderation.actions.debriefs import answer_debrief
from moderation.forms_afterwards import DebriefForm
from moderation.models import Debrief
from moderation.own_care import care_of
from moderation.own_care import team as team_of
from moderation.views.acts.act import number_of
from moderation.views.doors import explain
from moderation.views.gates import for_desk, for_staff

SHOWN = 20


@for_desk
@require_http_methods(["GET", "POST"])
def debriefs(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """One's own offers, the newest first. Nobody else can open them."""
    own = list(Debrief.objects.filter(member=viewer.id).select_related("case", "with_whom")[:SHOWN])
    sent_for = number_of(request.POST.get("debrief", "")) if request.method == "POST" else 0
    lines = [_line(each, viewer.id, request.POST if each.pk == sent_for else None) for each in own]
    if request.method == "POST":
        line = next((each for each in lines if each["debrief"].pk == sent_for), None)
        if line is None:
            raise Http404
        if line["form"].is_valid() and _answered(request, line):
            return HttpResponseRedirect(f"{reverse('debriefs')}#debrief-{sent_for}", status=303)
    wrong = next((line["form"] for line in lines if line["form"].errors), None)
    context = {"lines": lines, "care": care_of(viewer.id), "form": wrong}
    return render(request, "moderation/debriefs.html", context, status=422 if wrong else 200)


@for_staff
@require_safe
def totals(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """What came after, all together: debriefs, and how people said it was."""
    first, end = afterwards.half_year()
    context = {
        "debriefs": afterwards.debriefs(),
        "said": afterwards.said(),
        "small": afterwards.SMALL,
        "first": first.date(),
        "last": afterwards.last_day(end),
    }
    return render(request, "moderation/afterwards.html", context)


def _answered(request: MemberRequest, line: dict[str, Any]) -> bool:
    try:
        answer_debrief(line["debrief"], request.user, **line["form"].cleaned_data)
    except Refusal as refusal:
        explain(line["form"], refusal)
        return False
    messages.success(request, _("Kept. Nobody asks why."))
    return True


def _line(debrief: Debrief, member_id: int, sent: Any) -> dict[str, Any]:
    initial = {"answer": debrief.answer, "on": debrief.on, "with_whom": debrief.with_whom_id or ""}
    people = [person for person in team_of() if person.pk != member_id]
    form = DebriefForm(sent, initial=initial, people=people, auto_id=f"id_{debrief.pk}_%s")
    return {"debrief": debrief, "form": form}

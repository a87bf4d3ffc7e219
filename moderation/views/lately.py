"""What I hold, and what I decided lately: one's own work, shown to nobody else."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from forum.access import ViewerFacts
from forum.requests import MemberRequest
from moderation import wording
from moderation.decided import read_decided
from moderation.queues import read_held
from moderation.views.gates import for_desk


@for_desk
@require_GET
def lately(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    decisions, older = read_decided(viewer, request.GET.get("before", ""))
    context = {
        "held": read_held(viewer),
        "decided": [{"decision": each, "headline": wording.headline(each.case)} for each in decisions],
        "older": older,
        "first": not request.GET.get("before"),
    }
    return render(request, "moderation/lately.html", context)

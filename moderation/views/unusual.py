"""Somebody has looked at what is more than usual."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from forum.access import ViewerFacts
from forum.requests import MemberRequest
from moderation import unusual
from moderation.actions.unusual import mark_seen
from moderation.views.gates import for_board


@for_board
@require_POST
def unusual_seen(request: MemberRequest, unusual_id: int, viewer: ViewerFacts) -> HttpResponse:
    mark_seen(get_object_or_404(unusual.seen_by(viewer), pk=unusual_id), request.user)
    return redirect("staff_board")

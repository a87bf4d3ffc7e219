"""Whether the clock runs, for a page of the team's that stays open."""

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from forum.access import ViewerFacts
from forum.requests import MemberRequest
from moderation.clock_watch import drawn
from moderation.views.gates import for_desk
from realtime.clock import last_run_at


@never_cache
@for_desk
@require_GET
def look(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """The banner alone, or its empty place."""
    return HttpResponse(drawn(last_run_at()))

"""The beat of a case's open page: who else has it open, and that I do."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from forum.access import ViewerFacts
from forum.requests import MemberRequest
from moderation.actions.cases import read_words
from moderation.actions.looking import keep_looking, stop_looking
from moderation.looking import reading_words, who_looks
from moderation.views.gates import case_or_404, for_desk


@for_desk
@require_POST
def looking(request: MemberRequest, case_id: int, viewer: ViewerFacts) -> HttpResponse:
    """Answers with who else is reading, in words; `leaving` says that the page was left. No act: nothing is renewed by it."""
    case = case_or_404(viewer, case_id)
    if request.POST.get("leaving"):
        stop_looking(case, request.user)
        return HttpResponse(status=204)
    keep_looking(case, request.user)
    read_words(case, request.user)  # only a page before somebody's eyes beats
    return HttpResponse(reading_words(who_looks([case], besides=viewer.id).get(case.pk, ())), content_type="text/plain")

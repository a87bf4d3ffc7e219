"""The page on which whoever is called at night makes their one code on paper."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from forum.access import ViewerFacts
from forum.requests import MemberRequest
from moderation.actions.sealed_codes import live_of, make_code
from moderation.models import SealedCode
from moderation.views.gates import for_board


@for_board
@require_http_methods(["GET", "POST"])
def sealed_code(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """Whether there is one, and a button. The code stands in the answer to the press and nowhere else."""
    if request.method == "POST":
        answer: HttpResponse = _make(request)
        return answer
    return _draw(request)


@reauthentication_required
def _make(request: MemberRequest) -> HttpResponse:
    return _draw(request, code=make_code(request.user))


def _draw(request: MemberRequest, code: str = "") -> HttpResponse:
    context: dict[str, Any] = {
        "code": code,
        "live": live_of(request.user).first(),
        "last_used": SealedCode.objects.filter(member=request.user, used_at__isnull=False).first(),
    }
    response = render(request, "moderation/sealed_code.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response

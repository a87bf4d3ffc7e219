"""The whole wall, for staff: what holds, what waits for a second person, and what would be proposed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from forum.access import ViewerFacts
from forum.models import Member, WallState
from forum.requests import MemberRequest
from moderation import whole_place
from moderation.actions import wall_state as acts
from moderation.forms_wall import WallForm
from moderation.refusals import Missing, NotAllowed, WallMoved
from moderation.views.acts.act import number_of
from moderation.views.gates import for_staff

ACTS: dict[str, Callable[[Member, WallState], Any]] = {
    "agree": acts.agree_to_state,
    "end": acts.end_state,
    "stand": acts.let_state_stand,
}


@for_staff
@require_http_methods(["GET", "POST"])
def wall_board(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """Shows how the wall stands, and takes the presses: to propose, to agree, to end."""
    if request.method != "POST":
        return _draw(request, WallForm())
    do = request.POST.get("do", "")
    if do == "propose":
        return _propose(request)
    if do not in ACTS:
        raise Http404
    state = get_object_or_404(WallState, pk=number_of(request.POST.get("state", "")))
    try:
        ACTS[do](request.user, state)
    except WallMoved as moved:
        return _draw(request, WallForm(), refused=moved.message, status=409)
    except NotAllowed as refusal:
        return _draw(request, WallForm(), refused=refusal.message, status=403)
    return HttpResponseRedirect(reverse("wall_board"), status=303)


def _propose(request: MemberRequest) -> HttpResponse:
    form = WallForm(request.POST)
    if not form.is_valid():
        return _draw(request, form, status=422)
    try:
        state = acts.propose_state(request.user, **form.said())
    except Missing as missing:
        form.add_error(missing.field, missing.message)
        return _draw(request, form, status=422)
    except WallMoved as moved:
        return _draw(request, form, refused=moved.message, status=409)
    words = (
        _("It holds now. Somebody else has two hours to agree.") if state.alone else _("It waits for a second person.")
    )
    messages.success(request, words)
    return HttpResponseRedirect(reverse("wall_board"), status=303)


def _draw(request: MemberRequest, form: WallForm, *, refused: str = "", status: int = 200) -> HttpResponse:
    context = whole_place.read_wall() | {"form": form, "refused": refused, "me": request.user.pk}
    return render(request, "moderation/wall_board.html", context, status=status)

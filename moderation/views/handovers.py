"""Answering a colleague who asks one to take a case over: from the board and from the case's page."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from forum.access import ViewerFacts
from forum.refusals import Refusal
from forum.requests import MemberRequest
from moderation.actions.handovers import accept_hand_over, decline_hand_over, take_back_hand_over
from moderation.models import HandOver
from moderation.refusals import CaseMoved
from moderation.views.gates import case_or_404, for_board

DO = {"accept": accept_hand_over, "decline": decline_hand_over, "back": take_back_hand_over}


@for_board
@require_POST
def answer(request: MemberRequest, hand_over_id: int, viewer: ViewerFacts) -> HttpResponse:
    """Yes leads to the case, no back to the board. Who was not asked reads that it is not theirs to answer."""
    offer = get_object_or_404(HandOver.objects.select_related("case"), pk=hand_over_id)
    case_or_404(viewer, offer.case_id)
    do = request.POST.get("do", "")
    if do not in DO:
        raise Http404
    try:
        DO[do](offer, request.user)
    except Refusal as refusal:
        status = 409 if isinstance(refusal, CaseMoved) else 403
        context = {"refused": refusal.message, "case_id": offer.case_id}
        return render(request, "moderation/hand_over_over.html", context, status=status)
    place = reverse("staff_board") if do == "decline" else reverse("staff_case", args=[offer.case_id])
    return HttpResponseRedirect(place, status=303)

"""The queue, the staff board, and being on duty."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from forum.access import ViewerFacts
from forum.models import Member, Role
from forum.onlooker import onlooker_of
from forum.requests import MemberRequest
from moderation import (
    board,
    cover,
    disclosures,
    docket,
    letters,
    own_care,
    queues,
    record_board,
    screening_board,
    second_looks,
    unusual,
    ways,
    whole_place,
)
from moderation import duty as duties
from moderation.actions.duty import end_on_call, go_on_call, sign_off, sign_on
from moderation.actions.moderator_care import end_ten, say_hello, take_ten
from moderation.duty import note_act
from moderation.filters import DUE, category_groups, read_filters
from moderation.forms_team import SignOffForm
from moderation.models import Duty, DutyKind, State
from moderation.panels import team_words
from moderation.refusals import NotAllowed
from moderation.views.acts.act import number_of
from moderation.views.gates import for_board, for_desk
from moderation.wording import how_long


@for_desk
@require_GET
def queue(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """What there is to look at. The page hears of changes and fetches the list again."""
    filters = read_filters(request.GET)
    shown = queues.read_queue(viewer, filters, request.GET.get("after", ""))
    context = {
        "queue": shown,
        "filters": filters,
        "states": State.choices,
        "dues": DUE.items(),
        "categories": category_groups(),
        "waited": how_long(timezone.now() - shown.oldest) if shown.oldest else "",
        "on_duty": any(member.pk == viewer.id for member in duties.on_shift()),
        "here": duties.on_shift(),
        "looks": second_looks.for_viewer(viewer),
        "now": timezone.now(),
        "own": own_care.read_own(viewer),
        "handed_over": _handed_over(viewer),
        "sign_off": SignOffForm(),
    }
    return render(request, "moderation/queue.html", context)


@for_board
@require_GET
def staff_board(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """What waits for staff, what they hold, and the short closes that somebody else has yet to read."""
    shown = board.read_board(viewer)
    context = {
        "board": shown,
        "closed_for": cover.keeps_closed(),
        "waiting": shown.waiting,
        "held": shown.held,
        "records": shown.records,
        "now": timezone.now(),
        **record_board.read_board(viewer),
        "second": second_looks.for_board(viewer),
        "letters": letters.read_waiting(viewer),
        "letters_in_all": letters.waiting_for(viewer).count(),
        "late_appeals": docket.read_late(viewer),
        "disclosures_waiting": disclosures.waiting_for(viewer),
        "disclosures_to_review": disclosures.to_review(viewer),
        "unusual": unusual.read_board(viewer),
        "rules": screening_board.read_board(viewer),
        "on_call": duties.on_call(),
        "place": whole_place.for_board(viewer),
        "viewer_id": viewer.id,
    }
    return render(request, "moderation/staff_board.html", context)


@for_desk
@require_http_methods(["GET", "POST"])
def duty(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """Signing on and off. Signing off gives one's cases back, and nobody asks why."""
    if request.method == "POST":
        return _do_duty(request, viewer)
    return _draw_duty(request, viewer, SignOffForm())


def _do_duty(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    do = request.POST.get("do", "")
    if do == "off":
        form = SignOffForm(request.POST)
        if not form.is_valid():
            return _draw_duty(request, viewer, form, status=422)
        try:
            sign_off(request.user, form.cleaned_data["note"])
        except NotAllowed as refusal:
            form.add_error("note", refusal.message)
            return _draw_duty(request, viewer, form, status=422)
        return redirect("duty")
    if do == "hello":
        say_hello(
            get_object_or_404(own_care.hellos_for(viewer), pk=number_of(request.POST.get("check_in", ""))), request.user
        )
        return redirect(_back(request))
    acts: dict[str, Callable[[Member], Any]] = {
        "on": sign_on,
        "on_call": go_on_call,
        "off_call": end_on_call,
        "still": note_act,
        "ten": take_ten,
        "end_ten": end_ten,
    }
    act = acts.get(do)
    if act is None or (act is go_on_call and viewer.role != Role.STAFF):
        raise Http404
    try:
        act(request.user)
    except NotAllowed as refusal:
        return _draw_duty(request, viewer, SignOffForm(), refusal.message, status=422)
    return redirect(_back(request) if do in ("still", "ten", "end_ten") else "duty")


def _back(request: MemberRequest) -> str:
    """The page of the team's on which it was pressed; the duty page for anything else."""
    page = request.POST.get("back", "")
    ours = page.startswith(("/moderation/", "/staff/")) and "//" not in page and "\\" not in page
    return page if ours else reverse("duty")


def _handed_over(viewer: ViewerFacts) -> list[Duty]:
    """The notes of those before, for whoever is signed on."""
    now = timezone.now()
    return list(duties.handed_over(viewer.role, now)) if duties.shift_of(viewer.id, now) else []


def _draw_duty(
    request: MemberRequest, viewer: ViewerFacts, form: SignOffForm, refused: str = "", status: int = 200
) -> HttpResponse:
    now = timezone.now()
    mine = [member for member in duties.on_shift(now) if member.pk == viewer.id]
    context = {
        "on_duty": bool(mine),
        "here": duties.on_shift(now),
        "on_call": duties.on_call(now),
        "may_be_on_call": viewer.role == Role.STAFF,
        "am_on_call": viewer.id in duties.on_call_ids(now),
        "by_hand": duties.went_on_call(viewer.id, now),
        "rings": ways.has_ringing_way(request.user, now),
        "refused": refused,
        "planned": Duty.objects.filter(kind=DutyKind.SHIFT, starts_at__gt=now)
        .select_related("member")
        .order_by("starts_at")[:6],
        "held": request.user.cases_held.count(),
        "team": team_words(onlooker_of(request)),
        "sign_off": form,
        "form": form,
        "own": own_care.read_own(viewer),
        "handed_over": _handed_over(viewer),
    }
    return render(request, "moderation/duty.html", context, status=status)

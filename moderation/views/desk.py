"""The queue, the staff board, and being on duty."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from forum.access import ViewerFacts
from forum.models import Role
from forum.requests import MemberRequest
from moderation import duty as duties
from moderation import queues
from moderation.actions.duty import end_on_call, go_on_call, sign_off, sign_on
from moderation.models import Duty, DutyKind
from moderation.panels import team_words
from moderation.views.gates import for_board, for_desk
from moderation.wording import how_long


@for_desk
@require_GET
def queue(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """What there is to look at. The page hears of changes and fetches the list again."""
    shown = queues.read_queue(viewer, request.GET.get("show", ""))
    context = {
        "queue": shown,
        "show": request.GET.get("show", ""),
        "waited": how_long(timezone.now() - shown.oldest) if shown.oldest else "",
        "on_duty": any(member.pk == viewer.id for member in duties.on_shift()),
        "here": duties.on_shift(),
    }
    return render(request, "moderation/queue.html", context)


@for_board
@require_GET
def staff_board(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """What waits for staff, what they hold, and the short closes that somebody else has yet to read."""
    rows, records = queues.read_staff_board(viewer)
    waiting = [row for row in rows if row.case.holder_id is None]
    held = [row for row in rows if row.case.holder_id is not None]
    context = {
        "waiting": waiting,
        "held": held,
        "records": records,
        "on_call": duties.on_call(),
        "viewer_id": viewer.id,
    }
    return render(request, "moderation/staff_board.html", context)


@for_desk
@require_http_methods(["GET", "POST"])
def duty(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """Signing on and off. Signing off gives one's cases back, and nobody asks why."""
    if request.method == "POST":
        acts = {"on": sign_on, "off": sign_off, "on_call": go_on_call, "off_call": end_on_call}
        act = acts.get(request.POST.get("do", ""))
        if act is None or (act is go_on_call and viewer.role != Role.STAFF):
            raise Http404
        act(request.user)
        return redirect("duty")
    now = timezone.now()
    mine = [member for member in duties.on_shift(now) if member.pk == viewer.id]
    context = {
        "on_duty": bool(mine),
        "here": duties.on_shift(now),
        "on_call": duties.on_call(now),
        "may_be_on_call": viewer.role == Role.STAFF,
        "am_on_call": viewer.id in duties.on_call_ids(now),
        "planned": Duty.objects.filter(kind=DutyKind.SHIFT, starts_at__gt=now)
        .select_related("member")
        .order_by("starts_at")[:6],
        "held": request.user.cases_held.count(),
        "team": team_words(),
    }
    return render(request, "moderation/duty.html", context)

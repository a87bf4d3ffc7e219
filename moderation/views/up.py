"""The link of a page: "I'm up" in one press without signing in, and "I am taking this" in one press behind the sign-in."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from forum.access import ViewerFacts
from forum.refusals import Refusal
from forum.requests import MemberRequest
from moderation import access, ladder_rules, ups, wording
from moderation.actions.acknowledging import acknowledge_by_link
from moderation.actions.escalation import take_case
from moderation.models import Case, LadderCall, State
from moderation.refusals import CaseMoved
from moderation.views.acts.act import number_of
from moderation.views.gates import case_or_404, for_board


@require_http_methods(["GET", "POST"])
def im_up(request: HttpRequest, token: str) -> HttpResponse:
    """Without signing in, for one person, one case and one climb of its ladder. It names neither, whoever reads this page.

    Looking does nothing: machines that read mail press its links. A link that is over and one that never was look alike.
    """
    call = ups.call_of(token)
    if call is None:
        return _private(render(request, "moderation/up_over.html", status=404))
    if request.method == "POST":
        try:
            acknowledge_by_link(call)
        except Refusal:
            pass  # the page says how things are: somebody was quicker, or nobody is needed any more
        else:
            return _private(HttpResponseRedirect(request.path, status=303))
    return _private(render(request, "moderation/up.html", {"token": token, **_how_it_is(call)}))


@for_board
@require_http_methods(["GET", "POST"])
def take_from_page(request: MemberRequest, token: str, viewer: ViewerFacts) -> HttpResponse:
    """Behind the sign-in: one button takes the case that the link belongs to. Whoever may take it may do so here."""
    call = ups.call_of(token)
    if call is None:
        raise Http404
    case = case_or_404(viewer, call.step.case_id)
    moved: Refusal | None = None
    if request.method == "POST":
        case.version = number_of(request.POST.get("seen", "")) or case.version
        try:
            take_case(case, request.user)
        except Refusal as refusal:
            moved = refusal
        else:
            return redirect("staff_case", case.pk)
        case = case_or_404(viewer, case.pk)
    if case.holder_id == viewer.id:
        return redirect("staff_case", case.pk)
    context = {
        "case": case,
        "headline": wording.headline(case),
        "clock": wording.clock_words(case),
        "may_take": access.may("take", viewer, case),
        "refused": moved.message if moved else "",
    }
    status = 200 if moved is None else 409 if isinstance(moved, CaseMoved) else 403
    return _private(render(request, "moderation/take.html", context, status=status))


def _how_it_is(call: LadderCall) -> dict[str, object]:
    """What the page says: waits, up, somebody else is up, waits again since this link was sent, or nobody is needed any more."""
    case, now = Case.objects.get(pk=call.step.case_id), timezone.now()
    if case.state != State.ESCALATED:
        return {"how": "over"}
    ladders = ladder_rules.in_force()
    up = ups.up_now(case, ladders, now)
    if up and up.member == call.member:
        minutes = max(1, round((up.until - now).total_seconds() / 60))
        return {"how": "up", "until": up.until, "minutes": minutes}
    if up:
        return {"how": "somebody"}
    if case.episode != call.step.episode:
        return {"how": "anew"}
    if call.used_at is not None:
        return {"how": "lapsed"}
    span = ladders.of(case).up_for
    return {"how": "waits", "minutes": int(span.total_seconds() // 60)}


def _private(response: HttpResponse) -> HttpResponse:
    """The address is the key: it goes into no cache. (`no-referrer` would make browsers send `Origin: null`, which is refused.)"""
    response.headers["Cache-Control"] = "no-store"
    return response

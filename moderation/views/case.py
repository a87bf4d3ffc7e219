"""Everything that can be done with a case, on its page. What may be done stands in workflow's table and is judged there."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from forum.access import ViewerFacts
from forum.actions.notices import read_notices
from forum.refusals import KeyUsed, Refusal
from forum.requests import MemberRequest
from moderation.actions import cases, moderator_care
from moderation.actions.looking import begin_looking
from moderation.actions.reads import note_read
from moderation.models import Case
from moderation.notices import HANDED
from moderation.notices_care import ASK_AGAIN, STAYING
from moderation.notices_handover import HAND_OFFER
from moderation.refusals import CaseMoved, Missing, WordsChanged, moved
from moderation.team_forms import versions_of
from moderation.views.acts import ACTS, FORM_OF
from moderation.views.acts.deciding import FOLLOWS
from moderation.views.doors import explain
from moderation.views.gates import case_or_404, for_board, for_desk
from moderation.views.screen import Screen, draw


@for_desk
@require_http_methods(["GET", "POST"])
def case(request: MemberRequest, case_id: int, viewer: ViewerFacts) -> HttpResponse:
    """A case on the moderators' side."""
    return _page(request, Screen(request, "case", viewer, case_or_404(viewer, case_id)))


@for_board
@require_http_methods(["GET", "POST"])
def staff_case(request: MemberRequest, case_id: int, viewer: ViewerFacts) -> HttpResponse:
    """The same case on the staff's side."""
    return _page(request, Screen(request, "staff_case", viewer, case_or_404(viewer, case_id)))


def _page(request: MemberRequest, screen: Screen) -> HttpResponse:
    note_read(screen.case, request.user)  # an answer to a press shows the case as well
    if request.method == "POST":
        return _act(request, screen)
    begin_looking(screen.case, request.user)
    if "HX-Request" not in request.headers:  # a page that is open says by its beat that it lies before somebody's eyes
        cases.read_words(screen.case, request.user)
    read_notices(request.user, kind__in=[HANDED, ASK_AGAIN, STAYING, HAND_OFFER], ref=screen.case.pk)
    return draw(screen)


def _act(request: MemberRequest, screen: Screen) -> HttpResponse:
    """Does what was pressed and goes back to the page; or shows the page as it is by now, with what was typed."""
    name = request.POST.get("do", "")
    if name not in ACTS:
        raise Http404
    form_name = FORM_OF.get(name, name)
    form = screen.form(form_name, request.POST)
    screen.forms[form_name] = form
    if not form.is_valid():
        if _came_second(screen, form_name, form):
            return draw(_refused(screen, form_name, form, moved(screen.case)))
        screen.status = 200 if name == FOLLOWS else 422
        return draw(screen)
    try:
        place = ACTS[name](screen, _as_seen(screen.case, form), form)
    except Refusal as refusal:
        return draw(_refused(screen, form_name, form, refusal))
    if name in moderator_care.PASSED_ON or screen.case.holder_id == request.user.pk:
        moderator_care.come_out_of(screen.case, request.user, tell=name in moderator_care.PASSED_ON)
    if place is None:
        return draw(screen)
    return HttpResponseRedirect(place if place.startswith("/") else screen.here + place, status=303)


def _came_second(screen: Screen, form_name: str, form: Any) -> bool:
    """Whether what was pressed has gone from the page since it was shown. The form has no choices left then and finds
    fault with every one, though nobody chose wrongly: they read who was quicker instead.
    """
    offered = form_name in screen.allowed or (form_name == "decide" and screen.kinds)
    return not offered and form.cleaned_data.get("seen") not in (None, screen.case.version)


def _as_seen(case: Case, form: Any) -> Case:
    """The case at the version the page showed: the action compares it with the present one."""
    shown = Case.objects.select_related("subject", "post").get(pk=case.pk)
    shown.version = form.cleaned_data.get("seen") or shown.version
    return shown


def _refused(screen: Screen, name: str, form: Any, refusal: Refusal) -> Screen:
    """The page as it is by now. A lost race and words that changed are 409: nobody was wrong.

    What was typed stays: in its form, so that the next press is on what stands on the page now, or to be copied where
    the form has gone.
    """
    fresh = Screen(screen.request, screen.name, screen.viewer, case_or_404(screen.viewer, screen.case.pk))
    fresh.status = 409 if isinstance(refusal, CaseMoved | WordsChanged) else 422
    fresh.moved = refusal if isinstance(refusal, CaseMoved) else None
    fresh.refused = refusal.message
    if isinstance(refusal, Missing | KeyUsed):
        explain(form, refusal)
    data = form.data.copy()
    data["seen"] = str(fresh.case.version)
    data["seen_posts"] = versions_of(fresh.posts)
    form.data = data
    if name in fresh.allowed or (name == "decide" and fresh.kinds):
        fresh.forms[name], fresh.typed = form, bool(form.written())
    else:
        fresh.kept = form.written()
    return fresh
